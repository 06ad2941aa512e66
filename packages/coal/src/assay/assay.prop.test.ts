import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Assay,
  type Basis,
  type Conditions,
  type EnergyUnit,
  ENERGY_UNITS,
  absolute,
  add,
  auditAssay,
  compare,
  convertBasis,
  convertEnergy,
  convertShare,
  heatOn,
  percent,
  rational,
  roundHalfEven,
  subtract,
  validateAssay,
} from '../index.ts';

const bases: readonly Basis[] = ['ar', 'ad', 'd', 'daf'];
const basis = fc.constantFrom(...bases);

/** A coal as nature made it: dry matter described exactly, then stated by a laboratory that rounds. */
const coal = fc.record({
  totalMoisture: fc.integer({ min: 300, max: 4_500 }),
  drying: fc.integer({ min: 0, max: 2_000 }),
  ashDry: fc.integer({ min: 300, max: 4_500 }),
  volatileDaf: fc.integer({ min: 500, max: 5_000 }),
  sulphurDry: fc.integer({ min: 10, max: 500 }),
  hydrogenDaf: fc.integer({ min: 250, max: 600 }),
  grossDaf: fc.integer({ min: 24_000, max: 36_000 }),
});
type Coal = typeof coal extends fc.Arbitrary<infer T> ? T : never;

function state(of: Coal, on: Basis): { assay: Assay; conditions: Conditions } {
  const inherent = Math.max(20, Math.min(3_000, of.totalMoisture - of.drying));
  const conditions: Conditions = {
    totalMoisture: rational(of.totalMoisture, 100),
    inherentMoisture: rational(inherent, 100),
    ashDry: rational(of.ashDry, 100),
  };
  const share = (basisPoints: number, from: Basis, to: Basis) =>
    convertShare({ basisPoints, basis: from }, to, conditions) ?? { basisPoints: -1, basis: to };
  const gross = (to: Basis): number =>
    Number(roundHalfEven(convertBasis(rational(of.grossDaf), 'daf', to, conditions) ?? rational(0)));
  const assay: Assay = {
    totalMoisture: { basisPoints: of.totalMoisture, basis: 'ar' },
    inherentMoisture: { basisPoints: inherent, basis: 'ad' },
    ash: share(of.ashDry, 'd', on === 'daf' ? 'd' : on),
    volatileMatter: share(of.volatileDaf, 'daf', on),
    sulphur: share(of.sulphurDry, 'd', on),
    hydrogen: share(of.hydrogenDaf, 'daf', on),
    calorificValue: { joulesPerGram: gross(on), kind: 'gross', basis: on },
  };
  return { assay, conditions };
}

describe('conversions', () => {
  it('come back exactly, by any way round the bases', () => {
    fc.assert(
      fc.property(
        coal,
        basis,
        basis,
        basis,
        fc.integer({ min: 1, max: 9_999 }),
        (of, from, over, to, value) => {
          const { conditions } = state(of, 'd');
          const start = rational(value, 100);
          const there = convertBasis(start, from, over, conditions) ?? rational(-1);
          expect(convertBasis(there, over, from, conditions)).toEqual(start);
          expect(convertBasis(there, over, to, conditions)).toEqual(
            convertBasis(start, from, to, conditions),
          );
        },
      ),
    );
  });

  it('come back within the rounding when shares are stored in between', () => {
    fc.assert(
      fc.property(coal, basis, fc.integer({ min: 1, max: 9_000 }), (of, to, basisPoints) => {
        const { conditions } = state(of, 'd');
        const there = convertShare({ basisPoints, basis: 'd' }, to, conditions);
        const back = there && convertShare(there, 'd', conditions);
        // Half a basis point there, stretched by at most 1/(1 − 0.45) on the way back, half a point again.
        expect(Math.abs((back?.basisPoints ?? Number.NaN) - basisPoints)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('change units of energy without loss', () => {
    const unit = fc.constantFrom<EnergyUnit>(...ENERGY_UNITS);
    fc.assert(
      fc.property(unit, unit, fc.integer({ min: 1, max: 40_000 }), (from, to, value) => {
        const start = rational(value);
        expect(convertEnergy(convertEnergy(start, from, to), to, from)).toEqual(start);
      }),
    );
  });

  it('go from gross to net and back exactly when the exact net is restated, and net stays below gross', () => {
    fc.assert(
      fc.property(coal, fc.constantFrom<Basis>('ar', 'ad', 'd'), (of, to) => {
        const { assay } = state(of, 'ad');
        const net = heatOn(assay, 'net', to)?.joulesPerGram ?? rational(0);
        const gross = heatOn(assay, 'gross', to)?.joulesPerGram ?? rational(0);
        expect(compare(net, gross)).toBe(-1);
        const joulesPerGram = Number(roundHalfEven(net));
        const back = heatOn(assay, 'gross', to, { joulesPerGram, kind: 'net', basis: to });
        const off = absolute(subtract(back?.joulesPerGram ?? rational(0), gross));
        expect(compare(off, rational(1, 2))).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('audit', () => {
  it('finds nothing in what one coal gives on any basis, restated on every other', () => {
    fc.assert(
      fc.property(coal, basis, (of, on) => {
        const { assay } = state(of, on);
        const everywhere = bases.map((other) => state(of, other).assay);
        const net = (['ar', 'ad', 'd'] as const).map((other) => ({
          joulesPerGram: Number(roundHalfEven(heatOn(assay, 'net', other)?.joulesPerGram ?? rational(0))),
          kind: 'net' as const,
          basis: other,
        }));
        const fixedCarbon = subtract(
          rational(100),
          add(
            rational(of.ashDry, 100),
            convertBasis(percent(assay.volatileMatter ?? assay.ash), on, 'd', state(of, on).conditions) ??
              rational(0),
          ),
        );
        const restated: Assay = {
          ...assay,
          fixedCarbon: { basisPoints: Number(roundHalfEven(fixedCarbon, 2)), basis: 'd' },
          also: {
            ash: everywhere.slice(0, 3).map((other) => other.ash),
            volatileMatter: everywhere.slice(0, 3).flatMap((other) => other.volatileMatter ?? []),
            sulphur: everywhere.slice(0, 3).map((other) => other.sulphur),
            calorificValue: [...everywhere.map((other) => other.calorificValue), ...net],
          },
        };
        expect(auditAssay(restated)).toEqual([]);
        expect(validateAssay(restated).errors).toEqual([]);
      }),
    );
  });
});
