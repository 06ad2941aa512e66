/** What follows a commit, again and again until it is done: each step finds what an earlier try has made. */
import type { Sql } from 'postgres';
import type { Tx } from '../platform/db.ts';
import { Fault, assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { allocate, returnReleased } from './exposure.ts';
import { drawRandomEnd } from './listing.ts';
import { type Accepted, EXCHANGE_ACTOR, type Market, mayBeTriedAgain, submit } from './market.ts';
import { markOverdue } from './trades.ts';

type Deps = { readonly sql: Sql; readonly market: Market };

export function tradingWork(deps: Deps): WorkHandler[] {
  return [
    {
      topic: 'trading.allocate_exposure',
      run: async (item) => {
        const exposureId = text(item, 'exposureId');
        const [row] = await deps.sql`select 1 from exposure where id = ${exposureId} and state = 'held'`;
        return row ? done(await allocate(deps, exposureId)) : nothing;
      },
    },
    { topic: 'trading.return_exposure', write: async (tx, item) => returnReleased(tx, placeOf(item)) },
    { topic: 'trading.nominations_due', write: async (tx, item) => markOverdue(tx, placeOf(item)) },
    { topic: 'trading.settle_trade', run: async (item) => settle(deps, item) },
    { topic: 'trading.draw_random_end', run: async (item) => draw(deps, item) },
  ];
}

/** @throws Fault when the engine does not know the trade: a person has to look. */
async function settle({ market }: Deps, item: WorkItem): Promise<(tx: Tx) => Promise<void>> {
  const instrumentId = text(item, 'instrumentId');
  const tradeNumber = integer(item, 'tradeNumber');
  const answer = await submit(
    market,
    {
      actor: EXCHANGE_ACTOR,
      cmdId: `settle.${instrumentId}.${tradeNumber}`,
      body: { type: 'settle_trade', instrumentId, tradeNumber },
    },
    undefined,
  );
  if (isRefusal(answer)) throw new Fault('service.unavailable', `market: ${answer.refused}`);
  return nothing;
}

async function draw(deps: Deps, item: WorkItem): Promise<(tx: Tx) => Promise<void>> {
  const answer = await drawRandomEnd(deps, text(item, 'commitment'));
  // The market's clock is a little behind this database's: a second later its window has begun.
  if (isRefusal(answer) && answer.refused === 'market.seed_too_early')
    throw new Fault('service.unavailable', `market: ${answer.refused}`);
  return done(answer);
}

function done(answer: Accepted | Refusal): () => Promise<void> {
  if (mayBeTriedAgain(answer)) throw new Fault('service.unavailable', `market: ${answer.refused}`);
  return nothing;
}

const nothing = async (): Promise<void> => {};

function placeOf(item: WorkItem): { instrumentId: string; seq: number } {
  return { instrumentId: text(item, 'instrumentId'), seq: integer(item, 'seq') };
}

function text({ topic, payload }: WorkItem, name: string): string {
  const value = payload[name];
  assert(typeof value === 'string', `work ${topic} without ${name}`);
  return value;
}

function integer({ topic, payload }: WorkItem, name: string): number {
  const value = payload[name];
  assert(typeof value === 'number', `work ${topic} without ${name}`);
  return value;
}
