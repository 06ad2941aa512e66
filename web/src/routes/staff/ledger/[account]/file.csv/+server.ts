import type { RequestHandler } from './$types';

/** The exchange's own file, under an address of the site. */
export const GET: RequestHandler = async ({ fetch, url }) => {
  const answer = await fetch(`/v1/staff/ledger/statement/export${url.search}`);
  const headers = new Headers({ 'cache-control': 'private, no-store' });
  for (const name of ['content-type', 'content-disposition']) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(answer.body, { status: answer.status, headers });
};
