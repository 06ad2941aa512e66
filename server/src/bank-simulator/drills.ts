/** What goes wrong on order: only in a bank that was started with BANK_FAULTS=on. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { returnDeposit, returnPayout } from './customers.ts';
import type { BankSimulatorDeps } from './deps.ts';
import { FAULTS } from './faults.ts';
import { Exact, Text, accepted, parsed } from './http.ts';
import { rotateKey } from './keys.ts';

const Return = Exact({ id: Text(35), reason: Type.String({ pattern: '^[A-Z]{2}\\d{2}$' }) });
const Kind = Type.Union(FAULTS.map((kind) => Type.Literal(kind)));
const Fault = Exact({ kind: Kind, count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) });
const Rates = Exact({
  seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  /** Of 10,000 occasions each. */
  rates: Type.Partial(
    Exact(Object.fromEntries(FAULTS.map((kind) => [kind, Type.Integer({ minimum: 0, maximum: 10_000 })]))),
  ),
});
const Rotation = Exact({ oldEnd: Type.Union([Type.Literal('after_overlap'), Type.Literal('at_once')]) });

export function drillRoutes(app: FastifyInstance, deps: BankSimulatorDeps): void {
  const { misfortunes } = deps;
  app.post('/v1/drill/faults', async (httpRequest) => {
    const { kind, count } = parsed(Fault, httpRequest);
    misfortunes.arm(kind, count);
    return { ok: true };
  });
  app.post('/v1/drill/fault-rates', async (httpRequest) => {
    const { seed, rates } = parsed(Rates, httpRequest);
    misfortunes.draw(seed, rates);
    return { ok: true };
  });
  app.post('/v1/drill/payout-returns', async (httpRequest) => {
    const { id, reason } = parsed(Return, httpRequest);
    return accepted(await returnPayout(deps, { endToEndId: id, reason }));
  });
  app.post('/v1/drill/deposit-returns', async (httpRequest) => {
    const { id, reason } = parsed(Return, httpRequest);
    return accepted(await returnDeposit(deps, { ref: id, reason }));
  });
  app.post('/v1/drill/key-rotations', async (httpRequest) => {
    await rotateKey(deps, parsed(Rotation, httpRequest).oldEnd);
    return { ok: true };
  });
  // Every event once more, under its old id, as after a restore; those that were lost are told at last.
  app.post('/v1/drill/redeliveries', async () => redeliver(deps, 'all'));
  // What is late or waits to be overtaken goes now.
  app.post('/v1/drill/releases', async () => redeliver(deps, 'waiting'));
}

async function redeliver(deps: BankSimulatorDeps, which: 'all' | 'waiting'): Promise<{ count: number }> {
  const now = deps.clock.now().toISOString();
  const { count } = await deps.sql`update event set delivered_at = null, held = false,
      next_attempt_at = ${now}::text::timestamptz
    where not forged and ${which === 'all' ? deps.sql`true` : deps.sql`delivered_at is null`}`;
  deps.wake();
  return { count };
}
