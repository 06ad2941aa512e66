import { describe, expect, it } from 'vitest';
import { ticks } from '@seam/units';
import { Venue, at, refusalOf, tradesOf, typesOf } from '../oracle/market-book/venue.ts';
import { sha256 } from '../sha256.ts';
import { drawMs } from './random-end.ts';
import type { ScheduledPhase } from './terms-types.ts';
import { indicative } from './uncross.ts';

const call = (startsAt: number, change: object = {}): ScheduledPhase => ({
  phase: 'call',
  startsAt: at(startsAt),
  noCancelMs: 0,
  randomEnd: null,
  ...change,
});
const phase = (
  name: 'pre_open' | 'continuous' | 'pre_close' | 'closed',
  startsAt: number,
): ScheduledPhase => ({
  phase: name,
  startsAt: at(startsAt),
});
const calling = (change: object = {}): Venue => {
  const session = [call(0, change), phase('continuous', 1_000), phase('closed', 100_000)];
  const venue = Venue.open({ session, referencePrice: ticks(604) }).admit('a', 'b', 'c');
  venue.to(0);
  return venue;
};

describe('a session', () => {
  it('collects, uncrosses, trades, collects again, uncrosses and closes', () => {
    const session = [
      phase('pre_open', 0),
      call(10),
      phase('continuous', 20),
      phase('pre_close', 30),
      call(40),
      phase('closed', 50),
    ];
    const venue = Venue.open({ session }).admit('a', 'b');
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({ code: 'market_closed', opensAt: at(0) });
    expect(typesOf(venue.to(0))).toEqual(['phase_changed']);
    venue.place('a', 'buy 5@1010', { timeInForce: 'good_till_cancel' });
    expect(typesOf(venue.place('b', 'sell 3@990'))).toEqual(['order_accepted']);
    expect(venue.to(10)).toEqual([
      { type: 'phase_changed', phase: 'call', until: at(20), cause: 'schedule' },
    ]);
    venue.place('b', 'sell 1@1000');
    expect(indicative(venue.market)).toMatchObject({ price: 1010, volume: 4, surplus: 1 });
    expect(venue.to(20)).toEqual([
      {
        type: 'uncrossed',
        price: 1010,
        volume: 4,
        surplus: 1,
        rule: 'buy_pressure',
        firstTradeNumber: 1,
        trades: [
          { buyOrderId: 1, sellOrderId: 2, quantity: 3 },
          { buyOrderId: 1, sellOrderId: 3, quantity: 1 },
        ],
      },
      { type: 'collar_changed', referencePrice: 1010, priceMinimum: 505, priceMaximum: 1515 },
      { type: 'phase_changed', phase: 'continuous', until: at(30), cause: 'schedule' },
    ]);
    expect(tradesOf(venue.place('b', 'sell 1@1010'))).toEqual(['4 1 1@1010']);
    venue.place('a', 'buy 2@1000', { timeInForce: 'good_till_cancel' });
    venue.place('b', 'sell 2@1020');
    venue.to(35);
    venue.place('b', 'sell 1@1000');
    expect(tradesOf(venue.to(50))).toEqual(['5 7 1']);
    expect(venue.phase).toBe('closed');
    expect(venue.book()).toEqual(['a 1@1000']);
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({ code: 'market_closed', opensAt: null });
    expect(typesOf(venue.cancel('a', 5))).toEqual(['order_cancelled']);
  });

  it('goes on with the next one, which may not begin before the last has ended', () => {
    const venue = Venue.open().admit('a');
    const next = (startsAt: number): unknown =>
      refusalOf(
        venue.send({
          type: 'schedule_session',
          instrumentId: 'm',
          session: [phase('continuous', startsAt), phase('closed', startsAt + 5)],
        }),
      );
    expect(next(100_000)).toEqual({ code: 'market_terms_invalid', field: 'session.0.startsAt' });
    expect(next(100_001)).toBeUndefined();
    venue.to(100_001);
    expect(venue.phase).toBe('continuous');
    venue.to(100_006);
    expect(venue.phase).toBe('closed');
    expect(next(100_006)).toMatchObject({ field: 'session.0.startsAt' });
    expect(next(100_007)).toBeUndefined();
  });

  it('takes nothing in a phase that is over by the clock, before its end is journaled', () => {
    const venue = Venue.open().admit('a');
    venue.to(0);
    venue.place('a', 'buy 5@1000');
    venue.now = 100_000;
    for (const told of [
      venue.place('a', 'buy 1@1000'),
      venue.cancel('a', 1),
      venue.amend('a', 1, 'buy 1@1000'),
    ]) {
      expect(refusalOf(told)).toEqual({ code: 'market_turn_due' });
    }
  });

  it('opens continuous trading with an uncross, also without a call', () => {
    const session = [phase('pre_open', 0), phase('continuous', 10), phase('closed', 20)];
    const venue = Venue.open({ session }).admit('a', 'b');
    venue.to(0);
    venue.place('a', 'buy 5@1010');
    venue.place('b', 'sell 5@1010');
    expect(tradesOf(venue.to(10))).toEqual(['1 2 5']);
  });
});

describe('a call', () => {
  it.each([
    [
      'the reference, moved into the interval',
      604,
      ['buy 5@610', 'buy 5@600', 'sell 10@590'],
      600,
      'reference',
      0,
    ],
    ['the reference', 604, ['buy 10@610', 'sell 10@590'], 604, 'reference', 0],
    ['the reference from above', 650, ['buy 10@610', 'sell 10@590'], 610, 'reference', 0],
    ['buy pressure', 604, ['buy 12@610', 'sell 10@590'], 610, 'buy_pressure', 2],
    ['sell pressure', 604, ['buy 8@610', 'sell 10@590'], 590, 'sell_pressure', -2],
    ['nothing', 604, ['buy 8@580', 'sell 10@590'], null, null, 0],
  ] as const)('gives the price of the rules (A11): %s', (_, reference, orders, price, rule, surplus) => {
    const session = [call(0), phase('continuous', 10), phase('closed', 20)];
    const venue = Venue.open({ session, referencePrice: ticks(reference) }).admit('buyer', 'seller');
    venue.to(0);
    for (const text of orders) venue.place(text.startsWith('buy') ? 'buyer' : 'seller', text);
    expect(venue.to(10)[0]).toMatchObject({ type: 'uncrossed', price, rule, surplus });
  });

  it('takes no order that must execute at once, nor one that must not', () => {
    const venue = calling();
    for (const timeInForce of ['immediate_or_cancel', 'fill_or_kill'] as const) {
      expect(refusalOf(venue.place('a', 'buy 1@600', { timeInForce }))).toEqual({
        code: 'order_not_in_call',
        field: 'timeInForce',
      });
    }
    expect(refusalOf(venue.place('a', 'buy 1@600', { postOnly: true }))).toMatchObject({ field: 'postOnly' });
    expect(refusalOf(venue.place('a', 'buy 2@600', { minimumQuantity: 1 as never }))).toMatchObject({
      field: 'minimumQuantity',
    });
  });

  it('binds at its end: no cancel and no amend in the last moments, but new orders', () => {
    const venue = calling({ noCancelMs: 100 });
    venue.place('a', 'buy 5@600');
    venue.to(899);
    expect(typesOf(venue.amend('a', 1, 'buy 4@600'))).toEqual(['order_amended']);
    venue.to(900);
    const barred = { code: 'order_cancel_barred', until: at(1_000) };
    expect(refusalOf(venue.amend('a', 1, 'buy 3@600'))).toEqual(barred);
    expect(refusalOf(venue.cancel('a', 1))).toEqual(barred);
    expect(refusalOf(venue.send({ type: 'cancel_orders', instrumentId: 'm', accountId: 'a' }))).toEqual(
      barred,
    );
    expect(typesOf(venue.place('b', 'sell 1@600'))).toEqual(['order_accepted']);
    venue.to(1_000);
    expect(typesOf(venue.cancel('a', 1))).toEqual(['order_cancelled']);
  });

  it('never lets an owner group trade with itself, and goes round it where it can', () => {
    const session = [call(0), phase('continuous', 10), phase('closed', 20)];
    const venue = Venue.open({ session })
      .admitAs('a', { ownerGroup: 'g' })
      .admitAs('b', { ownerGroup: 'g' })
      .admit('c');
    venue.to(0);
    venue.place('a', 'buy 5@1000');
    venue.place('b', 'sell 5@1000');
    venue.place('c', 'sell 3@1000');
    const told = venue.to(10);
    expect(tradesOf(told)).toEqual(['1 3 3']);
    expect(told[1]).toEqual({ type: 'order_cancelled', orderId: 2, quantity: 5, reason: 'self_trade' });
    expect(venue.book()).toEqual(['a 2@1000']);
  });
});

describe('a random end', () => {
  const seed = 'chosen before the first order';
  const randomEnd = { windowMs: 300, commitment: sha256(seed) };
  const draw = (venue: Venue, text = seed) =>
    venue.send({ type: 'draw_random_end', instrumentId: 'm', seed: text });
  const drawn = 700 + drawMs(seed, 'm', at(1_000), 300);

  it('ends the call at the moment the committed seed gives, whatever was ordered', () => {
    const quiet = calling({ randomEnd });
    const busy = calling({ randomEnd });
    busy.place('a', 'buy 5@600');
    for (const venue of [quiet, busy]) {
      venue.to(699);
      expect(refusalOf(draw(venue))).toEqual({ code: 'seed_too_early', opensAt: at(700) });
      venue.to(700);
      expect(refusalOf(draw(venue, 'another'))).toEqual({ code: 'seed_invalid' });
      expect(draw(venue)).toEqual([{ type: 'random_end_drawn', seed, endsAt: at(drawn) }]);
      expect(refusalOf(draw(venue))).toMatchObject({ code: 'market_state_conflict' });
      venue.to(drawn - 1);
      expect(venue.phase).toBe('call');
      venue.to(drawn);
      expect(venue.phase).toBe('continuous');
    }
  });

  it('ends at once when the seed comes late, and at the scheduled time when it never comes', () => {
    const late = calling({ randomEnd });
    late.to(999);
    expect(draw(late)).toMatchObject([{ endsAt: at(999) }]);
    late.to(999);
    expect(late.phase).toBe('continuous');
    const never = calling({ randomEnd });
    never.to(999);
    expect(never.phase).toBe('call');
    never.to(1_000);
    expect(never.phase).toBe('continuous');
  });

  it('can fall on every moment of its window, its first and last included', () => {
    const ends = new Set(Array.from({ length: 400 }, (_, n) => drawMs(`seed ${n}`, 'm', at(0), 5)));
    expect([...ends].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const [one, other] = [drawMs(seed, 'm', at(0), 600_000), drawMs(seed, 'n', at(0), 600_000)];
    expect(one).not.toBe(other);
  });
});

describe('a volatile price', () => {
  const rule = { basisPoints: 1_000, windowMs: 300_000, callMs: 5_000 };
  const volatile = (): Venue => {
    const session = [phase('continuous', 0), phase('closed', 900_000)];
    const venue = Venue.open({ volatility: rule, session }).admit('a', 'b');
    venue.to(0);
    return venue;
  };
  const cross = (venue: Venue, price: number) => {
    venue.place('a', `sell 1@${price}`);
    return venue.place('b', `buy 1@${price}`);
  };

  it('pauses trading at ten per cent within five minutes, not a tick below, and re-opens by a call', () => {
    const venue = volatile();
    cross(venue, 1000);
    venue.to(300_000);
    expect(typesOf(cross(venue, 1099))).toEqual(['order_accepted', 'trade_executed']);
    const told = cross(venue, 1100);
    expect(told.slice(2)).toEqual([
      { type: 'volatility_paused', price: 1100, comparedWith: 1000 },
      { type: 'phase_changed', phase: 'call', until: at(305_000), cause: 'volatility' },
    ]);
    venue.place('a', 'sell 2@1080');
    expect(typesOf(venue.place('b', 'buy 2@1090'))).toEqual(['order_accepted']);
    const reopened = venue.to(305_000);
    expect(typesOf(reopened)).toEqual(['uncrossed', 'collar_changed', 'phase_changed']);
    expect(reopened[2]).toEqual({
      type: 'phase_changed',
      phase: 'continuous',
      until: at(900_000),
      cause: 'call_over',
    });
    // What was before the call no longer counts.
    expect(typesOf(cross(venue, 1010))).toEqual(['order_accepted', 'trade_executed']);
  });

  it('compares downwards with the highest price, and forgets what is older than the window', () => {
    const venue = volatile();
    cross(venue, 1000);
    expect(cross(venue, 900)[2]).toEqual({ type: 'volatility_paused', price: 900, comparedWith: 1000 });
    const slow = volatile();
    cross(slow, 1000);
    slow.to(300_001);
    expect(typesOf(cross(slow, 900))).toEqual(['order_accepted', 'trade_executed']);
  });

  it('ends its call with the scheduled phase at the latest', () => {
    const session = [phase('continuous', 0), phase('pre_close', 1_000), call(2_000), phase('closed', 3_000)];
    const venue = Venue.open({ volatility: rule, session }).admit('a', 'b');
    venue.to(500);
    cross(venue, 1000);
    expect(cross(venue, 1100).at(-1)).toMatchObject({ phase: 'call', until: at(1_000) });
    expect(typesOf(venue.to(1_000))).toEqual(['uncrossed', 'phase_changed', 'phase_changed']);
    expect(venue.phase).toBe('pre_close');
  });
});

describe('deadlines', () => {
  it('let orders expire at their instant, before anything else of it', () => {
    const venue = calling();
    venue.place('a', 'buy 5@600', { timeInForce: 'good_till_date', expiresAt: at(1_000) });
    venue.place('b', 'buy 5@600', { timeInForce: 'good_till_date', expiresAt: at(1_001) });
    venue.place('c', 'sell 5@600');
    const told = venue.to(1_000);
    expect(told[0]).toEqual({ type: 'orders_cancelled', orderIds: [1], reason: 'expired' });
    expect(tradesOf(told)).toEqual(['2 3 5']);
  });

  it('end the day of day orders with the close, and of no others', () => {
    const venue = Venue.open().admit('a');
    venue.to(0);
    venue.place('a', 'buy 1@999');
    venue.place('a', 'buy 1@998', { timeInForce: 'good_till_cancel' });
    venue.place('a', 'buy 1@997');
    expect(venue.to(100_000)[2]).toBeUndefined();
    expect(venue.book()).toEqual(['a 1@998']);
  });
});
