import { describe, expect, it } from 'vitest';
import { formatMoney, minor, parseMoney, parseTonnes } from '@seam/units';
import {
  type AdjustmentRule,
  type CertifiedValue,
  type PriceAdjustment,
  type QualityClause,
  adjustPrice,
  adjustmentLines,
  certifiedFromAssay,
  divide,
  finalBalance,
  invoiceAmount,
  parseQualityClause,
  partOf,
  payableMass,
  rational,
  toDecimal,
} from '../index.ts';

const money = (text: string) => parseMoney(text) ?? minor(-1n);
const tonnes = (text: string) =>
  parseTonnes(text) ??
  (() => {
    throw new Error(text);
  })();

const heat = (value: string): CertifiedValue => ({
  parameter: 'calorificValue',
  kind: 'net',
  basis: 'ar',
  unit: 'kcal/kg',
  value,
});
const share = (
  parameter: CertifiedValue['parameter'],
  basis: 'ar' | 'ad' | 'd' | 'daf',
  value: string,
): CertifiedValue => ({ parameter, basis, unit: '%', value });

const proRata = (overrides: Partial<AdjustmentRule>): AdjustmentRule => ({
  id: 'heat',
  parameter: 'calorificValue',
  kind: 'net',
  basis: 'ar',
  unit: 'kcal/kg',
  reference: '6000',
  direction: 'both',
  tiers: [{ from: '0', to: null, rate: '100' }],
  per: '6000',
  tierMode: 'marginal',
  stepMode: 'prorata',
  rateUnit: 'percent_of_price',
  stage: 1,
  ...overrides,
});
const moneyRule = (id: string, overrides: Partial<AdjustmentRule>): AdjustmentRule => ({
  id,
  parameter: 'ash',
  basis: 'ad',
  unit: '%',
  reference: '0',
  direction: 'above',
  tiers: [],
  per: '1',
  tierMode: 'marginal',
  stepMode: 'prorata',
  rateUnit: 'money_per_tonne',
  stage: 1,
  ...overrides,
});
/** Every clause of these tests is one that the validator accepts. */
function clause(rules: readonly AdjustmentRule[], rest: Partial<QualityClause> = {}): QualityClause {
  const parsed = parseQualityClause(
    JSON.parse(JSON.stringify({ schema: 'seam.quality-clause.1', rounding: 'half_up', rules, ...rest })),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.clause;
}
function priced(result: PriceAdjustment): Extract<PriceAdjustment, { outcome: 'adjusted' }> {
  if (result.outcome !== 'adjusted') throw new Error(result.outcome);
  return result;
}
const exact = (result: PriceAdjustment, digits: number): string =>
  toDecimal(divide(priced(result).exactPrice, rational(100)), digits);

describe('price adjustment', () => {
  it('takes heat pro rata, then moisture and ash in percent of the price so adjusted', () => {
    const percentOf = {
      tiers: [{ from: '0', to: null, rate: '-1' }],
      rateUnit: 'percent_of_price',
      stage: 2,
    } as const;
    const result = adjustPrice(
      money('120.00'),
      clause([
        proRata({}),
        moneyRule('moisture', { ...percentOf, parameter: 'totalMoisture', basis: 'ar', reference: '10' }),
        moneyRule('ash', { ...percentOf, basis: 'ar', reference: '12' }),
      ]),
      { values: [heat('5872'), share('totalMoisture', 'ar', '11.20'), share('ash', 'ar', '13.10')] },
    );
    expect(exact(result, 5)).toBe('114.73888');
    expect(formatMoney(priced(result).unitPrice)).toBe('114.74');
    expect(adjustmentLines(priced(result))).toEqual([
      { id: 'heat', measured: '5872', reference: '6000', amount: '-2.56000' },
      { id: 'moisture', measured: '11.2', reference: '10', amount: '-1.40928' },
      { id: 'ash', measured: '13.1', reference: '12', amount: '-1.29184' },
    ]);
  });

  describe('of the stepped contract', () => {
    const stepped = (stepMode: 'floor' | 'prorata') =>
      clause([
        proRata({
          id: 'heat_above',
          reference: '5000',
          direction: 'above',
          rateUnit: 'money_per_tonne',
          per: '100',
          stepMode,
          tiers: [
            { from: '0', to: '500', rate: '10' },
            { from: '500', to: '800', rate: '5' },
          ],
        }),
        proRata({
          id: 'heat_below',
          reference: '5000',
          direction: 'below',
          rateUnit: 'money_per_tonne',
          per: '100',
          tierMode: 'whole',
          stepMode: 'flat',
          tiers: [
            { from: '0', to: '100', rate: '-10' },
            { from: '100', to: '200', rate: '-20' },
          ],
          reject: { below: '4800' },
        }),
        moneyRule('sulphur', {
          parameter: 'sulphur',
          basis: 'd',
          reference: '0.80',
          per: '0.1',
          stepMode,
          tiers: [{ from: '0', to: null, rate: '-5' }],
        }),
        moneyRule('volatile', {
          parameter: 'volatileMatter',
          basis: 'daf',
          reference: '28',
          direction: 'below',
          stepMode,
          tiers: [{ from: '0', to: null, rate: '-10' }],
        }),
      ]);
    const quality = (kcal: string, sulphur = '0.80', volatile = '28') => ({
      values: [heat(kcal), share('sulphur', 'd', sulphur), share('volatileMatter', 'daf', volatile)],
    });

    it.each([
      ['floor', '665.00'],
      ['prorata', '659.00'],
    ] as const)('counts steps by %s', (mode, expected) => {
      const result = adjustPrice(money('620.00'), stepped(mode), quality('5730', '0.95', '26.5'));
      expect(formatMoney(priced(result).unitPrice)).toBe(expected);
    });

    it.each(['floor', 'prorata'] as const)(
      'deducts by band below the base and refuses below the limit (%s)',
      (mode) => {
        const price = (kcal: string) =>
          formatMoney(priced(adjustPrice(money('620.00'), stepped(mode), quality(kcal))).unitPrice);
        expect(
          ['5000', '4999', '4950', '4901', '4900', '4801', '4800', '5100', '5800', '6500'].map(price),
        ).toEqual([
          '620.00',
          '610.00',
          '610.00',
          '610.00',
          '600.00',
          '600.00',
          '600.00',
          '630.00',
          '685.00',
          '685.00',
        ]);
        const refused = adjustPrice(money('620.00'), stepped(mode), quality('4799'));
        expect(refused).toMatchObject({
          outcome: 'rejected',
          rejections: [
            { ruleId: 'heat_below', side: 'below', measured: rational(4799), limit: rational(4800) },
          ],
        });
      },
    );
  });

  it('adds up tiers of a second, steeper rate', () => {
    const twoTier = (first: string, then: string, width: string) => [
      { from: '0', to: width, rate: first },
      { from: width, to: null, rate: then },
    ];
    const result = adjustPrice(
      money('1180.00'),
      clause([
        moneyRule('ash', { reference: '11', per: '0.1', basis: 'd', tiers: twoTier('-3', '-6', '0.5') }),
        moneyRule('volatile', {
          parameter: 'volatileMatter',
          basis: 'daf',
          reference: '12',
          tiers: twoTier('-3', '-6', '0.5'),
        }),
        moneyRule('sulphur', {
          parameter: 'sulphur',
          basis: 'd',
          reference: '0.60',
          per: '0.01',
          tiers: twoTier('-3', '-6', '0.05'),
        }),
        proRata({
          reference: '7500',
          direction: 'below',
          per: '1',
          rateUnit: 'money_per_tonne',
          tiers: [{ from: '0', to: null, rate: '-0.2' }],
        }),
        {
          ...moneyRule('hgi', { reference: '60', direction: 'below', tiers: twoTier('-3', '-6', '5') }),
          parameter: 'hardgroveIndex',
          unit: 'HGI',
          basis: undefined as never,
        },
      ]),
      {
        values: [
          share('ash', 'd', '11.8'),
          share('volatileMatter', 'daf', '11.2'),
          share('sulphur', 'd', '0.67'),
          heat('7430'),
          { parameter: 'hardgroveIndex', unit: 'HGI', value: '57' },
        ],
      },
    );
    expect(priced(result).items.map((item) => toDecimal(divide(item.amount, rational(100)), 2))).toEqual([
      '-33.00',
      '0.00',
      '-27.00',
      '-14.00',
      '-9.00',
    ]);
    expect(formatMoney(priced(result).unitPrice)).toBe('1097.00');
  });

  it('pays per kilocalorie and doubles below the second limit', () => {
    const perKcal = clause([
      proRata({
        id: 'above',
        reference: '5000',
        direction: 'above',
        per: '1',
        rateUnit: 'money_per_tonne',
        tiers: [{ from: '0', to: null, rate: '0.1240' }],
      }),
      proRata({
        id: 'below',
        reference: '5000',
        direction: 'below',
        per: '1',
        rateUnit: 'money_per_tonne',
        tiers: [
          { from: '0', to: '100', rate: '-0.1240' },
          { from: '100', to: null, rate: '-0.2480' },
        ],
      }),
    ]);
    const price = (kcal: string) =>
      formatMoney(priced(adjustPrice(money('620.00'), perKcal, { values: [heat(kcal)] })).unitPrice);
    expect(['4920', '4870', '5060'].map(price)).toEqual(['610.08', '600.16', '627.44']);
  });

  it('pays Btu per pound in proportion to the base', () => {
    const btu = clause([proRata({ kind: 'gross', unit: 'Btu/lb', reference: '11000', per: '11000' })]);
    const result = adjustPrice(money('41.00'), btu, {
      values: [{ parameter: 'calorificValue', kind: 'gross', basis: 'ar', unit: 'Btu/lb', value: '10870' }],
    });
    expect(adjustmentLines(priced(result))[0]?.amount).toBe('-0.48455');
    expect(formatMoney(priced(result).unitPrice)).toBe('40.52');
  });

  it('deducts for ash pro rata and refuses beyond the limit', () => {
    const ash = clause([
      moneyRule('ash', {
        reference: '6',
        tiers: [{ from: '0', to: null, rate: '-0.25' }],
        reject: { above: '8' },
      }),
    ]);
    const of = (value: string) => adjustPrice(money('80.00'), ash, { values: [share('ash', 'ad', value)] });
    expect(exact(of('7.4'), 3)).toBe('79.650');
    expect(exact(of('8'), 2)).toBe('79.50');
    expect(of('8.01').outcome).toBe('rejected');
    const limitOnly = clause([moneyRule('ash', { reference: '6', reject: { above: '8' } })]);
    const within = adjustPrice(money('80.00'), limitOnly, { values: [share('ash', 'ad', '7')] });
    expect(priced(within)).toMatchObject({ items: [], unitPrice: 8_000n });
  });

  it('leaves a band of tolerance free and counts from its edge', () => {
    const ash = clause([
      moneyRule('ash', { reference: '12', tiers: [{ from: '0.5', to: null, rate: '-4' }] }),
    ]);
    const of = (value: string) =>
      exact(adjustPrice(money('500.00'), ash, { values: [share('ash', 'ad', value)] }), 2);
    expect(['12', '12.5', '13', '11'].map(of)).toEqual(['500.00', '500.00', '498.00', '500.00']);
    const whole = clause([
      moneyRule('ash', {
        reference: '12',
        tierMode: 'whole',
        stepMode: 'ceil',
        tiers: [{ from: '0.5', to: null, rate: '-4' }],
      }),
    ]);
    const all = (value: string) =>
      exact(adjustPrice(money('500.00'), whole, { values: [share('ash', 'ad', value)] }), 2);
    expect(['12.49', '12.5', '13', '13.01'].map(all)).toEqual(['500.00', '496.00', '496.00', '492.00']);
  });

  it('counts nothing past the last band, and a flat band from its edge on', () => {
    const ended = (overrides: Partial<AdjustmentRule>) => (value: string) => {
      const terms = clause([
        moneyRule('ash', {
          reference: '10',
          tiers: [
            { from: '0', to: '1', rate: '-1' },
            { from: '1', to: '3', rate: '-4' },
          ],
          ...overrides,
        }),
      ]);
      return exact(adjustPrice(money('500.00'), terms, { values: [share('ash', 'ad', value)] }), 2);
    };
    const values = ['10.5', '11', '12', '13', '20'];
    expect(values.map(ended({ tierMode: 'whole' }))).toEqual([
      '499.50',
      '496.00',
      '492.00',
      '488.00',
      '488.00',
    ]);
    expect(values.map(ended({}))).toEqual(['499.50', '499.00', '495.00', '491.00', '491.00']);
    expect(values.map(ended({ stepMode: 'flat' }))).toEqual([
      '499.00',
      '495.00',
      '495.00',
      '495.00',
      '495.00',
    ]);
  });

  it('holds caps of a rule and limits of the clause, and never sells below zero', () => {
    const steep = (rest: Partial<QualityClause>, cap?: string) =>
      clause(
        [
          moneyRule('ash', {
            reference: '10',
            tiers: [{ from: '0', to: null, rate: '-30' }],
            direction: 'both',
            ...(cap && { cap }),
          }),
        ],
        rest,
      );
    const of = (terms: QualityClause, value: string) =>
      adjustPrice(money('500.00'), terms, { values: [share('ash', 'ad', value)] });
    expect(exact(of(steep({}, '45'), '13'), 2)).toBe('455.00');
    expect(exact(of(steep({}, '45'), '7'), 2)).toBe('545.00');
    expect(exact(of(steep({ limits: { maximumPenalty: '40' } }), '13'), 2)).toBe('460.00');
    expect(exact(of(steep({ limits: { maximumBonus: '40' } }), '7'), 2)).toBe('540.00');
    expect(exact(of(steep({ limits: { minimumPrice: '480', maximumPrice: '510' } }), '13'), 2)).toBe(
      '480.00',
    );
    expect(exact(of(steep({ limits: { minimumPrice: '480', maximumPrice: '510' } }), '7'), 2)).toBe('510.00');
    const bottom = priced(of(steep({}), '60'));
    expect(bottom.unitPrice).toBe(0n);
    expect(adjustmentLines(bottom)).toEqual([
      { id: 'ash', measured: '60', reference: '10', amount: '-1500.00000' },
      { id: 'minimumPrice', amount: '1000.00000' },
    ]);
  });

  it('reads a certificate on another basis or in another unit, exactly', () => {
    const terms = clause([
      proRata({ kind: 'gross', unit: 'kcal/kg' }),
      moneyRule('sulphur', {
        parameter: 'sulphur',
        basis: 'd',
        reference: '1',
        tiers: [{ from: '0', to: null, rate: '-10' }],
      }),
    ]);
    const values: CertifiedValue[] = [
      { parameter: 'calorificValue', kind: 'gross', basis: 'ad', unit: 'J/g', value: '26000' },
      share('sulphur', 'ar', '0.99'),
      share('totalMoisture', 'ar', '10'),
      share('inherentMoisture', 'ad', '5'),
    ];
    const result = priced(adjustPrice(money('600.00'), terms, { values }));
    expect(result.items[1]?.measured).toEqual(rational(11, 10));
    expect(toDecimal(result.items[0]?.measured ?? rational(0), 4)).toBe('5883.1516');
    const withoutMoisture = adjustPrice(money('600.00'), terms, { values: values.slice(0, 2) });
    expect(withoutMoisture).toMatchObject({
      outcome: 'incomplete',
      missing: [{ parameter: 'calorificValue' }, { parameter: 'sulphur' }],
    });
  });

  it('does not derive net from gross: that would rest money on an estimate', () => {
    const gross = { ...heat('6200'), kind: 'gross' as const };
    expect(adjustPrice(money('600.00'), clause([proRata({})]), { values: [gross] })).toEqual({
      outcome: 'incomplete',
      missing: [{ parameter: 'calorificValue', unit: 'kcal/kg', basis: 'ar', kind: 'net' }],
    });
  });

  it('takes no number whose basis or unit leaves it open what was measured', () => {
    const ash = clause([
      moneyRule('ash', { basis: 'd', reference: '10', tiers: [{ from: '0', to: null, rate: '-1' }] }),
    ]);
    const moistures = [share('totalMoisture', 'ar', '10'), share('inherentMoisture', 'ad', '5')];
    const of = (value: CertifiedValue) =>
      adjustPrice(money('500.00'), ash, { values: [...moistures, value] }).outcome;
    expect(of(share('ash', 'ar', '9'))).toBe('adjusted');
    expect(of({ parameter: 'ash', unit: '%', value: '9' })).toBe('incomplete');
    expect(of({ ...share('ash', 'd', '9'), unit: 'kcal/kg' })).toBe('incomplete');
    const dryNet = { ...heat('6900'), basis: 'd' as const };
    expect(
      adjustPrice(money('500.00'), clause([proRata({})]), { values: [...moistures, dryNet] }).outcome,
    ).toBe('incomplete');
  });

  it('reports a passed limit even when another value is missing', () => {
    const terms = clause([proRata({}), moneyRule('ash', { reference: '6', reject: { above: '8' } })]);
    expect(adjustPrice(money('600.00'), terms, { values: [share('ash', 'ad', '9')] }).outcome).toBe(
      'rejected',
    );
  });

  it('prices what a listing promises', () => {
    const promised = certifiedFromAssay({
      totalMoisture: { basisPoints: 1120, basis: 'ar' },
      ash: { basisPoints: 1310, basis: 'ar' },
      sulphur: { basisPoints: 60, basis: 'ar' },
      calorificValue: { joulesPerGram: 24_585, kind: 'net', basis: 'ar' },
      hardgroveIndex: 52,
      ashFusion: { softeningCelsius: 1300, atmosphere: 'reducing' },
    });
    expect(promised.values.map((value) => `${value.parameter} ${value.value} ${value.unit}`)).toEqual([
      'totalMoisture 11.20 %',
      'ash 13.10 %',
      'sulphur 0.60 %',
      'calorificValue 24585 J/g',
      'hardgroveIndex 52 HGI',
      'ashSoftening 1300 °C',
    ]);
    expect(exact(adjustPrice(money('120.00'), clause([proRata({})]), promised), 4)).toBe('117.4405');
  });
});

describe('invoices', () => {
  const shipped = tonnes('55012.340');
  it('rounds the unit price once and the amount once, and balances provisional against final', () => {
    const provisional = invoiceAmount(money('78.50'), shipped);
    const paid = partOf(provisional, 9_500);
    const adjusted = priced(adjustPrice(money('78.50'), clause([proRata({})]), { values: [heat('5943')] }));
    const { finalAmount, balance } = finalBalance(adjusted.unitPrice, shipped, paid);
    expect(
      [provisional, paid, adjusted.unitPrice, finalAmount, balance].map((value) => formatMoney(value)),
    ).toEqual(['4318468.69', '4102545.26', '77.75', '4277209.44', '174664.18']);
  });

  it('gives money back when more was paid than is due', () => {
    expect(finalBalance(money('70.00'), tonnes('10.000'), money('750.00')).balance).toBe(-5000n);
  });

  it('takes excess moisture off the weight, and adds none for dry coal', () => {
    const mass = tonnes('10000.000');
    const wet = { values: [share('totalMoisture', 'ar', '16')] };
    expect(payableMass(mass, { method: 'dry_equivalent', reference: '14' }, wet)).toBe(9_767_442n);
    expect(payableMass(mass, { method: 'simple', reference: '14' }, wet)).toBe(9_800_000n);
    expect(payableMass(mass, { method: 'simple', reference: '14', factor: '1.5' }, wet)).toBe(9_700_000n);
    expect(payableMass(mass, { method: 'dry_equivalent', reference: '16' }, wet)).toBe(mass);
    expect(payableMass(mass, { method: 'dry_equivalent', reference: '20' }, wet)).toBe(mass);
    expect(payableMass(mass, { method: 'simple', reference: '14', factor: '100' }, wet)).toBe(0n);
    expect(payableMass(mass, { method: 'simple', reference: '14' }, { values: [] })).toBeUndefined();
  });
});
