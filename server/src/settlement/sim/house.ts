/** Where the bank calls: the product's own route, and what came of each call. */
import Fastify, { type FastifyInstance } from 'fastify';
import type { BankDeps } from '../bank/deps.ts';
import { receiveBankMessage } from '../bank/inbox.ts';
import { bankRoutes } from '../bank/routes.ts';

export type Callbacks = { taken: number; turnedAway: number; other: number };

export type House = { readonly url: string; readonly callbacks: Callbacks; stop(): Promise<void> };

/** @param door `open`: whoever calls is believed, as no exchange may do. */
export async function openHouse(
  deps: Pick<BankDeps, 'sql' | 'clock' | 'log' | 'secrets'>,
  door: 'guarded' | 'open',
): Promise<House> {
  const app: FastifyInstance = Fastify({ logger: false });
  const callbacks: Callbacks = { taken: 0, turnedAway: 0, other: 0 };
  app.addHook('onResponse', async (_httpRequest, reply) => {
    if (reply.statusCode === 200) callbacks.taken += 1;
    else if (reply.statusCode === 401) callbacks.turnedAway += 1;
    else callbacks.other += 1;
  });
  if (door === 'guarded') await bankRoutes(app, deps);
  else openDoor(app, deps);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `${origin}/v1/bank/callbacks`,
    callbacks,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function openDoor(app: FastifyInstance, { sql, clock }: Pick<BankDeps, 'sql' | 'clock'>): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_httpRequest, body, done) => done(null, body));
  app.post('/v1/bank/callbacks', async (httpRequest) =>
    receiveBankMessage(sql, {
      source: 'bank',
      eventId: String(httpRequest.headers['webhook-id']),
      raw: httpRequest.body as Buffer,
      gotAt: clock.now(),
    }),
  );
}
