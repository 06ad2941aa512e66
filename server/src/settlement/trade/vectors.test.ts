/** The worked numbers of the trade through the very functions that settle: rules, weight, invoices. */
import {
  type AdjustmentRule,
  type CertifiedValue,
  JURISDICTION_PACKS,
  type PriceLimits,
  type QualityClause,
  type WeightRule,
  freezeFormula,
  rational,
  regulatedBand,
} from '@seam/coal';
import { formatMoney } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { termsBetween } from '../../../test/trade/binding-contract.ts';
import { formulaPricePerTonne } from '../../contracts/public.ts';
import { finalInvoice, provisionalInvoice } from './rules.ts';

type Rule = Partial<AdjustmentRule> & Pick<AdjustmentRule, 'id' | 'reference' | 'tiers'>;
const percent = { basis: 'ar', unit: '%' } as const;
const kcal = { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg' } as const;

function rule(of: Rule): AdjustmentRule {
  return {
    parameter: 'ash',
    ...percent,
    direction: 'above',
    per: '1',
    tierMode: 'marginal',
    stepMode: 'prorata',
    rateUnit: 'money_per_tonne',
    stage: 1,
    ...of,
  };
}
const flat = (rate: string) => [{ from: '0', to: null, rate }];

function settled(of: {
  price: bigint;
  kg?: bigint;
  rules: readonly AdjustmentRule[];
  weight?: WeightRule;
  limits?: PriceLimits;
  values: readonly CertifiedValue[];
}) {
  const base = termsBetween('s', 'b', { pricePerTonne: of.price, quantityKg: of.kg ?? 1000n });
  const quality: QualityClause = {
    schema: 'seam.quality-clause.1',
    rounding: 'half_up',
    rules: of.rules,
    ...(of.weight && { weight: of.weight }),
    ...(of.limits && { limits: of.limits }),
  };
  return finalInvoice({ ...base, quality }, { liftedKg: of.kg ?? 1000n, quality: { values: of.values } });
}
const heat = (value: string): CertifiedValue => ({ ...kcal, value });
const share = (parameter: 'ash' | 'sulphur' | 'volatileMatter' | 'totalMoisture', value: string) => ({
  parameter,
  ...percent,
  value,
});

describe('the vectors of settlement', () => {
  it('P1 heat pro rata, then moisture and ash as percent of what that left', () => {
    const rules = [
      rule({
        id: 'cv',
        ...kcal,
        reference: '6000',
        per: '60',
        direction: 'both',
        rateUnit: 'percent_of_price',
        tiers: flat('1'),
      }),
      rule({
        id: 'm',
        parameter: 'totalMoisture',
        reference: '10',
        stage: 2,
        rateUnit: 'percent_of_price',
        tiers: flat('-1'),
      }),
      rule({ id: 'a', reference: '12', stage: 2, rateUnit: 'percent_of_price', tiers: flat('-1') }),
    ];
    const values = [heat('5872'), share('totalMoisture', '11.20'), share('ash', '13.10')];
    expect(settled({ price: 12_000n, rules, values })).toMatchObject({ unitPrice: 11_474n });
  });

  it('P2 steps of 100 kcal, whole or pro rata, and refusal below 4,800', () => {
    const clause = (stepMode: 'floor' | 'prorata') => [
      rule({
        id: 'above',
        ...kcal,
        reference: '5000',
        per: '100',
        stepMode,
        tiers: [
          { from: '0', to: '500', rate: '10' },
          { from: '500', to: '800', rate: '5' },
        ],
      }),
      rule({
        id: 'below',
        ...kcal,
        reference: '5000',
        direction: 'below',
        tierMode: 'whole',
        stepMode: 'flat',
        tiers: [
          { from: '0', to: '100', rate: '-10' },
          { from: '100', to: null, rate: '-20' },
        ],
        reject: { below: '4800' },
      }),
      rule({ id: 's', parameter: 'sulphur', reference: '0.80', per: '0.1', stepMode, tiers: flat('-5') }),
      rule({
        id: 'v',
        parameter: 'volatileMatter',
        reference: '28',
        direction: 'below',
        stepMode,
        tiers: flat('-10'),
      }),
    ];
    const of = (stepMode: 'floor' | 'prorata', cv: string, s = '0.80', v = '28') =>
      settled({
        price: 62_000n,
        rules: clause(stepMode),
        values: [heat(cv), share('sulphur', s), share('volatileMatter', v)],
      });
    expect(of('floor', '5730', '0.95', '26.5')).toMatchObject({ unitPrice: 66_500n });
    expect(of('prorata', '5730', '0.95', '26.5')).toMatchObject({ unitPrice: 65_900n });
    expect(of('floor', '4950')).toMatchObject({ unitPrice: 61_000n });
    expect(of('prorata', '4950')).toMatchObject({ unitPrice: 61_000n });
    expect(of('floor', '4799')).toMatchObject({ outcome: 'undecided' });
  });

  it('P3 two-tier deductions add up', () => {
    const two = (to: string, low: string, high: string) => [
      { from: '0', to, rate: low },
      { from: to, to: null, rate: high },
    ];
    const rules = [
      rule({ id: 'a', reference: '11', per: '0.1', tiers: two('0.5', '-3', '-6') }),
      rule({ id: 's', parameter: 'sulphur', reference: '0.60', per: '0.01', tiers: two('0.05', '-3', '-6') }),
      rule({ id: 'cv', ...kcal, reference: '7500', direction: 'below', tiers: flat('-0.2') }),
      rule({ id: 'v', parameter: 'volatileMatter', reference: '12', tiers: flat('-3') }),
      {
        id: 'hgi',
        parameter: 'hardgroveIndex' as const,
        unit: 'HGI' as const,
        reference: '60',
        direction: 'below' as const,
        per: '1',
        tierMode: 'marginal' as const,
        stepMode: 'prorata' as const,
        rateUnit: 'money_per_tonne' as const,
        stage: 1,
        tiers: two('5', '-3', '-6'),
      },
    ];
    const values = [
      share('ash', '11.8'),
      share('sulphur', '0.67'),
      heat('7430'),
      share('volatileMatter', '11.2'),
      { parameter: 'hardgroveIndex' as const, unit: 'HGI' as const, value: '57' },
    ];
    // 33 + 27 + 14 + 9.
    expect(settled({ price: 118_000n, rules, values })).toMatchObject({ unitPrice: 109_700n });
  });

  it('P4 a price per kcal, double below a second limit', () => {
    const rules = [
      rule({ id: 'above', ...kcal, reference: '5000', tiers: flat('0.1240') }),
      rule({
        id: 'below',
        ...kcal,
        reference: '5000',
        direction: 'below',
        tiers: [
          { from: '0', to: '100', rate: '-0.1240' },
          { from: '100', to: null, rate: '-0.2480' },
        ],
      }),
    ];
    const at = (cv: string) => settled({ price: 62_000n, rules, values: [heat(cv)] });
    expect(at('4920')).toMatchObject({ unitPrice: 61_008n });
    expect(at('4870')).toMatchObject({ unitPrice: 60_016n });
    expect(at('5060')).toMatchObject({ unitPrice: 62_744n });
  });

  it('P5 excess moisture off the weight, three ways', () => {
    const mass = (weight: WeightRule) =>
      settled({
        price: 60_000n,
        kg: 10_000_000n,
        rules: [],
        weight,
        values: [share('totalMoisture', '16')],
      });
    expect(mass({ method: 'dry_equivalent', reference: '14' })).toMatchObject({ mass: 9_767_442n });
    expect(mass({ method: 'simple', reference: '14' })).toMatchObject({ mass: 9_800_000n });
    expect(mass({ method: 'simple', reference: '14', factor: '1.5' })).toMatchObject({ mass: 9_700_000n });
  });

  it('P6 an annual price by four indices, within its band, is what is invoiced', () => {
    const indices = ['ncei', 'bspi', 'cctd', 'ceci'];
    const text = `clamp(700 + 0.5 * (mean(${indices.join(', ')}) - 700), 550, 850)`;
    const frozen = freezeFormula(text, { indices, parameters: [] });
    if (!frozen.ok) throw new Error(frozen.code);
    const invoiced = (values: readonly string[]) => {
      const quotations = indices.map((index, at) => ({
        index,
        date: '2026-10-31',
        value: values[at]!,
        source: 'published',
      }));
      const price = formulaPricePerTonne({ frozen: frozen.formula, quotations, text } as never);
      const terms = termsBetween('s', 'b', { pricePerTonne: price!, quantityKg: 1_000_000n });
      return provisionalInvoice(terms);
    };
    expect(invoiced(['780', '735', '845', '820'])).toMatchObject({
      amount: 74_750_000n,
      detail: { unitPrice: '74750' },
    });
    expect(invoiced(['1200', '1200', '1200', '1200']).amount).toBe(85_000_000n);
  });

  it('P7 a regulated band for the heat of the coal holds the price', () => {
    const of = { area: 'shanxi', day: '2026-11-22', heat: rational(4800), unit: 'kcal20/kg' } as const;
    const band = regulatedBand(JURISDICTION_PACKS[0]!, of);
    if (!band.ok) throw new Error(band.code);
    const limits = {
      minimumPrice: formatMoney(band.shown.low),
      maximumPrice: formatMoney(band.shown.high),
    };
    expect(limits).toEqual({ minimumPrice: '322.91', maximumPrice: '497.45' });
    const at = (price: bigint) => settled({ price, rules: [], limits, values: [heat('4800')] });
    expect(at(52_000n)).toMatchObject({ unitPrice: 49_745n });
    expect(at(30_000n)).toMatchObject({ unitPrice: 32_291n });
    expect(at(40_000n)).toMatchObject({ unitPrice: 40_000n });
  });

  it('P8 a price that falls faster than heat, straight between the named heats', () => {
    const rules = [
      rule({
        id: 'cv',
        ...kcal,
        reference: '5500',
        direction: 'below',
        per: '500',
        rateUnit: 'percent_of_price',
        tiers: [
          { from: '0', to: '500', rate: '-12' },
          { from: '500', to: '1000', rate: '-11' },
        ],
      }),
    ];
    const at = (cv: string) => settled({ price: 100_000n, rules, values: [heat(cv)] });
    expect(at('5000')).toMatchObject({ unitPrice: 88_000n });
    expect(at('4800')).toMatchObject({ unitPrice: 83_600n });
    expect(at('4500')).toMatchObject({ unitPrice: 77_000n });
  });

  it('P9 coal of a lower grade is credited the difference of the notified prices', () => {
    // Declared G8, above 4,900; 4,500 is G10, two bands of 300 below.
    const rules = [
      rule({
        id: 'grade',
        parameter: 'calorificValue',
        kind: 'gross',
        basis: 'ad',
        unit: 'kcal/kg',
        reference: '4900',
        direction: 'below',
        tierMode: 'whole',
        stepMode: 'flat',
        tiers: [
          { from: '0', to: '300', rate: '-80' },
          { from: '300', to: '600', rate: '-170' },
        ],
      }),
    ];
    const kg = 3_850_250n;
    const gross = { parameter: 'calorificValue', kind: 'gross', basis: 'ad', unit: 'kcal/kg' } as const;
    const final = settled({ price: 115_000n, kg, rules, values: [{ ...gross, value: '4500' }] });
    const base = termsBetween('s', 'b', { pricePerTonne: 115_000n, quantityKg: kg });
    if (final.outcome !== 'priced') throw new Error(final.reason);
    expect(provisionalInvoice(base).amount - final.amount).toBe(65_454_250n);
  });

  it('P10 heat in Btu a pound, in proportion to the price', () => {
    const btu = { parameter: 'calorificValue', kind: 'gross', basis: 'ar', unit: 'Btu/lb' } as const;
    const rules = [
      rule({
        id: 'btu',
        ...btu,
        reference: '11000',
        direction: 'both',
        per: '11000',
        rateUnit: 'percent_of_price',
        tiers: flat('100'),
      }),
    ];
    expect(settled({ price: 4_100n, rules, values: [{ ...btu, value: '10870' }] })).toMatchObject({
      unitPrice: 4_052n,
      detail: { adjustments: [{ id: 'btu', amount: '-0.48455' }] },
    });
  });

  it('P11 ash pro rata above a limit, refused above another', () => {
    const rules = [rule({ id: 'a', reference: '6', tiers: flat('-0.25'), reject: { above: '8' } })];
    const at = (ash: string) => settled({ price: 10_000n, rules, values: [share('ash', ash)] });
    expect(at('7.4')).toMatchObject({ unitPrice: 9965n });
    expect(at('8.01')).toMatchObject({ outcome: 'undecided' });
  });

  it('P15 provisional, then final, and what of it was paid', () => {
    const rules = [
      rule({
        id: 'cv',
        ...kcal,
        reference: '6000',
        per: '60',
        direction: 'both',
        rateUnit: 'percent_of_price',
        tiers: flat('1'),
      }),
    ];
    const kg = 55_012_340n;
    const base = termsBetween('s', 'b', { pricePerTonne: 7850n, quantityKg: kg });
    expect(provisionalInvoice(base).amount).toBe(431_846_869n);
    const part = { ...base, payment: { ...base.payment, provisionalBasisPoints: 9500 } };
    expect(provisionalInvoice(part).amount).toBe(410_254_526n);
    const final = settled({ price: 7850n, kg, rules, values: [heat('5943')] });
    expect(final).toMatchObject({ unitPrice: 7775n, amount: 427_720_944n });
    expect(427_720_944n - 410_254_526n).toBe(17_466_418n);
  });
});
