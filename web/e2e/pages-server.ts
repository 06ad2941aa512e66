/** The built pages on a port of their own, with no exchange behind them. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (req: http.IncomingMessage, res: http.ServerResponse, next: () => void) => void;

/**
 * @param files what an exchange would answer at these paths, to the browser and to the pages.
 * @throws when the pages have not been built.
 */
export async function servePages(
  files: Readonly<Record<string, () => Uint8Array>> = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  process.env['PROTOCOL_HEADER'] ??= 'x-forwarded-proto';
  const file = path.resolve(import.meta.dirname, '../build/handler.js');
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: Handler };
  const server = http.createServer((req, res) => {
    const answer = files[req.url ?? ''];
    if (answer) {
      res.end(answer());
      return;
    }
    req.headers['x-forwarded-proto'] = 'http';
    if (Object.keys(files).length > 0)
      (req as { seam?: object }).seam = { inject: async ({ url }: { url: string }) => injected(files[url]) };
    handler(req, res, () => res.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function injected(answer: (() => Uint8Array) | undefined): Promise<object> {
  return answer
    ? { statusCode: 200, headers: {}, payload: Buffer.from(answer()) }
    : { statusCode: 503, headers: {}, payload: '{}' };
}
