/** What of secret bids reaches the views that people read, and when: real engine, real SQL. */
import {
  type AuctionTerms,
  type CommandBody,
  commitmentText,
  createState,
  dueTimers,
  sha256,
  step,
} from '@seam/engine';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { type Instant, instant, lots, ticks } from '@seam/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auctionProjection } from './projection.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => db.close());

const START = 1_700_000_000_000;
const MINUTE = 60_000;

const COMMON = {
  auctionId: 'a',
  ownerId: 'owner',
  currency: 'CNY',
  tickSize: '100',
  lotSize: '50000',
  quantity: lots(10),
  minimumBidQuantity: lots(10),
  startingPrice: ticks(800),
  opensAt: instant(START),
  softClose: { mode: 'none' },
  bidSecurity: { mode: 'fixed', amount: '0' },
  rulesVersion: 1,
  scoring: { mode: 'price' },
  award: { mode: 'quantity' },
  floor: null,
  reservePrice: null,
} as const;

class Projected {
  readonly #state = createState();

  static async of(terms: AuctionTerms): Promise<Projected> {
    await db.sql`insert into auction (id, listing_id, owner_id, title, state, terms, currency, opens_at, closes_at, requested_by)
      values ('a', 'l', 'owner', 'Lot', 'requested', ${db.sql.json(terms)}, 'CNY', now(), now(), 'p')`;
    const projected = new Projected();
    await projected.send({ type: 'schedule_auction', terms }, START - 1);
    return projected;
  }

  async send(body: CommandBody, ms: number): Promise<void> {
    for (let [due] = dueTimers(this.#state, instant(ms)); due; [due] = dueTimers(this.#state, instant(ms))) {
      await this.#project(due, due.deadline);
    }
    await this.#project(body, instant(ms));
  }

  async #project(body: CommandBody, at: Instant): Promise<void> {
    const command = { ...body, seq: this.#state.seq + 1, at };
    const events = step(this.#state, command);
    expect(events[0]?.type).not.toBe('command_rejected');
    const entry = { shard: 0, seq: command.seq, epoch: 1, at, actor: null, cmdId: null, command, events };
    await db.sql.begin(async (tx) => auctionProjection.apply(tx, entry));
  }
}

const shown = async () => db.sql`select account_id, price_ticks from auction_bid order by seq`;
const counted = async () => {
  const [row] = await db.sql`select bid_count, bidder_count, best_ticks from auction`;
  return row;
};
const NOTHING = { bid_count: 0, bidder_count: 0, best_ticks: null };
const counts = { quantity: lots(10), minimumAcceptable: lots(0), merit: null };

describe('the views', () => {
  it('have a sealed bid from its opening on, the best by the side it is for', async () => {
    const market = await Projected.of({
      ...COMMON,
      format: 'sealed_bid',
      direction: 'buy',
      pricing: 'pay_as_bid',
      closesAt: instant(START + 2 * MINUTE),
      openingMs: MINUTE,
      secrecy: { mode: 'commit_reveal' },
      quantityBands: [lots(10)],
      unopenedPenalty: 0,
    });
    const [bidder, nonce] = ['b'.repeat(32), 'a'.repeat(32)];
    const content = (price: number) => ({ ...counts, price: ticks(price), bidder, nonce });
    const prices = { s1: 700, s2: 690, s3: 900 };
    for (const [accountId, price] of Object.entries(prices)) {
      const text = commitmentText({ auctionId: 'a', content: content(price) });
      const commitment = sha256(text);
      const of = { auctionId: 'a', accountId, commitment, quantityMaximum: lots(10) };
      await market.send({ type: 'commit_bid', ...of }, START);
    }
    expect([await shown(), await counted()]).toEqual([[], NOTHING]);
    for (const [accountId, price] of Object.entries(prices)) {
      const of = { auctionId: 'a', accountId, ...content(price) };
      await market.send({ type: 'reveal_bid', ...of }, START + MINUTE);
    }
    // The third is above the ceiling: it counts for nothing, and its price may be any number.
    expect(await shown()).toEqual([
      { account_id: 's1', price_ticks: 700 },
      { account_id: 's2', price_ticks: 690 },
    ]);
    expect(await counted()).toEqual({ bid_count: 2, bidder_count: 2, best_ticks: 690 });
  });

  it('have entry offers from the start of the rounds on, and those of a turn from its end', async () => {
    const market = await Projected.of({
      ...COMMON,
      format: 'reverse_rounds',
      startsAt: instant(START + MINUTE),
      closesAt: instant(START + 9 * MINUTE),
      biddersMax: 2,
      rounds: 1,
      firstPauseMs: MINUTE,
      pauseMs: MINUTE,
      turnMs: 2 * MINUTE,
      announcementMs: MINUTE,
      minimalStep: { mode: 'absolute', amount: ticks(1) },
    });
    const offer = async (accountId: string, price: number, ms: number) =>
      market.send({ type: 'place_offer', auctionId: 'a', accountId, ...counts, price: ticks(price) }, ms);
    await offer('s1', 700, START);
    await offer('s2', 710, START);
    expect([await shown(), await counted()]).toEqual([[], NOTHING]);
    await offer('s2', 600, START + 2 * MINUTE);
    expect(await shown()).toEqual([
      { account_id: 's1', price_ticks: 700 },
      { account_id: 's2', price_ticks: 710 },
    ]);
    await offer('s1', 690, START + 4 * MINUTE);
    expect((await shown()).at(-1)).toEqual({ account_id: 's2', price_ticks: 600 });
    expect(await counted()).toEqual({ bid_count: 3, bidder_count: 2, best_ticks: 600 });
  });
});
