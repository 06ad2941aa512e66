import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { validateTerms } from '../../auction/terms.ts';
import { STEP_MS_MAX } from '../../limits.ts';
import { type Market, at, refusal } from '../../oracle/market.ts';
import { awardsIn, common, live, opened, runTo, sendAt } from '../../oracle/moving/market.ts';
import type { Event } from '../../types.ts';
import { afterDutchMs, hybridDurationMs, hybridPriceAtStep, hybridStepCount } from './phases.ts';
import { PROZORRO_HYBRID } from './presets.ts';
import { chanceOf } from './price.ts';
import { publicHybrid, publicHybridEvents } from './public.ts';
import type { AcceptPrice } from '../dutch/types.ts';
import type { DutchHybridTerms } from './types.ts';

const SECOND = 1_000;
const STEP = 300 * SECOND;
/** When step `k` begins, ms after the opening. */
const stepAt = (step: number): number => 30 * SECOND + step * STEP;

/** The preset on a lot of 10 lots from 1,000,000 ticks. */
function terms(change: Partial<DutchHybridTerms> = {}): DutchHybridTerms {
  const start = { startingPrice: ticks(1_000_000), tickSize: '1', minimumBidQuantity: lots(10) };
  const all = { ...common(1), ...start, format: 'dutch_hybrid', ...PROZORRO_HYBRID, ...change } as const;
  return { ...all, closesAt: at(hybridDurationMs(all)), ...change };
}

function accept(accountId: string, step: number, change: Partial<AcceptPrice> = {}): AcceptPrice {
  const price = ticks(1_000_000 - 10_000 * step);
  const lot = { auctionId: 'a', quantity: lots(10), minimumAcceptable: lots(10) };
  return { type: 'accept_price', ...lot, accountId, step, price, ...change };
}

function offer(accountId: string, price: number | null) {
  const at = price === null ? null : ticks(price);
  return { type: 'offer_price', auctionId: 'a', accountId, price: at } as const;
}

const ACCEPTED = stepAt(40);
const SEALED = ACCEPTED + 30 * SECOND;
const OPENED = SEALED + 600 * SECOND;
const BEST = OPENED + 20 * SECOND;
const END = BEST + 300 * SECOND;

/** D has taken 600,000 at step 40; the sealed phase has begun. */
function sealed(change: Partial<DutchHybridTerms> = {}): Market {
  const market = opened(terms(change));
  sendAt(market, ACCEPTED, accept('D', 40));
  runTo(market, SEALED);
  return market;
}

describe('the numbers of the preset', () => {
  it('are 81 stages of 300 seconds from 1,000,000 to 200,000', () => {
    const preset = terms();
    expect(hybridStepCount(preset)).toBe(81);
    expect([0, 1, 80].map((step) => hybridPriceAtStep(preset, step))).toEqual([1_000_000, 990_000, 200_000]);
    expect((preset.stepMs * 81) / 60_000).toBe(405);
    expect(afterDutchMs(preset)).toBe((30 + 600 + 20 + 300) * SECOND);
  });

  it('round a step half up to a tick', () => {
    const odd = terms({ startingPrice: ticks(1_250) });
    expect([1, 2, 3].map((step) => hybridPriceAtStep(odd, step))).toEqual([1_238, 1_225, 1_213]);
  });
});

describe('the Dutch phase', () => {
  it('begins after a pause and falls step by step', () => {
    const market = opened(terms());
    const early = { code: 'bid_phase_not_current', phase: 'opening_pause' };
    expect(refusal(market.send(accept('D', 0), 30 * SECOND - 1))).toEqual(early);
    expect(runTo(market, stepAt(1))).toEqual([
      { type: 'hybrid_phase_started', auctionId: 'a', phase: 'dutch', opened: null },
      { type: 'price_lowered', auctionId: 'a', step: 1, price: 990_000 },
    ]);
    const now = { code: 'bid_step_not_current', step: 1, price: 990_000 };
    expect(refusal(market.send(accept('D', 0), stepAt(1)))).toEqual(now);
    expect(refusal(market.send(accept('D', 1, { price: ticks(980_000) }), stepAt(1)))).toEqual(now);
  });

  it('is won by the first who takes its price; everything after it comes at once, not hours later', () => {
    const market = opened(terms());
    sendAt(market, ACCEPTED, accept('D', 40));
    expect(market.auction().closesAt).toBe(at(END));
    const over = { code: 'bid_phase_not_current', phase: 'sealed_pause' };
    expect(refusal(market.send(accept('E', 40), ACCEPTED))).toEqual(over);
    expect(refusal(market.send(offer('E', 700_000), ACCEPTED))).toEqual(over);
  });

  it('ends the auction unsold when nobody takes the lowest price', () => {
    const market = opened(terms());
    expect(runTo(market, stepAt(81)).slice(-3)).toEqual([
      { type: 'hybrid_phase_started', auctionId: 'a', phase: 'ended', opened: null },
      { type: 'auction_shortened', auctionId: 'a', closesAt: at(stepAt(81)) },
      { type: 'auction_unsold', auctionId: 'a', reason: 'no_bid' },
    ]);
  });

  it('sells the whole lot or nothing', () => {
    const market = opened(terms());
    runTo(market, stepAt(0));
    const all = { code: 'bid_quantity_out_of_range', quantityMinimum: 10, quantityMaximum: 10 };
    expect(refusal(market.send(accept('D', 0, { quantity: lots(9) }), stepAt(0)))).toEqual(all);
    const least = refusal(market.send(accept('D', 0, { minimumAcceptable: lots(11) }), stepAt(0)));
    expect(least).toEqual({ code: 'bid_minimum_acceptable_invalid', maximum: 10 });
  });

  it('needs the security of the whole lot', () => {
    const market = opened(terms({ bidSecurity: { mode: 'fixed', amount: '7' } }));
    const short = { code: 'bid_security_insufficient', required: '7', allocated: '0', quantityMaximum: 0 };
    expect(refusal(sendAt(market, stepAt(0), accept('D', 0)))).toEqual(short);
  });
});

describe('the sealed phase', () => {
  it('takes offers above the accepted price from everybody but the Dutch winner', () => {
    const market = sealed();
    const least = { code: 'bid_below_increment', priceMinimum: 600_001 };
    expect(refusal(market.send(offer('E', 600_000), SEALED))).toEqual(least);
    expect(
      refusal(market.send({ ...offer('E', 1), price: 600_001.5 as AcceptPrice['price'] }, SEALED)),
    ).toEqual(least);
    expect(refusal(market.send(offer('E', 600_001), SEALED))).toBeUndefined();
    const others = { code: 'bid_phase_of_others', phase: 'sealed' };
    expect(refusal(market.send(offer('D', 700_000), SEALED))).toEqual(others);
  });

  it('takes no price past what the auction can hold', () => {
    const market = sealed();
    const most = { code: 'bid_above_maximum_increment', priceMaximum: 500_000_000 };
    expect(refusal(market.send(offer('E', 500_000_001), SEALED))).toEqual(most);
    expect(refusal(market.send(offer('E', 500_000_000), SEALED))).toBeUndefined();
  });

  it('lets an offer be replaced, also downwards, and cancelled while the phase runs', () => {
    const market = sealed();
    expect(refusal(market.send(offer('E', null), SEALED))).toEqual({ code: 'bid_none_to_cancel' });
    market.send(offer('E', 900_000), SEALED);
    market.send(offer('E', 700_000), SEALED);
    market.send(offer('F', 800_000), SEALED);
    market.send(offer('F', null), OPENED - 1);
    expect(awardsIn(runTo(market, END))).toEqual(['E 10 700000']);
  });

  it('ends on time: an offer at its end is late, and so is a cancellation', () => {
    const market = sealed();
    market.send(offer('E', 700_000), SEALED);
    const due = { code: 'auction_turn_due', endedAt: at(OPENED) };
    expect(refusal(market.send(offer('E', null), OPENED))).toEqual(due);
    runTo(market, OPENED);
    const over = { code: 'bid_phase_not_current', phase: 'best_bid_pause' };
    expect(refusal(market.send(offer('E', null), OPENED))).toEqual(over);
  });

  it('without a live offer leaves the lot to the Dutch winner, at once', () => {
    const market = sealed();
    market.send(offer('E', 700_000), SEALED);
    market.send(offer('E', null), SEALED);
    expect(awardsIn(runTo(market, OPENED))).toEqual(['D 10 600000']);
    expect(market.state.ended.get('a')).toMatchObject({ closedAt: at(OPENED) });
  });

  it('needs the security of the whole lot, and keeps that of the winner alone', () => {
    const market = opened(terms({ bidSecurity: { mode: 'fixed', amount: '7' } }));
    for (const accountId of ['D', 'E']) market.deposit(accountId, '7');
    sendAt(market, ACCEPTED, accept('D', 40));
    runTo(market, SEALED);
    expect(refusal(market.send(offer('F', 700_000), SEALED))).toMatchObject({ required: '7' });
    market.send(offer('E', 700_000), SEALED);
    const money = runTo(market, END).filter((event) => event.type.startsWith('bid_security_'));
    expect(money.map((event) => [event.type, 'accountId' in event && event.accountId])).toEqual([
      ['bid_security_released', 'D'],
      ['bid_security_retained', 'E'],
    ]);
  });
});

describe('the last word', () => {
  function opening(change: Partial<DutchHybridTerms> = {}): Market {
    const market = sealed(change);
    market.send(offer('E', 700_000), SEALED);
    market.send(offer('F', 800_000), SEALED);
    return market;
  }

  it('is announced with what the seal gives free, best first', () => {
    const [started] = runTo(opening(), OPENED);
    expect(started).toMatchObject({
      phase: 'best_bid_pause',
      opened: [
        { accountId: 'F', price: 800_000 },
        { accountId: 'E', price: 700_000 },
      ],
    });
  });

  it('is the Dutch winner’s alone, above its own accepted price', () => {
    const market = opening({ bestBidIncrement: ticks(5) });
    runTo(market, BEST);
    const others = { code: 'bid_phase_of_others', phase: 'best_bid' };
    expect(refusal(market.send(offer('E', 900_000), BEST))).toEqual(others);
    const least = { code: 'bid_below_increment', priceMinimum: 600_005 };
    expect(refusal(market.send(offer('D', 600_004), BEST))).toEqual(least);
    expect(refusal(market.send(offer('D', 600_005), BEST))).toBeUndefined();
    expect(awardsIn(runTo(market, END))).toEqual(['F 10 800000']);
  });

  it('wins with more than the best sealed offer, not with as much: the earlier goes first', () => {
    for (const [price, winner] of [
      [800_001, 'D 10 800001'],
      [800_000, 'F 10 800000'],
    ] as const) {
      const market = opening();
      sendAt(market, BEST, offer('D', price));
      expect(awardsIn(runTo(market, END))).toEqual([winner]);
    }
  });

  it('may be taken back: the accepted price remains', () => {
    const market = opening();
    sendAt(market, BEST, offer('D', 900_000));
    market.send(offer('D', null), BEST);
    expect(refusal(market.send(offer('D', null), BEST))).toEqual({ code: 'bid_none_to_cancel' });
    expect(awardsIn(runTo(market, END))).toEqual(['F 10 800000']);
  });

  it('of equal sealed offers leaves the lot to the earlier', () => {
    const market = sealed();
    for (const accountId of ['E', 'F']) market.send(offer(accountId, 700_000), SEALED);
    expect(awardsIn(runTo(market, END))).toEqual(['E 10 700000']);
  });
});

describe('a pause of the exchange', () => {
  it('moves every phase that is to come', () => {
    const market = sealed();
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'fault' }, SEALED + SECOND);
    market.send({ type: 'resume_auction', auctionId: 'a' }, SEALED + 61 * SECOND);
    market.send(offer('E', 700_000), OPENED + 60 * SECOND - 1);
    expect(runTo(market, OPENED + 60 * SECOND)).toMatchObject([{ phase: 'best_bid_pause' }]);
    expect(live<'dutch_hybrid'>(market).closesAt).toBe(at(END + 60 * SECOND));
  });
});

describe('what may be seen under seal', () => {
  /** Everything a stranger is told of these sealed offers, at each command, until the phase ends. */
  function seen(prices: readonly (number | null)[]) {
    const market = opened(terms());
    const told: unknown[] = [];
    const tell = (events: readonly Event[]): void => {
      told.push(publicHybridEvents(events), publicHybrid(live<'dutch_hybrid'>(market)));
    };
    tell(sendAt(market, ACCEPTED, accept('D', 40)));
    tell(runTo(market, SEALED));
    for (const [index, price] of prices.entries()) tell(market.send(offer(`b${index % 2}`, price), SEALED));
    tell(runTo(market, OPENED - 1));
    return { told, after: runTo(market, OPENED) };
  }

  it('depends on no price, no cancellation, and not on there being an offer', () => {
    const [one, other] = [seen([700_000, 800_000, 900_000]), seen([600_001, 800_000, null])];
    expect(one.told).toEqual(other.told);
    expect(seen([1, 2, 3]).told).toEqual(one.told);
    expect(one.after).not.toEqual(other.after);
  });

  it('is everything once the phase has ended', () => {
    const market = sealed();
    market.send(offer('E', 700_000), SEALED);
    runTo(market, OPENED);
    expect(publicHybrid(live<'dutch_hybrid'>(market))).toMatchObject({
      phase: 'best_bid_pause',
      step: 40,
      price: 600_000,
      endsAt: at(BEST),
      dutchWinner: { accountId: 'D', price: 600_000 },
      sealed: [{ accountId: 'E', price: 700_000 }],
    });
  });
});

describe('what a bidder can do', () => {
  it('is what the phase takes from it, with the least price and the one that wins', () => {
    const market = opened(terms());
    const chance = (accountId: string) => chanceOf(live<'dutch_hybrid'>(market), accountId);
    const nothing = { command: null, priceMinimum: null, priceToWin: null, nextPrice: null };
    expect(chance('D')).toEqual({ ...nothing, endsAt: at(stepAt(0)) });
    runTo(market, stepAt(0));
    const first = { command: 'accept_price', priceMinimum: 1_000_000, nextPrice: 990_000 };
    expect(chance('D')).toMatchObject({ ...first, endsAt: at(stepAt(1)) });
    sendAt(market, ACCEPTED, accept('D', 40));
    runTo(market, SEALED);
    market.send(offer('E', 700_000), SEALED);
    expect(chance('D')).toEqual({ ...nothing, endsAt: at(OPENED) });
    expect(chance('F')).toMatchObject({ command: 'offer_price', priceMinimum: 600_001, priceToWin: null });
    runTo(market, BEST);
    expect(chance('E')).toEqual({ ...nothing, endsAt: at(END) });
    const last = { command: 'offer_price', priceMinimum: 600_001, priceToWin: 700_001, endsAt: at(END) };
    expect(chance('D')).toMatchObject(last);
    market.send(offer('D', 700_001), BEST);
    expect(awardsIn(runTo(market, END))).toEqual(['D 10 700001']);
  });

  it('has no lower price to wait for in the last step', () => {
    const market = opened(terms());
    runTo(market, stepAt(80));
    const chance = chanceOf(live<'dutch_hybrid'>(market), 'D');
    expect(chance).toMatchObject({ priceMinimum: 200_000, nextPrice: null });
  });
});

describe('hybrid terms', () => {
  it('hold at their limits, and name the field that is past them', () => {
    expect(validateTerms(terms())).toBeNull();
    const window = { mode: 'window', windowMs: 1, extensionMs: 1, extensionsMax: 1 };
    const hardEndAt = at(hybridDurationMs(terms()));
    const broken: [string, object][] = [
      ['softClose.mode', { softClose: { ...window, hardEndAt } }],
      ['minimumBidQuantity', { minimumBidQuantity: 9 }],
      ['floorBasisPoints', { floorBasisPoints: 0 }],
      ['floorBasisPoints', { floorBasisPoints: 10_001 }],
      ['stepBasisPoints', { stepBasisPoints: 0 }],
      ['stepBasisPoints', { stepBasisPoints: 10_001 }],
      ['stepBasisPoints', { startingPrice: 99 }],
      ['stepMs', { stepMs: 0 }],
      ['stepMs', { stepMs: STEP_MS_MAX + 1 }],
      ['openingPauseMs', { openingPauseMs: -1 }],
      ['sealedPauseMs', { sealedPauseMs: 0.5 }],
      ['sealedMs', { sealedMs: 0 }],
      ['bestBidPauseMs', { bestBidPauseMs: -1 }],
      ['bestBidMs', { bestBidMs: 0 }],
      ['bestBidIncrement', { bestBidIncrement: 0 }],
      ['closesAt', { closesAt: at(hybridDurationMs(terms()) + 1) }],
      ['closesAt', { closesAt: at(hybridDurationMs(terms()) - 1) }],
    ];
    const fields = broken.map(([, change]) => validateTerms({ ...terms(), ...change }));
    expect(fields).toEqual(broken.map(([field]) => field));
    expect(validateTerms(terms({ startingPrice: ticks(100) }))).toBeNull();
    const none = { openingPauseMs: 0, sealedPauseMs: 0, bestBidPauseMs: 0 };
    expect(validateTerms(terms(none))).toBeNull();
  });
});
