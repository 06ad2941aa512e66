import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { Arena, BUYING, COMMON, at, refusal } from '../../oracle/reverse-open/arena.ts';
import type { Merit } from '../../scoring/types.ts';
import { validateTerms } from '../../auction/terms.ts';
import { priceToWin } from './price.ts';
import type { ReverseOpenTerms } from './types.ts';

function terms(change: Partial<ReverseOpenTerms> = {}): ReverseOpenTerms {
  const decrement = { mode: 'absolute', amount: ticks(5) } as const;
  return { ...COMMON, ...BUYING, format: 'reverse_open', decrement, ...change };
}

const open = (change: Partial<ReverseOpenTerms> = {}) => new Arena<'reverse_open'>(terms(change));
/** One supplier of everything: the rule "lower than the best by the decrement". */
const single = (change: Partial<ReverseOpenTerms> = {}) => open({ minimumBidQuantity: lots(10), ...change });
const all = { quantity: 10 };
const heat = (calorificValue: number, freight: string, expectedPenalties = '0'): Merit => ({
  mode: 'energy',
  calorificValue,
  freight,
  expectedPenalties,
});
const ENERGY = {
  mode: 'energy',
  calorificReference: 5_500,
  unit: 'kcal_per_kg',
  basis: 'nar',
  calorificMinimum: 4_000,
} as const;

describe('an open reverse auction with one winner', () => {
  it('takes the first offer from the ceiling down and the next by the decrement below the best', () => {
    const arena = single();
    expect(refusal(arena.offer('s1', 801, all))).toEqual({
      code: 'offer_price_above_start',
      priceMaximum: 800,
    });
    expect(refusal(arena.offer('s1', 800, all))).toBeUndefined();
    expect(refusal(arena.offer('s2', 796, all))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: 795,
    });
    expect(refusal(arena.offer('s2', 795, all))).toBeUndefined();
    expect(refusal(arena.offer('s2', 791, all))).toEqual({ code: 'offer_not_improving', priceMaximum: 790 });
    expect(refusal(arena.offer('s2', 790, all))).toBeUndefined();
    expect(arena.awards).toEqual(['s2 10 790']);
  });

  it('measures a decrement in basis points of the existing best', () => {
    const arena = single({ decrement: { mode: 'basis_points', basisPoints: 150 } });
    arena.offer('s1', 800, all);
    expect(refusal(arena.offer('s2', 789, all))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: 788,
    });
    arena.offer('s2', 788, all);
    expect(refusal(arena.offer('s1', 777, all))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: 776,
    });
  });

  it('extends the close for an offer that changes who wins, and for no refusal', () => {
    const arena = single();
    arena.until(100_000);
    arena.offer('s1', 800, all);
    expect(arena.auction.closesAt).toBe(at(130_000));
    arena.until(125_000);
    arena.offer('s2', 799, all);
    expect(arena.auction.closesAt).toBe(at(130_000));
    expect(arena.awards).toEqual(['s1 10 800']);
  });

  it('refuses the buyer itself, wrong quantities and what only fractions would fit', () => {
    const arena = single();
    expect(refusal(arena.offer('buyer', 700, all))).toEqual({ code: 'bid_own_lot' });
    const range = { code: 'bid_quantity_out_of_range', quantityMinimum: 10, quantityMaximum: 10 };
    expect(refusal(arena.offer('s1', 700, { quantity: 9 }))).toEqual(range);
    expect(refusal(arena.offer('s1', 700, { ...all, minimumAcceptable: 11 }))?.code).toBe(
      'bid_minimum_acceptable_invalid',
    );
    const raw = { type: 'place_offer', auctionId: 'a', accountId: 's1', merit: null } as const;
    const counts = { quantity: lots(10), minimumAcceptable: lots(0) };
    const prices = [0, -1, 700.5, Number.NaN] as ReturnType<typeof ticks>[];
    expect(prices.map((price) => refusal(arena.send({ ...raw, ...counts, price }))?.code)).toEqual([
      'offer_below_floor',
      'offer_below_floor',
      'offer_price_above_start',
      'offer_price_above_start',
    ]);
  });
});

describe('the floor of a buyer', () => {
  it('refuses a price that cannot be meant, or flags it, as the terms say', () => {
    const strict = single({ floor: { price: ticks(600), below: 'refuse' } });
    expect(refusal(strict.offer('s1', 599, all))).toEqual({ code: 'offer_below_floor', priceMinimum: 600 });
    expect(refusal(strict.offer('s1', 600, all))).toBeUndefined();
    expect(refusal(strict.offer('s2', 599, all))?.code).toBe('offer_below_floor');
    expect(refusal(strict.offer('s2', 600, all))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: null,
    });
    const [flagged] = single({ floor: { price: ticks(600), below: 'flag' } }).offer('s1', 599, all);
    expect(flagged).toMatchObject({ type: 'offer_accepted', abnormallyLow: true });
  });
});

describe('several suppliers', () => {
  it('are taken by quantity, best score first, once all is offered by a decrement under the margin', () => {
    const arena = open();
    arena.offer('s1', 790, { quantity: 6 });
    expect(refusal(arena.offer('s2', 800, { quantity: 3 }))).toBeUndefined();
    arena.offer('s3', 795, { quantity: 4 });
    expect(refusal(arena.offer('s4', 791, { quantity: 2 }))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: 790,
    });
    arena.offer('s4', 780, { quantity: 2 });
    expect(arena.awards).toEqual(['s4 2 780', 's1 6 790', 's3 2 795']);
  });

  it('that insist on more than is left are passed over', () => {
    const arena = open();
    arena.offer('s1', 700, { quantity: 6 });
    arena.offer('s2', 710, { quantity: 5, minimumAcceptable: 5 });
    arena.offer('s3', 720, { quantity: 3 });
    expect(arena.awards).toEqual(['s1 6 700', 's3 3 720']);
  });

  it('never offer less than before', () => {
    const arena = open();
    arena.offer('s1', 790, { quantity: 6, minimumAcceptable: 2 });
    expect(refusal(arena.offer('s1', 700, { quantity: 5 }))?.code).toBe('bid_quantity_out_of_range');
    expect(refusal(arena.offer('s1', 700, { quantity: 6, minimumAcceptable: 3 }))).toEqual({
      code: 'bid_minimum_acceptable_invalid',
      maximum: 2,
    });
    expect(arena.auction.room.lines).toHaveLength(1);
  });

  it('get the fixed shares of the buyer in the order of their scores', () => {
    const arena = single({ award: { mode: 'shares', basisPoints: [6_000, 4_000] } });
    arena.offer('s1', 800, all);
    arena.offer('s2', 790, all);
    expect(refusal(arena.offer('s3', 796, all))).toEqual({
      code: 'offer_below_decrement',
      priceMaximum: 795,
    });
    arena.offer('s3', 795, all);
    expect(arena.awards).toEqual(['s2 6 790', 's3 4 795']);
  });

  it('dearer than the hidden reserve leave their share to the next', () => {
    const arena = open({ scoring: ENERGY, reservePrice: ticks(650) });
    arena.offer('rich', 690, { quantity: 8, merit: heat(5_820, '4000') });
    arena.offer('poor', 642, { quantity: 8, merit: heat(5_500, '5800') });
    expect(arena.awards).toEqual(['poor 8 642']);
    const none = open({ reservePrice: ticks(650) });
    none.offer('s1', 651);
    expect(none.end()).toMatchObject({ type: 'auction_unsold', reason: 'reserve_not_met' });
    expect(open().end()).toMatchObject({ type: 'auction_unsold', reason: 'no_bid' });
  });
});

describe('heat instead of tonnes', () => {
  it('ranks C, A, B, though C is the dearest per tonne, and tells B the price that would do', () => {
    const arena = single({ scoring: ENERGY });
    const [b, a, c] = [heat(4_950, '6100', '600'), heat(5_500, '5800'), heat(5_820, '4000')];
    arena.offer('B', 571, { ...all, merit: b });
    arena.offer('A', 642, { ...all, merit: a });
    arena.offer('C', 690, { ...all, merit: c });
    expect(arena.auction.room.lines.map((line) => line.accountId)).toEqual(['C', 'A', 'B']);
    // 689.8625 − 5 = 684.8625; (p + 61) × 5,500 / 4,950 + 6 is under it up to p = 549.
    const refused = arena.offer('B', 550, { ...all, merit: b });
    expect(refusal(refused)).toEqual({ code: 'offer_below_decrement', priceMaximum: 549 });
    expect(refusal(arena.offer('B', 549, { ...all, merit: b }))).toBeUndefined();
    expect(arena.awards).toEqual(['B 10 549']);
  });

  it('refuses an offer that does not declare it', () => {
    const arena = single({ scoring: ENERGY });
    expect(refusal(arena.offer('A', 642, all))).toEqual({ code: 'offer_merit_invalid', field: 'merit' });
    const weak = { ...all, merit: heat(3_999, '0') };
    expect(refusal(arena.offer('A', 642, weak))).toEqual({
      code: 'offer_merit_invalid',
      field: 'calorificValue',
    });
  });
});

describe('the price to win', () => {
  it('is the highest that wins the quantity, given what the offer declares', () => {
    const arena = open();
    arena.offer('s1', 700, { quantity: 6 });
    arena.offer('s2', 720, { quantity: 4 });
    const view = { terms: arena.auction.terms, lines: arena.auction.room.lines };
    const price = (quantity: number, accountId = 's3') =>
      priceToWin(view, accountId, { quantity: lots(quantity), merit: null });
    expect(price(4)).toBe(715);
    expect(price(7)).toBe(700);
    expect(price(5)).toBe(699);
    expect(price(11)).toBeNull();
    expect(price(3, 's2')).toBeNull();
  });
});

describe('security and terms', () => {
  it('must cover the quantity before the offer counts', () => {
    const arena = single({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '15000' } });
    arena.deposit('s1', '7499999');
    expect(refusal(arena.offer('s1', 700, all))?.code).toBe('bid_security_insufficient');
    arena.deposit('s1', '1');
    expect(refusal(arena.offer('s1', 700, all))).toBeUndefined();
  });

  it('are refused field by field', () => {
    const fault = (change: object) => validateTerms({ ...terms(), ...change });
    expect(fault({})).toBeNull();
    const shares = (...basisPoints: number[]) => ({
      minimumBidQuantity: lots(10),
      award: { mode: 'shares', basisPoints },
    });
    const cases: [object, string | null][] = [
      [{ scoring: { mode: 'weight' } }, 'scoring'],
      [{ scoring: { ...ENERGY, calorificReference: 0 } }, 'scoring'],
      [{ scoring: { ...ENERGY, unit: 'btu' } }, 'scoring'],
      [{ scoring: { ...ENERGY, basis: 'wet' } }, 'scoring'],
      [{ scoring: { mode: 'mixed', coefficientMinimum: 99, coefficientMaximum: 200 } }, 'scoring'],
      [{ scoring: { mode: 'mixed', coefficientMinimum: 300, coefficientMaximum: 200 } }, 'scoring'],
      [{ award: { mode: 'lottery' } }, 'award'],
      [{ award: { mode: 'shares', basisPoints: [6_000, 4_000] } }, 'award'],
      [shares(6_000, 4_000), null],
      [shares(6_000, 4_001), 'award'],
      [shares(4_000, 6_000), 'award'],
      [shares(9_999, 1), 'award'],
      [shares(), 'award'],
      [{ floor: { price: 801, below: 'flag' } }, 'floor.price'],
      [{ floor: { price: 1, below: 'laugh' } }, 'floor'],
      [{ reservePrice: 801 }, 'reservePrice'],
      [{ floor: { price: 700, below: 'flag' }, reservePrice: 699 }, 'reservePrice'],
      [{ decrement: { mode: 'absolute', amount: 0 } }, 'decrement'],
      [{ decrement: { mode: 'basis_points', basisPoints: 10_000 } }, 'decrement'],
      [{ decrement: { mode: 'guess' } }, 'decrement'],
    ];
    expect(cases.map(([change]) => fault(change))).toEqual(cases.map(([, field]) => field));
  });
});
