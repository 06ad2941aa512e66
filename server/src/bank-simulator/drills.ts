/** What goes wrong on order: only in a bank that was started with BANK_FAULTS=on. */
import { CURRENCIES, formatMoney, parseMoney } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { giveBack, returnDeposit, returnPayout } from './customers.ts';
import type { BankSimulatorDeps } from './deps.ts';
import { FAULTS } from './faults.ts';
import { Exact, Refusal, Text, accepted, parsed } from './http.ts';
import { rotateKey } from './keys.ts';
import { PLANTS, type Planted, plantedSoFar } from './plants-kept.ts';
import { mend, plant } from './plants.ts';

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
const Mending = Exact({ ids: Type.Optional(Type.Array(Type.Integer(), { maxItems: 1000 })) });
const Plant = Exact({
  kind: Type.Union(PLANTS.map((kind) => Type.Literal(kind))),
  currency: Type.Union(CURRENCIES.map((code) => Type.Literal(code))),
  amount: Text(20),
  reference: Type.Optional(Text(35)),
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
  app.post('/v1/drill/debit-returns', async (httpRequest) => {
    const { id, reason } = parsed(Return, httpRequest);
    return accepted(await giveBack(deps, { ref: id, reason }));
  });
  app.post('/v1/drill/key-rotations', async (httpRequest) => {
    await rotateKey(deps, parsed(Rotation, httpRequest).oldEnd);
    return { ok: true };
  });
  // A mistake that reconciliation must find; all of them with what was found; and the bank's word to the contrary.
  app.post('/v1/drill/plants', async (httpRequest) => {
    const { amount, ...wish } = parsed(Plant, httpRequest);
    const value = parseMoney(amount);
    if (value === undefined || value === 0n) throw new Refusal(400, 'amount_invalid');
    return shown(accepted<Planted>(await plant(deps, { ...wish, amount: value })));
  });
  app.get('/v1/drill/plants', async () => ({ items: (await plantedSoFar(deps)).map(shown) }));
  app.post('/v1/drill/mendings', async (httpRequest) => ({
    count: await mend(deps, parsed(Mending, httpRequest).ids),
  }));
  // Every event once more, under its old id, as after a restore; those that were lost are told at last.
  app.post('/v1/drill/redeliveries', async () => redeliver(deps, 'all'));
  // What is late or waits to be overtaken goes now.
  app.post('/v1/drill/releases', async () => redeliver(deps, 'waiting'));
}

const shown = (one: Planted): object => ({ ...one, amount: formatMoney(one.amount) });

async function redeliver(deps: BankSimulatorDeps, which: 'all' | 'waiting'): Promise<{ count: number }> {
  const now = deps.clock.now().toISOString();
  const { count } = await deps.sql`update event set delivered_at = null, held = false,
      next_attempt_at = ${now}::text::timestamptz
    where not forged and ${which === 'all' ? deps.sql`true` : deps.sql`delivered_at is null`}`;
  deps.wake();
  return { count };
}
