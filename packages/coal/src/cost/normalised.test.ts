import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minor } from '@seam/units';
import {
  type EnergyUnit,
  ENERGY_UNITS,
  type Offer,
  convertEnergy,
  expectedPenalties,
  normalisedCost,
  rankOffers,
  rational,
} from '../index.ts';
import { P11, clause, heat, money, rule, ruleOn, share } from '../testing/clauses.ts';

const offer = (rest: Partial<Offer> = {}): Offer => ({
  price: money('600.00'),
  freight: rational(money('50.00')),
  heat: rational(23_000),
  ...rest,
});

describe('the normalised cost', () => {
  it('counts what the clause takes off for quality as worth so much less', () => {
    const ash = { parameter: 'ash', basis: 'ad', unit: '%' } as const;
    const terms = clause([
      ruleOn('ash', ash, {
        reference: '12',
        direction: 'both',
        tiers: [{ from: '0', to: null, rate: '-4' }],
      }),
      rule('heat', { reference: '5500', direction: 'both', tiers: [{ from: '0', to: null, rate: '0.1' }] }),
    ]);
    const promised = (value: string) => ({ quality: { values: [share('ash', 'ad', value), heat('5000')] } });
    const penalties = (value: string) => {
      const result = normalisedCost(offer({ clause: terms, promised: promised(value) }), rational(23_000));
      return result.ok ? [result.penalties, result.cost.normalised] : result.code;
    };
    expect(penalties('14')).toEqual([rational(800), rational(65_800)]);
    expect(penalties('11')).toEqual([rational(-400), rational(64_600)]);
    expect(expectedPenalties(money('600.00'), terms, { quality: { values: [] } })).toMatchObject({
      outcome: 'incomplete',
    });
  });
  it('has no number for what the buyer may refuse, or for no heat', () => {
    const refused = offer({ clause: P11, promised: { quality: { values: [share('ash', 'ad', '9')] } } });
    expect(normalisedCost(refused, rational(23_000))).toMatchObject({
      code: 'not_acceptable',
      outcome: { outcome: 'rejected' },
    });
    expect(normalisedCost(offer({ heat: rational(0) }), rational(23_000))).toMatchObject({
      code: 'heat_not_positive',
    });
    expect(normalisedCost(offer(), rational(0))).toMatchObject({ code: 'heat_not_positive' });
    expect(normalisedCost(offer({ price: minor(-1n) }), rational(1))).toMatchObject({
      code: 'price_negative',
    });
    expect(normalisedCost(offer({ freight: rational(-1) }), rational(1))).toMatchObject({
      code: 'price_negative',
    });
    expect(rankOffers([refused, offer()], rational(23_000))).toHaveLength(1);
  });

  it('ranks alike in any unit of heat, and whatever the reference', () => {
    const offers = fc.array(
      fc.record({
        price: fc.integer({ min: 1, max: 200_000 }),
        freight: fc.integer({ min: 0, max: 50_000 }),
        kcal: fc.integer({ min: 2_500, max: 7_200 }),
      }),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        offers,
        fc.constantFrom<EnergyUnit>(...ENERGY_UNITS),
        fc.integer({ min: 4_000, max: 7_000 }),
        (list, unit, at) => {
          const ranked = (through: EnergyUnit, reference: number): readonly number[] =>
            rankOffers(
              list.map(({ price, freight, kcal }, id) => {
                const stated = convertEnergy(rational(kcal), 'kcal/kg', through);
                return {
                  id,
                  price: minor(BigInt(price)),
                  freight: rational(freight),
                  heat: convertEnergy(stated, through, 'J/g'),
                };
              }),
              convertEnergy(rational(reference), 'kcal/kg', 'J/g'),
            ).map(({ offer: { id } }) => id);
          expect(ranked(unit, at)).toEqual(ranked('J/g', 5_500));
        },
      ),
      { numRuns: 60 },
    );
  });
});
