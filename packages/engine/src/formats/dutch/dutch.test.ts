import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { validateTerms } from '../../auction/terms.ts';
import { STEPS_MAX, STEP_MS_MAX } from '../../limits.ts';
import { at, refusal } from '../../oracle/market.ts';
import { awardsIn, common, live, opened, runTo, sendAt } from '../../oracle/moving/market.ts';
import { dutchDurationMs, offerNow, priceAtStep, stepEndsAt } from './price.ts';
import type { AcceptPrice, DutchTerms } from './types.ts';

const STEP = 60_000;

/** 1,400 down to 1,250 by 10, a minute each: 16 steps. */
function terms(change: Partial<DutchTerms> = {}): DutchTerms {
  return {
    ...common(16 * STEP),
    format: 'dutch',
    pricing: 'pay_as_accepted',
    floorPrice: ticks(1_250),
    priceDecrement: ticks(10),
    stepMs: STEP,
    ...change,
  };
}

function accept(
  accountId: string,
  quantity: number,
  step: number,
  change: Partial<AcceptPrice> = {},
): AcceptPrice {
  const price = ticks(Math.max(1_250, 1_400 - 10 * step));
  const all = { type: 'accept_price', auctionId: 'a', minimumAcceptable: lots(0) } as const;
  return { ...all, accountId, quantity: lots(quantity), step, price, ...change };
}

describe('the falling price', () => {
  it('falls by the decrement with every step, and its last step is the floor', () => {
    const market = opened(terms({ floorPrice: ticks(1_253) }));
    const fallen = runTo(market, 15 * STEP).map((event) => 'price' in event && event.price);
    expect(fallen).toHaveLength(15);
    expect([fallen[0], fallen[13], fallen[14]]).toEqual([1_390, 1_260, 1_253]);
    expect(runTo(market, 16 * STEP)).toEqual([{ type: 'auction_unsold', auctionId: 'a', reason: 'no_bid' }]);
  });

  it('is taken at its own step only: the one before has ended, the next has not begun', () => {
    const market = opened(terms());
    const now = { code: 'bid_step_not_current', step: 3, price: 1_370 };
    expect(refusal(sendAt(market, 3 * STEP, accept('b1', 1, 2)))).toEqual(now);
    expect(refusal(market.send(accept('b1', 1, 4), 3 * STEP))).toEqual(now);
    expect(refusal(market.send(accept('b1', 1, 3, { price: ticks(1_360) }), 3 * STEP))).toEqual(now);
    expect(refusal(market.send(accept('b1', 1, 3), 4 * STEP - 1))).toBeUndefined();
  });

  it('is not sold at by a late timer: a step ends at its instant, journaled or not', () => {
    const market = opened(terms());
    const due = { code: 'auction_turn_due', endedAt: at(STEP) };
    expect(refusal(market.send(accept('b1', 1, 0), STEP))).toEqual(due);
    expect(refusal(market.send(accept('b1', 1, 1), STEP))).toEqual(due);
    expect(refusal(market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'x' }, STEP))).toEqual(due);
    expect(runTo(market, STEP)).toEqual([{ type: 'price_lowered', auctionId: 'a', step: 1, price: 1_390 }]);
    expect(refusal(market.send(accept('b1', 1, 1), STEP))).toBeUndefined();
  });

  it('stands still while the auction is suspended, and gives the step at least five minutes after', () => {
    const market = opened(terms());
    runTo(market, 2 * STEP);
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'fault' }, 3 * STEP - 1_000);
    expect(runTo(market, 60 * STEP)).toEqual([]);
    market.send({ type: 'resume_auction', auctionId: 'a' }, 60 * STEP);
    expect(refusal(sendAt(market, 65 * STEP - 1, accept('b1', 1, 2)))).toBeUndefined();
    expect(refusal(sendAt(market, 65 * STEP, accept('b1', 1, 2)))).toMatchObject({ step: 3, price: 1_370 });
    expect(market.auction().closesAt).toBe(at(65 * STEP + 13 * STEP));
  });
});

describe('an acceptance', () => {
  it('buys what is left, up to its quantity, in the order of arrival', () => {
    const market = opened(terms());
    sendAt(market, STEP, accept('b1', 6, 1));
    expect(market.send(accept('b2', 6, 1), STEP)).toMatchObject([
      { type: 'price_accepted', allocated: 4, remaining: 0 },
      { type: 'auction_shortened', closesAt: at(STEP) },
    ]);
  });

  it('of the last lot ends the auction at once: no price falls and nobody buys any more', () => {
    const market = opened(terms());
    sendAt(market, STEP, accept('b1', 10, 1));
    const late = { code: 'auction_closed', closedSeq: 0, closedAt: at(STEP) };
    expect(refusal(market.send(accept('b2', 1, 1), STEP))).toEqual(late);
    expect(awardsIn(runTo(market, STEP))).toEqual(['b1 10 1390']);
    expect(market.state.ended.get('a')).toMatchObject({ state: 'awarded', closedAt: at(STEP) });
  });

  it('may ask for a least quantity, and is refused where less is left', () => {
    const market = opened(terms());
    market.send(accept('b1', 7, 0));
    const all = (quantity: number) => accept('b2', quantity, 0, { minimumAcceptable: lots(quantity) });
    expect(refusal(market.send(all(4)))).toEqual({ code: 'bid_remaining_insufficient', quantityMaximum: 3 });
    expect(refusal(market.send(all(3)))).toBeUndefined();
  });

  it('may come again from the same buyer, and each sale has its own price', () => {
    const market = opened(terms());
    market.send(accept('b1', 2, 0));
    sendAt(market, STEP, accept('b1', 3, 1));
    expect(live<'dutch'>(market).room).toMatchObject({ remaining: 5, step: 1 });
    expect(awardsIn(runTo(market, 16 * STEP))).toEqual(['b1 2 1400', 'b1 3 1390']);
  });

  it('is within the quantities of the lot, in whole lots', () => {
    const market = opened(terms({ minimumBidQuantity: lots(2) }));
    const range = { code: 'bid_quantity_out_of_range', quantityMinimum: 2, quantityMaximum: 10 };
    for (const quantity of [0, 1, 11, 2.5, Number.NaN]) {
      const odd = { ...accept('b1', 2, 0), quantity: quantity as AcceptPrice['quantity'] };
      expect(refusal(market.send(odd))).toEqual(range);
    }
    for (const least of [-1, 3, 0.5]) {
      const odd = { ...accept('b1', 2, 0), minimumAcceptable: least as AcceptPrice['quantity'] };
      expect(refusal(market.send(odd))).toEqual({ code: 'bid_minimum_acceptable_invalid', maximum: 2 });
    }
  });

  it('needs security for all its buyer has bought, and says how much more that would cover', () => {
    const market = opened(terms({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '100' } }));
    market.deposit('b1', '25000');
    expect(refusal(market.send(accept('b1', 3, 0)))).toBeUndefined();
    expect(refusal(market.send(accept('b1', 3, 0)))).toEqual({
      code: 'bid_security_insufficient',
      required: '30000',
      allocated: '25000',
      quantityMaximum: 2,
    });
    expect(refusal(market.send(accept('b1', 2, 0)))).toBeUndefined();
    const kept = runTo(market, 16 * STEP).filter((event) => event.type === 'bid_security_retained');
    expect(kept).toEqual([
      { type: 'bid_security_retained', auctionId: 'a', accountId: 'b1', amount: '25000' },
    ]);
  });

  it('is secured by what it really buys, where less than it wants is left', () => {
    const market = opened(terms({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '100' } }));
    market.deposit('b1', '50000');
    market.deposit('b2', '5000');
    market.send(accept('b1', 9, 0));
    expect(refusal(market.send(accept('b2', 9, 0)))).toBeUndefined();
  });
});

describe('the hard end', () => {
  it('may come before the floor', () => {
    const market = opened(terms({ closesAt: at(2 * STEP + 1) }));
    expect(refusal(sendAt(market, 2 * STEP, accept('b1', 4, 2)))).toBeUndefined();
    expect(awardsIn(runTo(market, 3 * STEP))).toEqual(['b1 4 1380']);
  });
});

describe('the worked example: 1,400 by 10 to 1,250, 8,000 t', () => {
  it('sells 3,000 t at step 3 and 4,000 and 1,000 of 2,000 t at step 5, each at its price', () => {
    const { awards, revenue } = example('pay_as_accepted');
    expect(awards).toEqual(['D1 3000 1370', 'D2 4000 1350', 'D3 1000 1350']);
    expect(revenue).toBe(10_860_000);
  });

  it('or all at the last price, where the terms say so', () => {
    expect(example('uniform_last').awards).toEqual(['D1 3000 1350', 'D2 4000 1350', 'D3 1000 1350']);
  });

  function example(pricing: DutchTerms['pricing']): { awards: string[]; revenue: number } {
    const market = opened(terms({ pricing, quantity: lots(8_000), lotSize: '1000' }));
    sendAt(market, 3 * STEP, accept('D1', 3_000, 3));
    sendAt(market, 5 * STEP, accept('D2', 4_000, 5));
    market.send(accept('D3', 2_000, 5), 5 * STEP);
    const awards = awardsIn(runTo(market, 5 * STEP));
    const revenue = awards.reduce((sum, line) => {
      const [, quantity = 0, price = 0] = line.split(' ').map(Number);
      return sum + quantity * price;
    }, 0);
    return { awards, revenue };
  }
});

describe('what accepting now comes to', () => {
  it('is the price, the lots, the cost, and when the price falls to what', () => {
    const market = opened(terms());
    sendAt(market, STEP, accept('b1', 6, 1));
    const offer = offerNow(live<'dutch'>(market), lots(7));
    expect(offer).toEqual({
      step: 1,
      price: 1_390,
      allocated: 4,
      cost: String(1_390 * 100 * 200),
      endsAt: at(2 * STEP),
      nextPrice: 1_380,
    });
  });

  it('has no next price in the last step', () => {
    const market = opened(terms());
    runTo(market, 15 * STEP);
    const auction = live<'dutch'>(market);
    expect(stepEndsAt(auction)).toBeNull();
    expect(offerNow(auction, lots(1))).toMatchObject({ price: 1_250, endsAt: null, nextPrice: null });
  });
});

describe('Dutch terms', () => {
  it('hold with every field at its limit, and name the one that is past it', () => {
    expect(validateTerms(terms())).toBeNull();
    expect(priceAtStep(terms(), 15)).toBe(1_250);
    const broken: [string, object][] = [
      ['pricing', { pricing: 'free' }],
      ['floorPrice', { floorPrice: 0 }],
      ['floorPrice', { floorPrice: 1_401 }],
      ['floorPrice', { floorPrice: 1_250.5 }],
      ['priceDecrement', { priceDecrement: 0 }],
      ['stepMs', { stepMs: 0 }],
      ['stepMs', { stepMs: STEP_MS_MAX + 1 }],
      ['closesAt', { closesAt: at(16 * STEP + 1) }],
      ['softClose.mode', { softClose: WINDOW }],
    ];
    const fields = broken.map(([, change]) => validateTerms({ ...terms(), ...change }));
    expect(fields).toEqual(broken.map(([field]) => field));
    const most = { priceDecrement: ticks(1), startingPrice: ticks(STEPS_MAX), floorPrice: ticks(1) };
    expect(validateTerms(terms({ ...most, closesAt: at(1) }))).toBeNull();
    expect(validateTerms(terms({ ...most, startingPrice: ticks(STEPS_MAX + 1) }))).toBe('priceDecrement');
    expect(validateTerms(terms({ stepMs: STEP_MS_MAX, closesAt: at(1) }))).toBeNull();
    expect(validateTerms(terms({ floorPrice: ticks(1_400), closesAt: at(STEP) }))).toBeNull();
    expect(dutchDurationMs(terms({ floorPrice: ticks(1_253) }))).toBe(16 * STEP);
  });
});

const WINDOW = { mode: 'window', windowMs: 1, extensionMs: 1, hardEndAt: at(9_000_000), extensionsMax: 1 };
