import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minor } from '@seam/units';
import {
  type AnyClause,
  type PriceRule,
  type Tier,
  compare,
  evaluateClause,
  parseClause,
  payoffCurve,
  rational,
  readCurve,
  shortDecimal,
} from '../index.ts';
import { HEAT } from '../testing/clauses.ts';

const cents = (value: number): string => (value / 100).toFixed(2);

const tiers: fc.Arbitrary<Tier[]> = fc
  .tuple(
    fc.array(
      fc.record({
        width: fc.integer({ min: 5_000, max: 60_000 }),
        rate: fc.integer({ min: -3_000, max: 3_000 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    fc.integer({ min: 0, max: 20_000 }),
    fc.boolean(),
  )
  .map(([bands, start, endless]) => {
    let from = start;
    return bands.map(({ width, rate }, index) => {
      const last = endless && index === bands.length - 1;
      const tier = { from: cents(from), to: last ? null : cents(from + width), rate: cents(rate) };
      from += width;
      return tier;
    });
  });

const rule = (id: string): fc.Arbitrary<PriceRule> =>
  fc
    .record({
      reference: fc.integer({ min: 4_500, max: 6_000 }).map(String),
      direction: fc.constantFrom('above' as const, 'below' as const, 'both' as const),
      tiers,
      per: fc.constantFrom('33.3', '50', '100'),
      tierMode: fc.constantFrom('marginal' as const, 'whole' as const),
      stepMode: fc.constantFrom('floor' as const, 'ceil' as const, 'prorata' as const, 'flat' as const),
      rateUnit: fc.constantFrom(
        'money_per_tonne' as const,
        'percent_of_price' as const,
        'unit_price' as const,
      ),
      edge: fc.option(fc.constantFrom('from' as const, 'to' as const), { nil: undefined }),
      cap: fc.option(fc.integer({ min: 1, max: 5_000 }).map(cents), { nil: undefined }),
      reject: fc.option(
        fc.constantFrom({ below: '4300' }, { above: '6300' }, { below: '4300', above: '6300' }),
        { nil: undefined },
      ),
    })
    .map(({ edge, cap, reject, ...rest }): PriceRule => {
      const unitDigits = rest.rateUnit === 'unit_price' ? { unitDigits: 4 } : {};
      return {
        id,
        ...HEAT,
        ...rest,
        ...unitDigits,
        stage: 1,
        ...(edge && { edge }),
        ...(cap && { cap }),
        ...(reject && { reject }),
      };
    });

const limits = fc.option(
  fc.record({
    maximumBonus: fc.integer({ min: 0, max: 9_000 }).map(cents),
    maximumPenalty: fc.integer({ min: 0, max: 9_000 }).map(cents),
    band: fc.constant({ ...HEAT, reference: '5500', minimum: '370', maximum: '570' }),
  }),
  { nil: undefined },
);
const clause = fc.tuple(rule('a'), rule('b'), limits).map(([a, b, held]): AnyClause => ({
  schema: 'seam.quality-clause.2',
  rounding: 'half_up',
  rules: [a, b],
  ...(held && { limits: held }),
}));
const price = fc.bigInt(1_000n, 90_000n).map((value) => minor(value));
/** Between the grid of the clause as well as on it. */
const place = fc.integer({ min: 4_000_000, max: 6_500_000 });

describe('the pay-off curve', () => {
  it('is, at any point, exactly what the clause pays there', () => {
    fc.assert(
      fc.property(clause, price, fc.array(place, { minLength: 1, maxLength: 6 }), (terms, base, places) => {
        expect(parseClause(terms).ok).toBe(true);
        const curve = payoffCurve({ clause: terms, price: base, measure: HEAT, from: '4000', to: '6500' });
        if (!curve.ok) throw new Error(curve.code);
        const steps = curve.points.map(({ at }) => at).slice(0, 40);
        for (const x of [...places.map((of) => rational(of, 1_000)), ...steps]) {
          const value = shortDecimal(x, 9);
          const read = readCurve(curve, x);
          // Only what a laboratory can write: a place that is no decimal is checked by the lines around it.
          if (compare(rational(BigInt(Math.round(Number(value) * 1e6)), 1_000_000), x) !== 0) continue;
          const paid = evaluateClause(base, terms, { quality: { values: [{ ...HEAT, value }] } });
          if (paid.outcome === 'adjusted') expect(read).toEqual(paid.exactPrice);
          else expect(read).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not step where the clause counts pro rata from the edge of its first band', () => {
    fc.assert(
      fc.property(rule('a'), price, (only, base) => {
        const smooth: PriceRule = {
          ...only,
          stepMode: 'prorata',
          tierMode: 'marginal',
          tiers: only.tiers.map((tier) => tier),
        };
        const { reject: _, ...rest } = smooth;
        const terms: AnyClause = {
          schema: 'seam.quality-clause.2',
          rounding: 'half_up',
          rules: [rest],
        };
        const curve = payoffCurve({ clause: terms, price: base, measure: HEAT, from: '4000', to: '6500' });
        if (!curve.ok) throw new Error(curve.code);
        curve.pieces.forEach(({ ends }, index) => {
          expect(ends?.[0]).toEqual(curve.points[index]?.value);
          expect(ends?.[1]).toEqual(curve.points[index + 1]?.value);
        });
      }),
      { numRuns: 60 },
    );
  });
});
