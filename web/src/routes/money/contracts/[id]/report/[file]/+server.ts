import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The exchange's own file, under an address of the site. */
export const GET: RequestHandler = async ({ fetch, params }) => {
  if (params.file !== 'result-report.pdf') error(404);
  const answer = await fetch(`/v1/settlements/${encodeURIComponent(params.id)}/result-report.pdf`);
  if (!answer.ok) error([401, 404, 409].includes(answer.status) ? answer.status : 502);
  const headers = new Headers({ 'cache-control': 'private, no-store' });
  for (const name of ['content-type', 'content-disposition']) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(answer.body, { status: answer.status, headers });
};
