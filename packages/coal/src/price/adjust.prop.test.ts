import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minor } from '@seam/units';
import {
  type AdjustmentRule,
  type QualityClause,
  type Tier,
  absolute,
  adjustPrice,
  compare,
  parseQualityClause,
  rational,
  subtract,
} from '../index.ts';

const cents = (value: number): string => (value / 100).toFixed(2);

/** Bands joined end to end; `sign` of every rate as given. */
const tiers = (sign: 1 | -1): fc.Arbitrary<Tier[]> =>
  fc
    .tuple(
      fc.array(
        fc.record({ width: fc.integer({ min: 1, max: 40_000 }), rate: fc.integer({ min: 0, max: 9_999 }) }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      fc.integer({ min: 0, max: 5_000 }),
      fc.boolean(),
    )
    .map(([bands, start, endless]) => {
      let from = start;
      return bands.map(({ width, rate }, index) => {
        const to = from + width;
        const last = endless && index === bands.length - 1;
        const tier = { from: cents(from), to: last ? null : cents(to), rate: cents(sign * rate) };
        from = to;
        return tier;
      });
    });

/** Rules of one sense: more heat never lowers the price. */
const rule = (id: string): fc.Arbitrary<AdjustmentRule> =>
  fc.constantFrom<'above' | 'below' | 'both'>('above', 'below', 'both').chain((direction) =>
    fc.record({
      id: fc.constant(id),
      parameter: fc.constant('calorificValue' as const),
      kind: fc.constant('net' as const),
      basis: fc.constant('ar' as const),
      unit: fc.constant('kcal/kg' as const),
      reference: fc.integer({ min: 3_000, max: 7_000 }).map(String),
      direction: fc.constant(direction),
      tiers: tiers(direction === 'below' ? -1 : 1),
      per: fc.constantFrom('1', '10', '33.3', '100'),
      tierMode: fc.constant('marginal' as const),
      stepMode: fc.constantFrom<AdjustmentRule['stepMode']>('floor', 'ceil', 'prorata', 'flat'),
      rateUnit: fc.constant('money_per_tonne' as const),
      stage: fc.integer({ min: 1, max: 3 }),
    }),
  );
const clause = fc
  .tuple(rule('a'), rule('b'), fc.option(fc.integer({ min: 0, max: 9_000 })))
  .map(([a, b, bonus]): QualityClause => ({
    schema: 'seam.quality-clause.1',
    rounding: 'half_up',
    rules: [a, b],
    ...(bonus !== null && { limits: { maximumBonus: cents(bonus), maximumPenalty: cents(bonus) } }),
  }));
const kcal = fc.integer({ min: 1_000, max: 9_000 });
const price = fc.bigInt(0n, 200_000n).map((value) => minor(value));

function adjusted(base: ReturnType<typeof minor>, terms: QualityClause, value: number) {
  const result = adjustPrice(base, terms, {
    values: [
      { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg', value: String(value) },
    ],
  });
  if (result.outcome !== 'adjusted') throw new Error(result.outcome);
  return result;
}

describe('price adjustment', () => {
  it('never pays less for more heat, whatever tiers, steps, caps and limits of one sense', () => {
    fc.assert(
      fc.property(price, clause, kcal, kcal, (base, terms, one, other) => {
        expect(parseQualityClause(terms).ok).toBe(true);
        const low = adjusted(base, terms, Math.min(one, other));
        const high = adjusted(base, terms, Math.max(one, other));
        expect(compare(low.exactPrice, high.exactPrice)).toBeLessThanOrEqual(0);
        expect(low.unitPrice <= high.unitPrice).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is never further than half a minor unit from the exact price, and its lines add up to it', () => {
    fc.assert(
      fc.property(price, clause, kcal, (base, terms, value) => {
        const result = adjusted(base, terms, value);
        const off = absolute(subtract(rational(result.unitPrice), result.exactPrice));
        expect(compare(off, rational(1, 2))).toBeLessThanOrEqual(0);
        const lines = [...result.items, ...result.limits].reduce(
          (sum, line) => ({
            numerator: sum.numerator * line.amount.denominator + line.amount.numerator * sum.denominator,
            denominator: sum.denominator * line.amount.denominator,
          }),
          rational(base),
        );
        expect(compare(lines, result.exactPrice)).toBe(0);
      }),
    );
  });

  it('changes nothing at the reference', () => {
    fc.assert(
      fc.property(price, rule('a'), (base, only) => {
        const terms: QualityClause = { schema: 'seam.quality-clause.1', rounding: 'half_up', rules: [only] };
        expect(adjusted(base, terms, Number(only.reference)).unitPrice).toBe(base);
      }),
    );
  });

  it('pays the same whichever unit the laboratory wrote', () => {
    fc.assert(
      fc.property(price, clause, kcal, (base, terms, value) => {
        // kcal/kg to MJ/kg is a finite decimal: 4.1868 J.
        const inMegajoules = (BigInt(value) * 41_868n).toString().padStart(8, '0');
        const result = adjustPrice(base, terms, {
          values: [
            {
              parameter: 'calorificValue',
              kind: 'net',
              basis: 'ar',
              unit: 'MJ/kg',
              value: `${inMegajoules.slice(0, -7)}.${inMegajoules.slice(-7)}`,
            },
          ],
        });
        expect(result).toMatchObject({ exactPrice: adjusted(base, terms, value).exactPrice });
      }),
    );
  });
});
