/** The page that opens from disk, with this exchange's root certificate inside. */
import { error, type RequestHandler } from '@sveltejs/kit';
import page from 'virtual:one-file-page';
import { ONE_FILE_NAME, embedRoots } from './embed.ts';

export const GET: RequestHandler = async ({ fetch }) => {
  const root = await fetch('/v1/pki/root.cer');
  if (!root.ok) error(503);
  return new Response(embedRoots(page, [new Uint8Array(await root.arrayBuffer())]), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${ONE_FILE_NAME}"`,
      'cache-control': 'no-cache',
    },
  });
};
