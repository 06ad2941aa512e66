import type { RequestHandler } from './$types';

/** The exchange's own file, under an address of the site. */
export const GET: RequestHandler = async ({ fetch }) => {
  const answer = await fetch('/v1/staff/freight/lanes/export');
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'content-type': answer.headers.get('content-type') ?? 'text/csv',
      'content-disposition': 'attachment; filename="lanes.csv"',
      'cache-control': 'private, no-store',
    },
  });
};
