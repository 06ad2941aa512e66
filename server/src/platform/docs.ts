/** The API for people: OpenAPI at /openapi.json, a readable page at /docs, one page per problem code. */
import fastifyScalar from '@scalar/fastify-api-reference';
import { PROBLEMS, isProblemCode } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';

export async function installDocs(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/docs/errors/:code', { schema: { hide: true } }, async (httpRequest, reply) => {
    const { code } = httpRequest.params as { code: string };
    if (!isProblemCode(code)) return reply.callNotFound();
    const { status, title } = PROBLEMS[code];
    return reply
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${code}</title>` +
          `<body style="font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem"><h1 style="font-size:1.3rem"><code>${code}</code></h1>` +
          `<p>HTTP ${status}. ${title}.</p><p><a href="/docs">API reference</a></p></body></html>`,
      );
  });
  await app.register(fastifyScalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      title: 'Seam API',
      withDefaultFonts: false,
      telemetry: false,
    },
  });
}
