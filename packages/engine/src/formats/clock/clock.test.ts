import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { validateTerms } from '../../auction/terms.ts';
import { PRICE_TICKS_MAX, STEPS_MAX, STEP_MS_MAX } from '../../limits.ts';
import { type Market, at, refusal } from '../../oracle/market.ts';
import { awardsIn, common, live, opened, runTo, sendAt } from '../../oracle/moving/market.ts';
import type { Auction } from '../../state.ts';
import { offerOfRound, priceOfRound, publicClock } from './price.ts';
import { share } from './share.ts';
import type { ClockTerms, Statement } from './types.ts';

const ROUND = 600_000;

/** 100 lots from 1,200 by 20, rounds of ten minutes, twenty at most. */
function terms(change: Partial<ClockTerms> = {}): ClockTerms {
  return {
    ...common(20 * ROUND),
    quantity: lots(100),
    startingPrice: ticks(1_200),
    format: 'clock',
    pricing: 'uniform',
    priceIncrements: [ticks(20)],
    roundMs: ROUND,
    roundsMax: 20,
    demandVisible: true,
    marginRule: 'time',
    ...change,
  };
}

function state(market: Market, round: number, accountId: string, quantity: number, ms?: number) {
  const inRound = { type: 'state_quantity', auctionId: 'a', accountId, round } as const;
  return sendAt(market, ms ?? (round - 1) * ROUND, { ...inRound, quantity: lots(quantity) });
}

/** Rounds of "who: how much"; what is awarded when the clock has run out. */
function played(change: Partial<ClockTerms>, ...rounds: Record<string, number>[]): string[] {
  const market = opened(terms(change));
  for (const [index, wants] of rounds.entries()) {
    for (const [accountId, quantity] of Object.entries(wants)) state(market, index + 1, accountId, quantity);
  }
  return awardsIn(runTo(market, 20 * ROUND));
}

const clockOf = (market: Market): Auction<'clock'> => live<'clock'>(market);

describe('the worked example', () => {
  it('falls back to 1,220 for all 100, which brings more than 90 at 1,240', () => {
    const rounds = [
      { X: 60, Y: 50, Z: 40 },
      { X: 60, Y: 50, Z: 10 },
      { X: 60, Y: 30, Z: 0 },
    ];
    expect(played({}, ...rounds)).toEqual(['X 60 1220', 'Y 40 1220']);
    expect([1_220 * 100, 1_240 * 90]).toEqual([122_000, 111_600]);
  });
});

describe('the clock', () => {
  it('sells everything wanted at the start when that is no more than is offered', () => {
    expect(played({}, { X: 60, Y: 40 })).toEqual(['X 60 1200', 'Y 40 1200']);
    expect(played({}, { X: 60, Y: 30 })).toEqual(['X 60 1200', 'Y 30 1200']);
  });

  it('sells nothing where nobody wants anything', () => {
    const market = opened(terms());
    expect(runTo(market, ROUND)).toEqual([
      { type: 'clock_round_ended', auctionId: 'a', round: 1, demand: 0, nextPrice: null },
      { type: 'auction_shortened', auctionId: 'a', closesAt: at(ROUND) },
      { type: 'auction_unsold', auctionId: 'a', reason: 'no_bid' },
    ]);
  });

  it('rises while more is wanted than is offered, and stops at the price that meets it', () => {
    const market = opened(terms());
    for (const accountId of ['X', 'Y']) state(market, 1, accountId, 60);
    expect(runTo(market, ROUND)).toEqual([
      { type: 'clock_round_ended', auctionId: 'a', round: 1, demand: 120, nextPrice: 1_220 },
    ]);
    state(market, 2, 'X', 60);
    state(market, 2, 'Y', 40);
    expect(awardsIn(runTo(market, 2 * ROUND))).toEqual(['X 60 1220', 'Y 40 1220']);
    expect(market.state.ended.get('a')).toMatchObject({ closedAt: at(2 * ROUND) });
  });

  it('keeps the higher price when less at it brings more', () => {
    const steep = { priceIncrements: [ticks(400)] };
    expect(played(steep, { X: 60, Y: 50 }, { X: 60, Y: 20 })).toEqual(['X 60 1600', 'Y 20 1600']);
  });

  it('sells more coal where both bring the same', () => {
    const even = { startingPrice: ticks(100), priceIncrements: [ticks(25)] };
    expect(played(even, { X: 60, Y: 60 }, { X: 60, Y: 20 })).toEqual(['X 60 100', 'Y 40 100']);
  });

  it('gives the rest to those who reduced, the earlier statement of the round before first', () => {
    const rounds = [
      { X: 50, Y: 40, Z: 40 },
      { Z: 40, Y: 40, X: 30 },
      { X: 20, Y: 20, Z: 10 },
    ];
    expect(played({}, ...rounds)).toEqual(['Z 40 1220', 'Y 40 1220', 'X 20 1220']);
  });

  it('or to all who reduced in proportion, where the terms say so', () => {
    const rounds = [
      { X: 60, Y: 60, Z: 30 },
      { X: 60, Y: 0, Z: 0 },
    ];
    expect(played({ marginRule: 'pro_rata' }, ...rounds)).toEqual(['X 60 1200', 'Y 27 1200', 'Z 13 1200']);
    expect(played({ marginRule: 'time' }, ...rounds)).toEqual(['X 60 1200', 'Y 40 1200']);
  });

  it('takes silence for having left: nobody buys at a price it did not confirm', () => {
    const market = opened(terms());
    for (const accountId of ['X', 'Y', 'Z']) state(market, 1, accountId, 60);
    state(market, 2, 'X', 60);
    state(market, 2, 'Y', 60);
    expect(refusal(state(market, 3, 'Z', 10))).toEqual({ code: 'bid_entry_closed', round: 3 });
    for (const accountId of ['X', 'Y']) state(market, 3, accountId, 50);
    expect(awardsIn(runTo(market, 3 * ROUND))).toEqual(['X 50 1240', 'Y 50 1240']);
  });

  it('falls back when all leave at once', () => {
    expect(played({}, { X: 60, Y: 60 }, {})).toEqual(['X 60 1200', 'Y 40 1200']);
  });

  it('stops at the last round even if more is wanted, and shares by the same rule', () => {
    const change = { roundsMax: 2, closesAt: at(2 * ROUND) };
    const rounds = [
      { X: 90, Y: 60 },
      { Y: 60, X: 90 },
    ];
    expect(played(change, ...rounds)).toEqual(['Y 60 1220', 'X 40 1220']);
    expect(played({ ...change, marginRule: 'pro_rata' }, ...rounds)).toEqual(['Y 40 1220', 'X 60 1220']);
  });

  it('reads its increments from a table, the last one again and again', () => {
    const table = terms({ priceIncrements: [ticks(50), ticks(20), ticks(5)] });
    expect([1, 2, 3, 4, 5, 20].map((round) => priceOfRound(table, round))).toEqual([
      1_200, 1_250, 1_270, 1_275, 1_280, 1_355,
    ]);
  });
});

describe('a statement', () => {
  it('keeps or reduces: never more than in the round before', () => {
    const market = opened(terms({ minimumBidQuantity: lots(5) }));
    state(market, 1, 'X', 80);
    state(market, 1, 'Y', 60);
    const range = { code: 'bid_quantity_out_of_range', quantityMinimum: 5, quantityMaximum: 80 };
    expect(refusal(state(market, 2, 'X', 81))).toEqual(range);
    expect(refusal(state(market, 2, 'X', 4))).toEqual(range);
    expect(refusal(state(market, 2, 'X', 5))).toBeUndefined();
    expect(refusal(state(market, 2, 'X', 0))).toBeUndefined();
  });

  it('may be replaced in its round, also upwards; the last one counts and has its own place in time', () => {
    const change = { roundsMax: 1, closesAt: at(ROUND) };
    const market = opened(terms(change));
    state(market, 1, 'X', 10);
    state(market, 1, 'Y', 90);
    state(market, 1, 'X', 70);
    expect(awardsIn(runTo(market, ROUND))).toEqual(['Y 90 1200', 'X 10 1200']);
  });

  it('is of the round that is on, to the millisecond', () => {
    const market = opened(terms());
    state(market, 1, 'X', 80);
    state(market, 1, 'Y', 80, ROUND - 1);
    const now = { code: 'bid_round_not_current', round: 2, price: 1_220 };
    expect(refusal(state(market, 1, 'X', 80, ROUND))).toEqual(now);
    expect(refusal(state(market, 3, 'X', 80, ROUND))).toEqual(now);
  });

  it('of a new bidder comes in the first round or not at all', () => {
    const market = opened(terms());
    state(market, 1, 'X', 80);
    state(market, 1, 'Y', 80);
    expect(refusal(state(market, 2, 'Z', 1))).toEqual({ code: 'bid_entry_closed', round: 2 });
  });

  it('waits for no late timer: a round that is over takes nothing', () => {
    const market = opened(terms());
    state(market, 1, 'X', 80);
    const late = {
      type: 'state_quantity',
      auctionId: 'a',
      accountId: 'Y',
      round: 1,
      quantity: lots(9),
    } as const;
    const due = { code: 'auction_turn_due', endedAt: at(ROUND) };
    expect(refusal(market.send(late, ROUND))).toEqual(due);
  });

  it('binds to what was stated in the round before, until this round has ended', () => {
    const market = opened(terms({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '1' } }));
    for (const accountId of ['X', 'Y']) market.deposit(accountId, '5000');
    market.deposit('Z', '1000');
    expect(refusal(state(market, 1, 'Z', 21))).toMatchObject({ quantityMaximum: 20, required: '1050' });
    for (const accountId of ['X', 'Y']) state(market, 1, accountId, 60);
    state(market, 2, 'X', 40);
    expect(awardsIn(runTo(market, 2 * ROUND))).toEqual(['X 60 1200', 'Y 40 1200']);
  });

  it('survives any number of bidders who want all there can be', () => {
    const most = lots(999_999_999);
    const huge = { quantity: most, lotSize: '1', tickSize: '1', roundsMax: 2, closesAt: at(2 * ROUND) };
    const market = opened(terms(huge));
    for (const accountId of ['X', 'Y', 'Z']) state(market, 1, accountId, most);
    for (const accountId of ['X', 'Y', 'Z']) state(market, 2, accountId, most);
    expect(awardsIn(runTo(market, 2 * ROUND))).toEqual([`X ${most} 1220`]);
  });
});

describe('a pause', () => {
  it('freezes the round and gives it at least five minutes after', () => {
    const market = opened(terms());
    state(market, 1, 'X', 80);
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'fault' }, ROUND - 1);
    market.send({ type: 'resume_auction', auctionId: 'a' }, 5 * ROUND);
    expect(refusal(state(market, 1, 'Y', 80, 5 * ROUND + 299_999))).toBeUndefined();
    expect(runTo(market, 5 * ROUND + 300_000)).toMatchObject([{ round: 1, demand: 160, nextPrice: 1_220 }]);
    expect(publicClock(clockOf(market)).endsAt).toBe(at(6 * ROUND + 300_000));
  });
});

describe('what may be seen', () => {
  it('is the round, its price and end, and the demand of the round before: nothing of this one', () => {
    const [quiet, busy] = [opened(terms()), opened(terms())];
    for (const market of [quiet, busy]) {
      for (const accountId of ['X', 'Y']) state(market, 1, accountId, 60);
      runTo(market, ROUND);
    }
    for (const accountId of ['X', 'Y']) state(busy, 2, accountId, 30);
    const seen = { round: 2, price: 1_220, endsAt: at(2 * ROUND), demand: 120 };
    expect([publicClock(clockOf(quiet)), publicClock(clockOf(busy))]).toEqual([seen, seen]);
    const sealed = opened(terms({ demandVisible: false }));
    for (const accountId of ['X', 'Y']) state(sealed, 1, accountId, 60);
    runTo(sealed, ROUND);
    expect(publicClock(clockOf(sealed)).demand).toBeNull();
  });

  it('is for a bidder also what it costs, what it may still state, and what it has stated', () => {
    const market = opened(terms());
    state(market, 1, 'X', 60);
    state(market, 1, 'Y', 60);
    state(market, 2, 'X', 50);
    const offer = { round: 2, price: 1_220, endsAt: at(2 * ROUND), nextPrice: 1_240, quantityMaximum: 60 };
    const cost = String(1_220 * 100 * 50 * 10);
    expect(offerOfRound(clockOf(market), 'X', lots(10))).toEqual({ ...offer, cost, stated: 50 });
    expect(offerOfRound(clockOf(market), 'Y', lots(10))).toEqual({ ...offer, cost, stated: null });
    expect(offerOfRound(clockOf(market), 'Z', lots(10)).quantityMaximum).toBe(0);
  });
});

describe('a share in proportion', () => {
  const claims = (...quantities: number[]): Statement[] =>
    quantities.map((quantity, seq) => ({ accountId: `b${seq}`, quantity: lots(quantity), seq }));

  it('leaves nothing over: the largest remainders first, the earlier of equal ones', () => {
    expect(share(claims(1, 1, 1), 2, 'pro_rata')).toEqual([1, 1, 0]);
    expect(share(claims(10, 20, 30), 7, 'pro_rata')).toEqual([1, 2, 4]);
    expect(share(claims(7, 7, 1), 8, 'pro_rata')).toEqual([4, 4, 0]);
  });

  it('is exact where the products leave the integers of a number', () => {
    const most = 999_999_999;
    expect(share(claims(most, most, 1), most, 'pro_rata')).toEqual([499_999_999, 499_999_999, 1]);
  });
});

describe('clock terms', () => {
  it('hold at their limits, and name the field that is past them', () => {
    expect(validateTerms(terms())).toBeNull();
    const broken: [string, object][] = [
      ['pricing', { pricing: 'pay_as_bid' }],
      ['softClose.mode', { softClose: { ...WINDOW, hardEndAt: at(20 * ROUND) } }],
      ['roundMs', { roundMs: 0 }],
      ['roundMs', { roundMs: STEP_MS_MAX + 1 }],
      ['roundsMax', { roundsMax: 0 }],
      ['roundsMax', { roundsMax: STEPS_MAX + 1 }],
      ['priceIncrements', { priceIncrements: [] }],
      ['priceIncrements', { priceIncrements: 20 }],
      ['priceIncrements', { priceIncrements: [20, 0] }],
      ['priceIncrements', { priceIncrements: Array(21).fill(20) }],
      ['priceIncrements', { priceIncrements: [PRICE_TICKS_MAX + 1] }],
      ['roundsMax', { priceIncrements: [PRICE_TICKS_MAX] }],
      ['demandVisible', { demandVisible: null }],
      ['marginRule', { marginRule: 'lottery' }],
      ['closesAt', { closesAt: at(20 * ROUND - 1) }],
      ['closesAt', { closesAt: at(20 * ROUND + 1) }],
    ];
    const fields = broken.map(([, change]) => validateTerms({ ...terms(), ...change }));
    expect(fields).toEqual(broken.map(([field]) => field));
    expect(
      validateTerms(terms({ priceIncrements: Array<ClockTerms['startingPrice']>(20).fill(ticks(20)) })),
    ).toBeNull();
    const top = (by: number) => {
      const start = { startingPrice: ticks(PRICE_TICKS_MAX - 1_000), lotSize: '1', tickSize: '1' };
      return terms({ ...start, roundsMax: 2, closesAt: at(2 * ROUND), priceIncrements: [ticks(by)] });
    };
    expect([validateTerms(top(1_000)), validateTerms(top(1_001))]).toEqual([null, 'roundsMax']);
  });
});

const WINDOW = { mode: 'window', windowMs: 1, extensionMs: 1, extensionsMax: 1 };
