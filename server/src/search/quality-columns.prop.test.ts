import { type Assay, type Basis, type Share, roundHalfEven } from '@seam/coal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISSING, QUALITY_COLUMNS, exactQuality, qualityValues } from './quality-columns.ts';

const share = (bases: readonly Basis[], low: number, high: number): fc.Arbitrary<Share> =>
  fc.record({ basisPoints: fc.integer({ min: low, max: high }), basis: fc.constantFrom(...bases) });
const all = ['ar', 'ad', 'd', 'daf'] as const;

/** Whatever may be stored, sensible or not: ash of 99 % beside moisture of 60 % too. */
const assays: fc.Arbitrary<Assay> = fc
  .record(
    {
      totalMoisture: share(['ar'], 50, 6_000),
      inherentMoisture: share(['ad'], 20, 3_000),
      ash: share(['ar', 'ad', 'd'], 10, 9_900),
      volatileMatter: share(all, 10, 9_900),
      sulphur: share(all, 0, 4_000),
      fixedCarbon: share(all, 0, 9_999),
      hydrogen: share(all, 0, 2_000),
      calorificValue: fc.record({
        joulesPerGram: fc.integer({ min: 500, max: 40_000 }),
        kind: fc.constantFrom('gross' as const, 'net' as const),
        basis: fc.constantFrom(...all),
      }),
      hardgroveIndex: fc.integer({ min: 20, max: 130 }),
      size: fc.constant({ minMm: 0, maxMm: 50 }),
    },
    { requiredKeys: ['totalMoisture', 'ash', 'sulphur', 'calorificValue'] },
  )
  .map((assay) => assay as Assay);

describe('the columns of quality', () => {
  it('are the exact conversions rounded half to even, for every assay, parameter and basis', () => {
    fc.assert(
      fc.property(assays, (assay) => {
        const values = qualityValues(assay);
        QUALITY_COLUMNS.forEach((column, place) => {
          const exact = exactQuality(assay, column);
          const expected = exact ? Number(roundHalfEven(exact)) : MISSING;
          const bounded = Math.max(-0x7fff_ffff, Math.min(0x7fff_ffff, expected));
          expect(values[place], JSON.stringify(column)).toBe(exact ? bounded : MISSING);
        });
      }),
      { numRuns: 3_000 },
    );
  });

  it('let the exact fractions decide at a half: 8.25 dry at 50 % moisture is 4.12 as received, not 4.13', () => {
    const assay: Assay = {
      totalMoisture: { basisPoints: 5_000, basis: 'ar' },
      ash: { basisPoints: 825, basis: 'd' },
      sulphur: { basisPoints: 835, basis: 'd' },
      calorificValue: { joulesPerGram: 20_000, kind: 'net', basis: 'ar' },
    };
    const values = qualityValues(assay);
    const of = (parameter: string, basis: string): number | undefined =>
      values[QUALITY_COLUMNS.findIndex((column) => column.parameter === parameter && column.basis === basis)];
    expect(of('ash', 'ar')).toBe(412);
    expect(of('sulphur', 'ar')).toBe(418);
    expect(of('inherentMoisture', 'ad')).toBe(MISSING);
    expect(of('ash', 'ad')).toBe(MISSING);
  });
});
