/** The least that sends a page: Fastify, and bytes that are there already. A process of its own, as the product. */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { answer } from '../support/child.ts';

const pages: string[] = [];
const app = Fastify();
app.get<{ Params: { n: string } }>('/:n', async (request, reply) =>
  reply.type('text/html; charset=utf-8').send(pages[Number(request.params.n)] ?? ''),
);
await app.listen({ port: 0, host: '127.0.0.1' });

answer({
  port: () => (app.server.address() as AddressInfo).port,
  /** @returns where the bytes are found. */
  keep: ({ body }: { body: string }) => `/${pages.push(body) - 1}`,
});
