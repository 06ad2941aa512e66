import { describe, expect, it } from 'vitest';
import { kilograms, minor } from '@seam/units';
import {
  type AdjustmentRule,
  adjustPrice,
  evaluateClause,
  parseClause,
  parseQualityClause,
  settleDelivery,
} from '../index.ts';
import { HEAT, clause, heat, money, priceOf, rule, ruleOn, share } from '../testing/clauses.ts';

/** A clause as it was signed before the second edition existed: it must be read for ever. */
const SIGNED = JSON.stringify({
  schema: 'seam.quality-clause.1',
  rounding: 'half_up',
  rules: [
    {
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
      reject: { below: '5500' },
    },
  ],
  weight: { method: 'simple', reference: '14', factor: '1.5' },
  limits: { maximumBonus: '20', minimumPrice: '50' },
});

describe('the first edition of the clause', () => {
  it('is read as it was signed, by either reader, and computed alike', () => {
    const value: unknown = JSON.parse(SIGNED);
    const [old, any] = [parseQualityClause(value), parseClause(value)];
    expect(old).toEqual(any);
    if (!old.ok) throw new Error('refused');
    expect(JSON.stringify(old.clause)).toBe(SIGNED);
    const quality = { values: [{ ...HEAT, value: '5943' }] };
    expect(adjustPrice(money('78.50'), old.clause, quality)).toMatchObject({ unitPrice: 7_775n });
    expect(evaluateClause(money('78.50'), old.clause, { quality })).toMatchObject({ unitPrice: 7_775n });
  });

  it('knows nothing of what came later', () => {
    const of = (rest: object) => parseQualityClause({ ...(JSON.parse(SIGNED) as object), ...rest });
    expect(of({ payment: { provisionalPercent: '95', finalWithinDays: 8 } }).ok).toBe(false);
    expect(of({ weight: { method: 'contract_moisture', reference: '14' } }).ok).toBe(false);
    expect(of({ limits: { band: { ...HEAT, reference: '5500', maximum: '570' } } }).ok).toBe(false);
    expect(of({ schema: 'seam.quality-clause.2' }).ok).toBe(false);
    const changed = (rest: object) => {
      const signed = JSON.parse(SIGNED) as { rules: AdjustmentRule[] };
      return of({ rules: signed.rules.map((one) => ({ ...one, ...rest })) });
    };
    expect(changed({}).ok).toBe(true);
    expect(changed({ edge: 'from' }).ok).toBe(false);
    expect(changed({ rateUnit: 'money' }).ok).toBe(false);
    expect(changed({ parameter: 'cakingIndex', unit: '1', basis: undefined, kind: undefined }).ok).toBe(
      false,
    );
  });
});

describe('the second edition of the clause', () => {
  const base = { schema: 'seam.quality-clause.2', rounding: 'half_up' };
  const problems = (rules: unknown, rest: object = {}): string[] => {
    const parsed = parseClause({ ...base, rules, ...rest });
    return parsed.ok ? [] : parsed.problems.map(({ path, code }) => `${path} ${code}`);
  };
  const one = (rest: object): string[] => problems([{ ...rule('a', { reference: '1' }), ...rest }]);
  const fact = (rest: object): string[] =>
    problems([{ ...ruleOn('a', { parameter: 'fulfilment', unit: '%' }, {}), ...rest }]);

  it('reads every parameter with its own units and bases, and the facts', () => {
    expect(one({})).toEqual([]);
    expect(fact({})).toEqual([]);
    expect(fact({ unit: 'days' })).toEqual(['rules[0].unit unit_not_allowed']);
    expect(fact({ basis: 'ar' })).toEqual(['rules[0].basis basis_not_allowed']);
    expect(fact({ kind: 'net' })).toEqual(['rules[0].kind not_choice']);
    expect(one({ parameter: 'phosphorus' })).toContain('rules[0].basis basis_not_allowed');
    expect(one({ parameter: 'phosphorus', unit: '%', basis: 'd', kind: undefined })).toEqual([]);
    expect(one({ basis: 'daf' })).toEqual(['rules[0].basis basis_not_allowed']);
    expect(one({ kind: 'gross', basis: 'daf' })).toEqual([]);
    expect(one({ kind: undefined })).toContain('rules[0].kind not_choice');
    expect(one({ parameter: 'happiness' })).toEqual(['rules[0].parameter not_choice']);
    expect(one({ parameter: 'toString' })).toEqual(['rules[0].parameter not_choice']);
    expect(one({ parameter: 7 })).toEqual(['rules[0].parameter not_choice']);
  });

  it('asks for what a price of one unit needs, and for nothing besides', () => {
    const unit = { rateUnit: 'unit_price', unitDigits: 4 };
    expect(one(unit)).toEqual([]);
    expect(one({ ...unit, unitDigits: undefined })).toEqual(['rules[0].unitDigits missing_field']);
    for (const unitDigits of [-1, 10, 1.5, '4']) {
      expect(one({ ...unit, unitDigits })).toEqual(['rules[0].unitDigits out_of_range']);
    }
    expect(one({ ...unit, reference: '0' })).toEqual(['rules[0].reference not_positive']);
    expect(one({ unitDigits: 4 })).toEqual(['rules[0].unitDigits unknown_field']);
    expect(one({ rateUnit: 'money', stage: 2 })).toEqual(['rules[0].stage out_of_range']);
    expect(one({ edge: 'both' })).toEqual(['rules[0].edge not_choice']);
  });

  it('reads bands by heat and terms of payment', () => {
    const band = { ...HEAT, reference: '5500', minimum: '370', maximum: '570' };
    const of = (rest: object) => problems([], { limits: { band: { ...band, ...rest } } });
    expect(of({})).toEqual([]);
    expect(of({ minimum: undefined, maximum: undefined })).toEqual(['limits.band.maximum missing_field']);
    expect(of({ minimum: '571' })).toEqual(['limits.band.maximum out_of_range']);
    expect(of({ reference: '0' })).toEqual(['limits.band.reference not_positive']);
    expect(of({ parameter: 'ash', unit: '%', kind: undefined })).toEqual([
      'limits.band.parameter not_choice',
    ]);
    const payment = (provisionalPercent: unknown, finalWithinDays: unknown) =>
      problems([], { payment: { provisionalPercent, finalWithinDays } });
    expect(payment('95', 8)).toEqual([]);
    expect(payment('100', 1)).toEqual([]);
    expect(payment('100.01', 8)).toEqual(['payment.provisionalPercent out_of_range']);
    expect(payment('0', 8)).toEqual(['payment.provisionalPercent not_positive']);
    expect(payment('95', 0)).toEqual(['payment.finalWithinDays out_of_range']);
    expect(payment('95', '8')).toEqual(['payment.finalWithinDays out_of_range']);
    expect(problems([], { schema: 'seam.quality-clause.3' })).toEqual(['schema not_choice']);
  });

  it('answers any value whatsoever with problems, never with an exception', () => {
    for (const value of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { schema: 2 },
      { rules: {} },
      { rules: [null, 1] },
    ]) {
      expect(parseClause(value).ok).toBe(false);
    }
  });

  it('chooses which edge of a band belongs to it', () => {
    const stepped = (edge: 'from' | 'to' | undefined) =>
      clause([
        rule('heat', {
          reference: '5000',
          direction: 'below',
          tierMode: 'whole',
          stepMode: 'flat',
          tiers: [
            { from: '0', to: '100', rate: '-10' },
            { from: '100', to: '200', rate: '-20' },
          ],
          ...(edge && { edge }),
        }),
      ]);
    const at = (edge: 'from' | 'to' | undefined) =>
      ['5000', '4999', '4900', '4899'].map((kcal) => priceOf('600.00', stepped(edge), [heat(kcal)]));
    expect(at(undefined)).toEqual(['600.00', '590.00', '580.00', '580.00']);
    expect(at('from')).toEqual(['590.00', '590.00', '580.00', '580.00']);
    expect(at('to')).toEqual(['600.00', '590.00', '590.00', '580.00']);
  });

  it('holds the price inside a band that moves with the heat', () => {
    const terms = clause([], {
      limits: { band: { ...HEAT, reference: '5500', minimum: '370', maximum: '570' } },
    });
    const at = (price: string, kcal: string) => priceOf(price, terms, [heat(kcal)]);
    expect(at('600.00', '4800')).toBe('497.45');
    expect(at('300.00', '4800')).toBe('322.91');
    expect(at('400.00', '4800')).toBe('400.00');
    expect(priceOf('400.00', terms, [])).toBe('incomplete');
  });

  it('deducts kilograms per tonne after the moisture, and keeps nothing below nothing', () => {
    const terms = (rate: string) =>
      clause(
        [
          ruleOn(
            'ash',
            { parameter: 'ash', basis: 'ad', unit: '%' },
            { reference: '20', rateUnit: 'kg_per_tonne', tiers: [{ from: '0', to: null, rate }] },
          ),
        ],
        { weight: { method: 'dry_equivalent', reference: '10' } },
      );
    const settled = (rate: string, values = [share('ash', 'ad', '22'), share('totalMoisture', 'ar', '19')]) =>
      settleDelivery({
        clause: terms(rate),
        price: money('500.00'),
        mass: kilograms(1_000_000n),
        given: { quality: { values } },
      });
    // 1000 t × 81/90 × (1 − 2 × 5/1000)
    expect(settled('-5')).toMatchObject({
      payable: 891_000n,
      amount: minor(44_550_000n),
      total: minor(44_550_000n),
    });
    expect(settled('-600')).toMatchObject({ payable: 0n, total: 0n });
    expect(settled('-5', [share('ash', 'ad', '22')])).toMatchObject({
      outcome: 'incomplete',
      missing: [{ parameter: 'totalMoisture' }],
    });
    expect(settled('-5', [share('totalMoisture', 'ar', '19')])).toMatchObject({
      outcome: 'incomplete',
      missing: [{ parameter: 'ash' }],
    });
  });

  it('asks for the contracted mass before it charges by it', () => {
    const terms = clause([
      ruleOn(
        'late',
        { parameter: 'deliveryDelay', unit: 'days' },
        {
          rateUnit: 'money_per_contract_tonne',
          tiers: [{ from: '0', to: null, rate: '0.5' }],
        },
      ),
    ]);
    const settled = (facts: Record<string, string>, contractMass?: bigint) =>
      settleDelivery({
        clause: terms,
        price: money('500.00'),
        mass: kilograms(1_000n),
        ...(contractMass !== undefined && { contractMass: kilograms(contractMass) }),
        given: { quality: { values: [] }, facts },
      });
    expect(settled({ deliveryDelay: '3' })).toEqual({ outcome: 'incomplete', missing: ['contractMass'] });
    expect(settled({ deliveryDelay: '3' }, 2_000n)).toMatchObject({
      charges: [{ ruleId: 'late', amount: 300n }],
      total: 50_300n,
    });
    expect(settled({}, 2_000n)).toMatchObject({
      outcome: 'incomplete',
      missing: [{ parameter: 'deliveryDelay' }],
    });
    expect(settled({ deliveryDelay: 'soon' }, 2_000n)).toMatchObject({ outcome: 'incomplete' });
  });

  it('takes the value of a certificate that cannot be read for one that is not there', () => {
    const terms = clause([rule('heat', { reference: '5000', tiers: [{ from: '0', to: null, rate: '1' }] })]);
    for (const value of ['NaN', '1e3', '', '12345678901234567890'])
      expect(priceOf('1.00', terms, [heat(value)])).toBe('incomplete');
  });
});
