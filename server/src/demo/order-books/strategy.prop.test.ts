import type { MyOrder } from '@seam/protocol';
import { parseMoney, parseTonnes } from '@seam/units';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { seeded } from '../robots/random.ts';
import { nextDay, tradingDay } from './instruments.ts';
import { QUIET_MS, type Seen, nextMove, nextOpinion } from './strategy.ts';

const phase = fc.constantFrom('closed', 'pre_open', 'call', 'continuous', 'pre_close');
const ticks = fc.integer({ min: 540, max: 660 }).map((price) => `${price}.00`);
const order = fc.record({
  orderId: fc.integer({ min: 1, max: 99 }),
  side: fc.constantFrom('buy', 'sell'),
  price: ticks,
});
const seen = fc
  .record({
    phase,
    mode: fc.constantFrom('online', 'cancel_only', 'halted'),
    bestBuy: fc.option(ticks),
    bestSell: fc.option(ticks),
    open: fc.array(order, { maxLength: 3 }),
    quietMs: fc.option(fc.integer({ min: 0, max: 2 * QUIET_MS })),
  })
  .map(({ open, quietMs, ...status }) => ({
    status: {
      ...status,
      referencePrice: '600.00',
      priceMinimum: '540.00',
      priceMaximum: '660.00',
    } as Seen['status'],
    tickSize: '1.00',
    lotSize: '100.000',
    open: open as MyOrder[],
    fills: [],
    nowMs: 10 * QUIET_MS,
    lastTradeMs: quietMs === null ? null : 10 * QUIET_MS - quietMs,
  }));

it('a robot moves only in an open market, on the grid, inside the collars, and at most one order a side', () => {
  fc.assert(
    fc.property(seen, fc.integer(), (of, seed) => {
      const random = seeded(seed);
      let opinion = { perMille: 0 };
      for (let n = 0; n < 50; n += 1) opinion = nextOpinion(opinion, random);
      const move = nextMove(of, opinion, random);
      const { status } = of;
      if (status.mode !== 'online' || status.phase === 'closed' || status.phase === 'pre_close')
        expect(move).toBeNull();
      if (move?.do === 'cancel') {
        expect(of.open.map(({ orderId }) => orderId)).toContain(move.orderId);
        expect(status.phase).toBe('continuous');
      }
      if (move?.do !== 'place') return;
      const { price, quantity, side, timeInForce, postOnly } = move.order;
      expect((parseMoney(price) ?? 1n) % 100n).toBe(0n);
      expect((parseTonnes(quantity) ?? 1n) % 100_000n).toBe(0n);
      if (timeInForce === 'immediate_or_cancel') {
        expect(status.phase).toBe('continuous');
        expect([status.bestBuy, status.bestSell]).toContain(price);
        expect(of.nowMs - (of.lastTradeMs ?? 0)).toBeGreaterThan(QUIET_MS);
        return;
      }
      expect(of.open.some((own) => own.side === side)).toBe(false);
      expect(postOnly ?? false).toBe(status.phase === 'continuous');
      // Within the soft collar: never asked whether it is meant.
      expect(Number(price)).toBeGreaterThanOrEqual(570);
      expect(Number(price)).toBeLessThanOrEqual(630);
    }),
  );
});

it('a trading day is a day long, and the next begins when the rest is over or, after a long stop, at once', () => {
  const from = new Date('2026-11-23T12:00:00Z');
  const starts = tradingDay(from).map(({ startsAt }) => Date.parse(startsAt));
  expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
  const closesAt = new Date(starts.at(-1)!);
  expect(nextDay(closesAt, from)).toEqual(new Date('2026-11-24T12:00:00Z'));
  const late = new Date('2026-12-24T12:00:00Z');
  expect(nextDay(closesAt, late)).toEqual(new Date('2026-12-24T12:00:05Z'));
});
