import { describe, expect, it } from 'vitest';
import {
  type AnyClause,
  type Curve,
  type CurveRequest,
  CURVE_POINTS_MAX,
  payoffCurve,
  rational,
  readCurve,
  shortDecimal,
} from '../index.ts';
import { HEAT, P1, P11, P6, clause, money, p2, p4, rule, ruleOn, share } from '../testing/clauses.ts';

const ASH = { parameter: 'ash', basis: 'ad', unit: '%' } as const;

function curveOf(terms: AnyClause, rest: Partial<CurveRequest>): Curve {
  const curve = payoffCurve({
    clause: terms,
    price: money('620.00'),
    measure: HEAT,
    from: '4000',
    to: '6000',
    ...rest,
  });
  if (!curve.ok) throw new Error(curve.code);
  return curve;
}
const inMoney = (value: ReturnType<typeof readCurve>): string =>
  value ? shortDecimal({ ...value, denominator: value.denominator * 100n }, 6) : 'refusable';
const shown = (curve: Curve): string[] =>
  curve.points.map(({ at, value }) => `${shortDecimal(at, 6)}: ${inMoney(value)}`);

describe('the pay-off curve', () => {
  it('has a point wherever the price steps or bends, and steps only there', () => {
    const curve = curveOf(p2('floor'), { from: '4700', to: '5900' });
    expect(shown(curve)).toEqual([
      '4700: refusable',
      '4800: 600',
      '4900: 600',
      '5000: 620',
      '5100: 630',
      '5200: 640',
      '5300: 650',
      '5400: 660',
      '5500: 670',
      '5600: 675',
      '5700: 680',
      '5800: 685',
      '5900: 685',
    ]);
    expect(curve.pieces.map(({ ends }) => ends?.map(inMoney).join(' to ') ?? 'refusable')).toEqual([
      'refusable',
      '600 to 600',
      '610 to 610',
      '620 to 620',
      '630 to 630',
      '640 to 640',
      '650 to 650',
      '660 to 660',
      '670 to 670',
      '675 to 675',
      '680 to 680',
      '685 to 685',
    ]);
    expect(inMoney(readCurve(curve, rational(9_901, 2)))).toBe('610');
    expect(inMoney(readCurve(curve, rational(4_799)))).toBe('refusable');
    expect(readCurve(curve, rational(4_699))).toBeUndefined();
  });

  it('joins straight lines where the clause counts pro rata', () => {
    expect(shown(curveOf(p4('4900'), { from: '4800', to: '5100' }))).toEqual([
      '4800: 582.8',
      '4900: 607.6',
      '5000: 620',
      '5100: 632.4',
    ]);
    expect(
      shown(
        curveOf(P6, {
          price: money('700.00'),
          measure: { parameter: 'indexPrice', unit: 'money/t' },
          from: '300',
          to: '1100',
        }),
      ),
    ).toEqual(['300: 550', '400: 550', '700: 700', '1000: 850', '1100: 850']);
  });

  it('shows where the buyer may refuse, the limit itself not yet', () => {
    const curve = curveOf(P11, { price: money('80.00'), measure: ASH, from: '5', to: '9' });
    expect(shown(curve)).toEqual(['5: 80', '6: 80', '8: 79.5', '9: refusable']);
    expect(curve.pieces[2]?.ends).toBeUndefined();
  });

  it('bends where a cap, a bonus or a floor begins to hold', () => {
    const terms = clause(
      [
        rule('heat', {
          reference: '5000',
          direction: 'both',
          tiers: [{ from: '0', to: null, rate: '0.2' }],
          cap: '100',
        }),
      ],
      { limits: { maximumBonus: '60', minimumPrice: '550' } },
    );
    expect(shown(curveOf(terms, {}))).toEqual([
      '4000: 550',
      '4500: 550',
      '4650: 550',
      '5000: 620',
      '5300: 680',
      '5500: 680',
      '6000: 680',
    ]);
  });

  it('follows a band of prices that moves with the heat itself', () => {
    const band = { ...HEAT, reference: '5500', minimum: '370', maximum: '570' } as const;
    const terms = clause(
      [rule('heat', { reference: '5500', tiers: [{ from: '0', to: null, rate: '0.05' }] })],
      {
        limits: { band },
      },
    );
    const curve = curveOf(terms, { price: money('560.00'), from: '4400', to: '6600' });
    expect(shown(curve)).toEqual(['4400: 456', '5403.508772: 560', '5500: 560', '6600: 615']);
    expect(
      shown(curveOf(clause([], { limits: { band } }), { price: money('560.00'), from: '5500', to: '6600' })),
    ).toEqual(['5500: 560', '6600: 560']);
  });

  it('draws weight and charges as well as the price', () => {
    const terms = clause([
      ruleOn(
        'moisture',
        { parameter: 'totalMoisture', basis: 'ar', unit: '%' },
        {
          reference: '10',
          rateUnit: 'kg_per_tonne',
          tiers: [{ from: '0', to: null, rate: '-12' }],
        },
      ),
      ruleOn(
        'fine',
        { parameter: 'totalMoisture', basis: 'ar', unit: '%' },
        {
          reference: '14',
          rateUnit: 'money',
          stepMode: 'flat',
          tiers: [{ from: '0', to: null, rate: '-5000' }],
        },
      ),
    ]);
    const measure = { parameter: 'totalMoisture', basis: 'ar', unit: '%' } as const;
    const points = (of: 'weight' | 'charges' | 'unit_price') =>
      curveOf(terms, { measure, from: '8', to: '16', of }).points.map(({ value }) =>
        Number(value?.numerator),
      );
    expect(points('weight')).toEqual([0, 0, -48, -72]);
    expect(points('charges')).toEqual([0, 0, 0, -500_000]);
    expect(points('unit_price')).toEqual([62_000, 62_000, 62_000, 62_000]);
  });

  it('holds the other values at what is given, else at their reference', () => {
    const moisture = share('totalMoisture', 'ar', '12');
    const given = { quality: { values: [moisture] } };
    const plain = curveOf(P1, { price: money('120.00'), from: '5700', to: '6000' });
    expect(shown(plain)).toEqual(['5700: 114', '6000: 120']);
    const wet = curveOf(P1, { price: money('120.00'), from: '5700', to: '6000', given });
    expect(shown(wet)).toEqual(['5700: 111.72', '6000: 117.6']);
  });

  it('is the same curve in any unit of heat', () => {
    const inMegajoules = curveOf(p4('4900'), {
      measure: { ...HEAT, unit: 'MJ/kg' },
      from: '20.09664',
      to: '21.35268',
    });
    expect(shown(inMegajoules)).toEqual([
      '20.09664: 582.8',
      '20.51532: 607.6',
      '20.934: 620',
      '21.35268: 632.4',
    ]);
  });

  it('refuses what it cannot draw, by name', () => {
    const code = (rest: Partial<CurveRequest>, terms: AnyClause = P11): string => {
      const curve = payoffCurve({
        clause: terms,
        price: money('80.00'),
        measure: ASH,
        from: '5',
        to: '9',
        ...rest,
      });
      return curve.ok ? 'drawn' : curve.code;
    };
    expect(code({ from: 'x' })).toBe('not_decimal');
    expect(code({ to: '1e3' })).toBe('not_decimal');
    expect(code({ from: '9' })).toBe('interval_empty');
    expect(code({ from: '10' })).toBe('interval_empty');
    expect(code({ measure: HEAT })).toBe('not_measured');
    expect(code({ measure: { ...ASH, basis: 'd' } })).toBe('not_measured');
    const fine = clause([
      ruleOn('ash', ASH, {
        per: '0.000000001',
        stepMode: 'floor',
        tiers: [{ from: '0', to: null, rate: '-1' }],
      }),
    ]);
    expect(code({}, fine)).toBe('too_many_points');
    const many = (per: string) =>
      clause([ruleOn('ash', ASH, { per, stepMode: 'ceil', tiers: [{ from: '0', to: null, rate: '-1' }] })]);
    expect(code({ from: '0', to: '10' }, many('0.01'))).toBe('drawn');
    expect(code({ from: '0', to: '10' }, many('0.004'))).toBe('too_many_points');
    expect(CURVE_POINTS_MAX).toBe(2_000);
    const percent = { rateUnit: 'percent_of_price', tiers: [{ from: '0', to: null, rate: '-1' }] } as const;
    const twice = clause([ruleOn('one', ASH, percent), ruleOn('two', ASH, { ...percent, stage: 2 })]);
    expect(code({}, twice)).toBe('not_piecewise_linear');
  });
});
