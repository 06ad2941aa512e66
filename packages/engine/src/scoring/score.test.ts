import fs from 'node:fs';
import path from 'node:path';
import { lots, ticks } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMON } from '../oracle/reverse-open/arena.ts';
import { rankOffers, sharesOf } from './rank.ts';
import { compareScores, highestPriceFor, improved, scoreOf, scoreText } from './score.ts';
import { meritFault } from './terms.ts';
import type { BuyingTerms, Merit, Offer, ScoringRule } from './types.ts';

const shared = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../shared');
const VECTORS = path.join(shared, 'domain/vectors.json');
type Vectors = Record<string, Record<string, unknown>>;
const vectors = (): Vectors => JSON.parse(fs.readFileSync(VECTORS, 'utf8')) as Vectors;
const ABSENT = !fs.existsSync(VECTORS);

const ENERGY: ScoringRule = {
  mode: 'energy',
  calorificReference: 5_500,
  unit: 'kcal_per_kg',
  basis: 'nar',
  calorificMinimum: 4_000,
};
const MIXED: ScoringRule = { mode: 'mixed', coefficientMinimum: 5_000, coefficientMaximum: 20_000 };

function terms(scoring: ScoringRule, more: Partial<BuyingTerms> = {}) {
  return {
    ...COMMON,
    scoring,
    award: { mode: 'quantity' } as const,
    floor: null,
    reservePrice: null,
    ...more,
  };
}

const heat = (calorificValue: number, freight: string, expectedPenalties = '0'): Merit => ({
  mode: 'energy',
  calorificValue,
  freight,
  expectedPenalties,
});

function offer(accountId: string, price: number, merit: Merit, seq: number, quantity = 10): Offer {
  return {
    accountId,
    price: ticks(price),
    quantity: lots(quantity),
    minimumAcceptable: lots(0),
    merit,
    seq,
  };
}

/** P16 of the rule book: C is dearest per tonne and cheapest for its heat. */
const COALS = [
  offer('A', 642, heat(5_500, '5800'), 1),
  offer('B', 571, heat(4_950, '6100', '600'), 2),
  offer('C', 690, heat(5_820, '4000'), 3),
];
const shown = () =>
  Object.fromEntries(COALS.map((coal) => [coal.accountId, scoreText(scoreOf(terms(ENERGY), coal))]));
const ranked = () => rankOffers(terms(ENERGY), COALS).lines.map((line) => line.accountId);

describe('the score of heat', () => {
  it('is (price + freight) × reference / guaranteed + penalties', () => {
    expect(shown()).toEqual({ A: '700.0000', B: '708.2222', C: '689.8625' });
    expect(ranked()).toEqual(['C', 'A', 'B']);
  });

  it.skipIf(ABSENT)('agrees with the vector P16_norm of the shared rule book', () => {
    const { rank, ...scores } = vectors()['P16_norm'] ?? {};
    expect(shown()).toEqual(scores);
    expect(ranked()).toEqual(rank);
  });

  it('tells apart what four digits cannot', () => {
    const [one, two] = [heat(5_499, '0'), heat(5_500, '0')];
    const grid = { ...terms(ENERGY), tickSize: '1' };
    const a = scoreOf(grid, { price: ticks(5_499), merit: one });
    const b = scoreOf(grid, { price: ticks(5_500), merit: two });
    expect(compareScores(a, b)).toBe(0);
    const c = scoreOf(grid, { price: ticks(5_498), merit: one });
    expect(compareScores(c, a)).toBe(-1);
  });
});

describe('the score of a mixed tender', () => {
  const merit = (coefficient: number, addition = '0'): Merit => ({ mode: 'mixed', coefficient, addition });

  it('divides by the coefficient and adds what is not price', () => {
    const score = (price: number, of: Merit) =>
      scoreText(scoreOf(terms(MIXED), { price: ticks(price), merit: of }));
    expect(score(700, merit(10_500))).toBe('666.6667');
    expect(score(700, merit(10_000, '1250'))).toBe('712.5000');
    expect(score(700, merit(10_500, '1250'))).toBe('679.1667');
  });

  it.skipIf(ABSENT)('agrees with the vector A15_meat of the shared rule book', () => {
    const score = scoreOf(terms(MIXED), { price: ticks(700), merit: merit(10_500) });
    expect(scoreText(score)).toBe(vectors()['A15_meat']?.['eff']);
  });
});

describe('the price that reaches a score', () => {
  const merits = fc.oneof(
    fc.constant({ rule: { mode: 'price' }, merit: null as Merit }),
    fc
      .record({ cv: fc.integer({ min: 4_000, max: 7_000 }), freight: fc.nat(20_000), penalty: fc.nat(2_000) })
      .map(({ cv, freight, penalty }) => ({ rule: ENERGY, merit: heat(cv, `${freight}`, `${penalty}`) })),
    fc
      .record({ coefficient: fc.integer({ min: 5_000, max: 20_000 }), addition: fc.nat(9_000) })
      .map(({ coefficient, addition }) => ({
        rule: MIXED,
        merit: { mode: 'mixed', coefficient, addition: `${addition}` } as Merit,
      })),
  );

  it('is the highest that does: one tick more is worse', () => {
    fc.assert(
      fc.property(merits, fc.nat(900_000), fc.integer({ min: 1, max: 9_999 }), ({ rule, merit }, n, d) => {
        const target = { numerator: BigInt(n), denominator: BigInt(d) };
        const price = highestPriceFor(terms(rule), merit, target);
        const better = (p: number) =>
          compareScores(scoreOf(terms(rule), { price: ticks(p), merit }), target) <= 0;
        if (price === null) expect(better(0)).toBe(false);
        else expect([better(price), better(price + 1)]).toEqual([true, false]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a fall by a decrement is that much of the score, or that part of it', () => {
    const from = scoreOf(terms(ENERGY), { price: ticks(642), merit: heat(5_500, '5800') });
    const text = (decrement: Parameters<typeof improved>[2]) =>
      scoreText(improved(terms(ENERGY), from, decrement));
    expect(text({ mode: 'absolute', amount: ticks(5) })).toBe('695.0000');
    expect(text({ mode: 'basis_points', basisPoints: 150 })).toBe('689.5000');
  });

  it('is none when freight alone is more', () => {
    const target = scoreOf(terms(ENERGY), { price: ticks(0), merit: heat(5_500, '5800') });
    expect(highestPriceFor(terms(ENERGY), heat(5_500, '5801'), target)).toBeNull();
    expect(highestPriceFor(terms(ENERGY), heat(5_500, '5800'), target)).toBe(0);
  });
});

describe('ranking', () => {
  const PRICE: ScoringRule = { mode: 'price' };

  it('goes by score, then larger quantity, then earlier offer, and shares the quantity out', () => {
    const offers = [
      offer('late', 700, null, 9, 4),
      offer('early', 700, null, 3, 4),
      offer('large', 700, null, 10, 5),
      offer('cheap', 690, null, 11, 3),
    ];
    const { lines, margin } = rankOffers(terms(PRICE), offers);
    expect(lines.map((line) => [line.accountId, line.allocated])).toEqual([
      ['cheap', 3],
      ['large', 5],
      ['early', 2],
      ['late', 0],
    ]);
    expect(margin && scoreText(margin)).toBe('700.0000');
  });

  it('has no margin while something is not offered for', () => {
    expect(rankOffers(terms(PRICE), [offer('one', 700, null, 1, 9)]).margin).toBeNull();
  });

  it('gives fixed shares to the first in rank', () => {
    const award = { mode: 'shares', basisPoints: [6_000, 4_000] } as const;
    const three = [offer('x', 700, null, 1), offer('y', 690, null, 2), offer('z', 690, null, 3)];
    const { lines, margin } = rankOffers(terms(PRICE, { award }), three);
    expect(lines.map((line) => [line.accountId, line.allocated])).toEqual([
      ['y', 6],
      ['z', 4],
      ['x', 0],
    ]);
    expect(margin && scoreText(margin)).toBe('690.0000');
    expect(rankOffers(terms(PRICE, { award }), three.slice(0, 1)).margin).toBeNull();
  });

  it('rounds shares to lots that add up', () => {
    expect(sharesOf(lots(10), [5_500, 4_500])).toEqual([6, 4]);
    expect(sharesOf(lots(10), [3_400, 3_300, 3_300])).toEqual([4, 3, 3]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 - 1 }),
        fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 3 }),
        (quantity, some) => {
          const rest = 10_000 - some.reduce((sum, share) => sum + share, 0);
          fc.pre(rest > 0);
          const shares = sharesOf(lots(quantity), [...some, rest]);
          expect(shares.reduce((sum: number, share) => sum + share, 0)).toBe(quantity);
        },
      ),
    );
  });
});

describe('what an offer declares', () => {
  it('is just what the rule asks, within its limits', () => {
    expect(meritFault(ENERGY, null)).toBe('merit');
    expect(meritFault(MIXED, heat(5_500, '0'))).toBe('merit');
    expect(meritFault({ mode: 'price' }, heat(5_500, '0'))).toBe('merit');
    expect(meritFault(ENERGY, heat(3_999, '0'))).toBe('calorificValue');
    expect(meritFault(ENERGY, heat(50_001, '0'))).toBe('calorificValue');
    expect(meritFault(ENERGY, heat(4_000.5, '0'))).toBe('calorificValue');
    expect(meritFault(ENERGY, heat(4_000, '-1'))).toBe('freight');
    expect(meritFault(ENERGY, heat(4_000, '0', '1.5'))).toBe('expectedPenalties');
    expect(meritFault(ENERGY, heat(4_000, '0', '0'))).toBeNull();
    const mixed = (coefficient: number, addition: string) =>
      meritFault(MIXED, { mode: 'mixed', coefficient, addition });
    expect([mixed(4_999, '0'), mixed(20_001, '0'), mixed(5_000, ''), mixed(20_000, '7')]).toEqual([
      'coefficient',
      'coefficient',
      'addition',
      null,
    ]);
  });
});
