import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const FILES = new Set(['invoice.pdf', 'invoice.xml']);

/** The exchange's own file, under an address of the site. */
export const GET: RequestHandler = async ({ fetch, params }) => {
  if (!FILES.has(params.file)) error(404);
  const answer = await fetch(`/v1/invoices/${encodeURIComponent(params.id)}/${params.file}`);
  if (!answer.ok) error(answer.status === 401 || answer.status === 404 ? answer.status : 502);
  const headers = new Headers({ 'cache-control': 'private, no-store' });
  for (const name of ['content-type', 'content-disposition']) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(answer.body, { status: answer.status, headers });
};
