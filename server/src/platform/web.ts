/**
 * Serves the SvelteKit app on the same port, as the last handler for whatever the API does not know.
 * Pages reach the API through `inject`, without a socket in between.
 */
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { StartError } from './start-error.ts';

type Handler = (req: IncomingMessage, res: unknown, next: (error?: unknown) => void) => void;

/** What pages find on the request they render for. */
export type SeamOnRequest = {
  inject(call: {
    method: string;
    url: string;
    headers: Record<string, string>;
    payload?: string | Buffer;
    /** Address of the visitor for whom the page calls. */
    remoteAddress?: string;
  }): Promise<{
    statusCode: number;
    headers: Record<string, unknown>;
    payload: Buffer;
  }>;
};

const BUILD = path.resolve(import.meta.dirname, '../../../web/build/handler.js');

/** @throws StartError when the web app has not been built. */
export async function installWeb(app: FastifyInstance): Promise<void> {
  // adapter-node reads these once, when it is imported.
  process.env['PROTOCOL_HEADER'] ??= 'x-forwarded-proto';
  // A file of lots is the largest form: 16 MB and what is around it.
  process.env['BODY_SIZE_LIMIT'] ??= '17M';
  let handler: Handler;
  try {
    ({ handler } = (await import(pathToFileURL(BUILD).href)) as { handler: Handler });
  } catch (error) {
    throw new StartError('the web app is not built: run npm run build', { cause: error });
  }
  const seam: SeamOnRequest = {
    async inject(call) {
      const answer = await app.inject({
        method: call.method as 'GET',
        url: call.url,
        headers: call.headers,
        ...(call.payload === undefined ? {} : { payload: call.payload }),
        // The visitor's, not ours: limits per address must not count all pages as one caller.
        ...(call.remoteAddress === undefined ? {} : { remoteAddress: call.remoteAddress }),
      });
      return { statusCode: answer.statusCode, headers: answer.headers, payload: answer.rawPayload };
    },
  };

  await app.register(async (scope) => {
    // The page handler reads the body itself: nothing may consume it before.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_httpRequest, _payload, done) => done(null));
    scope.all('/*', { schema: { hide: true }, config: { rateLimit: false } }, (httpRequest, reply) => {
      // A page that calls an API route nobody has must not come round to the pages again.
      if (httpRequest.url.startsWith('/v1/')) return reply.callNotFound();
      const raw = httpRequest.raw as IncomingMessage & { seam: SeamOnRequest };
      raw.headers['x-forwarded-proto'] = httpRequest.protocol;
      raw.seam = seam;
      reply.hijack();
      handler(raw, reply.raw, () => {
        reply.raw.statusCode = 404;
        reply.raw.end();
      });
    });
  });
}
