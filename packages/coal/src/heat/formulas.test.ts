import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GrossHeat,
  absolute,
  assumedHydrogen,
  compare,
  decimal,
  estimateHydrogenAirDried,
  estimateHydrogenIso1928,
  grossByFormula,
  hydrogenWithoutMoisture,
  minimum,
  netByFormula,
  rational,
  subtract,
  toDecimal,
} from '../index.ts';

const of = (method: GrossHeat['method'], rest: object = {}): GrossHeat => ({
  method,
  calorie: 'kcal/kg',
  grossAirDried: rational(25_200),
  hydrogenAirDried: decimal('3.8'),
  inherentMoisture: rational(6),
  totalMoisture: rational(14),
  gross: rational(24_000),
  hydrogen: decimal('3.5'),
  oxygen: rational(8),
  grossDry: rational(26_808),
  hydrogenDry: decimal('4'),
  oxygenDry: rational(9),
  nitrogenDry: decimal('1.2'),
  ...rest,
});
const METHODS = [
  'gb_t_213',
  'inspection_short',
  'world_coal_institute',
  'world_coal_institute_mj',
  'iso_1928',
] as const;
const net = (input: GrossHeat): string => {
  const result = netByFormula(input);
  return result.ok ? toDecimal(result.joulesPerGram, 2) : `${result.code} ${result.at}`;
};

describe('gross to net by named formulas', () => {
  it('follows each of them', () => {
    expect(METHODS.map((method) => net(of(method)))).toEqual([
      '22017.14',
      // 24,000 − 4.1868 × (50.7 × 3.5 + 5.83 × 14)
      '22915.33',
      // 24,000 − 4.1868 × (50.6 × 3.5 + 5.85 × 14 + 0.191 × 8)
      '22909.22',
      // 24,000 − 1000 × (0.212 × 3.5 + 0.0245 × 14 + 0.0008 × 8)
      '22908.60',
      // (26,808 − 212 × 4 − 0.8 × 10.2) × 0.86 − 24.43 × 14
      '21976.56',
    ]);
  });
  it('uses the calorie that the certificate names', () => {
    // 24,000 − 4.1816 × 259.07
    expect(net(of('inspection_short', { calorie: 'kcal20/kg' }))).toBe('22916.67');
  });
  it('comes back to gross exactly, by every formula', () => {
    const share = (max: number) =>
      fc.integer({ min: 0, max: max * 100 }).map((value) => rational(value, 100));
    fc.assert(
      fc.property(
        fc.constantFrom(...METHODS),
        fc.integer({ min: 15_000, max: 35_000 }),
        share(6),
        share(30),
        share(20),
        (method, heat, hydrogen, totalMoisture, dryer) => {
          const inherentMoisture = minimum(totalMoisture, dryer);
          const gross = rational(heat);
          const input = of(method, {
            gross,
            hydrogen,
            totalMoisture,
            inherentMoisture,
            grossAirDried: gross,
            grossDry: gross,
            hydrogenAirDried: hydrogen,
            hydrogenDry: hydrogen,
          });
          const down = netByFormula(input);
          if (!down.ok) throw new Error(down.code);
          expect(compare(down.joulesPerGram, gross)).toBeLessThanOrEqual(0);
          expect(grossByFormula(input, down.joulesPerGram)).toEqual({ ok: true, joulesPerGram: gross });
        },
      ),
    );
  });
  it('refuses what no coal has, naming it', () => {
    expect(net(of('gb_t_213', { totalMoisture: rational(100) }))).toBe('out_of_range totalMoisture');
    expect(net(of('gb_t_213', { inherentMoisture: rational(100) }))).toBe('out_of_range inherentMoisture');
    expect(net(of('gb_t_213', { totalMoisture: decimal('5.69') }))).toBe(
      'total_moisture_below_inherent totalMoisture',
    );
    expect(net(of('gb_t_213', { totalMoisture: decimal('5.7') }))).toMatch(/^\d/);
    expect(net(of('iso_1928', { hydrogenDry: rational(-1) }))).toBe('out_of_range hydrogenDry');
    expect(net(of('iso_1928', { nitrogenDry: rational(6) }))).toBe('out_of_range nitrogenDry');
    expect(net(of('world_coal_institute', { oxygen: rational(51) }))).toBe('out_of_range oxygen');
    expect(net(of('inspection_short', { gross: rational(499) }))).toBe('out_of_range gross');
    expect(net(of('inspection_short', { gross: rational(500), hydrogen: rational(3) }))).toBe(
      'net_not_positive gross',
    );
    expect(grossByFormula(of('iso_1928'), rational(-1))).toMatchObject({ code: 'out_of_range', at: 'net' });
  });
});

describe('hydrogen that is not stated', () => {
  const iso = (rest: object) =>
    estimateHydrogenIso1928({
      material: 'single_coal',
      volatileMatter: rational(30),
      gross: decimal('25120.8'),
      moisture: rational(11),
      ash: rational(12),
      ...rest,
    });
  const code = (result: { ok: boolean; code?: string }): string => (result.ok ? 'ok' : (result.code ?? ''));
  it('is estimated by ISO 1928 for single bituminous coals only', () => {
    expect(code(iso({}))).toBe('ok');
    expect(code(iso({ material: 'blend' }))).toBe('not_for_blends');
    expect(code(iso({ material: 'coke' }))).toBe('not_for_coke');
    expect(code(iso({ volatileMatter: decimal('7.7') }))).toBe('not_for_anthracite');
    expect(code(iso({ volatileMatter: decimal('7.71') }))).not.toBe('not_for_anthracite');
    expect(code(iso({ volatileMatter: rational(78) }))).toBe('over_hundred_percent');
    expect(code(iso({ moisture: rational(61) }))).toBe('out_of_range');
    expect(code(iso({ gross: rational(1_000), volatileMatter: rational(9), ash: rational(40) }))).toBe(
      'result_implausible',
    );
  });
  it('is estimated from volatile matter where ash and moisture leave some coal', () => {
    const of = (ash: number, volatile = 38) =>
      estimateHydrogenAirDried({
        volatileDaf: rational(volatile),
        ashAirDried: rational(ash),
        inherentMoisture: rational(6),
      });
    expect(code(of(94))).toBe('over_hundred_percent');
    expect(code(of(93))).toBe('ok');
    expect(code(of(12, 100))).toBe('out_of_range');
  });
  it('is assumed as 5.4 % of the organic matter unless another share is named', () => {
    const of = (rest: object) => assumedHydrogen({ totalMoisture: rational(20), ash: rational(10), ...rest });
    expect(of({})).toEqual({ ok: true, percent: decimal('3.78') });
    expect(of({ hydrogenDaf: rational(5) })).toEqual({ ok: true, percent: decimal('3.5') });
    expect(code(of({ ash: rational(80) }))).toBe('over_hundred_percent');
    expect(code(of({ hydrogenDaf: rational(21) }))).toBe('out_of_range');
  });
  it('is freed from the hydrogen of the moisture before it is converted', () => {
    const of = (total: string) =>
      hydrogenWithoutMoisture({ hydrogenAirDriedTotal: decimal(total), inherentMoisture: rational(10) });
    // (5 − 0.1119 × 10) × 100/90
    const own = of('5');
    expect(own.ok && toDecimal(own.percent, 4)).toBe('4.3122');
    expect(code(of('1'))).toBe('result_implausible');
    expect(code(of('21'))).toBe('out_of_range');
  });
  it('differs little between the estimates, and they are never taken for each other', () => {
    const [one, other] = [iso({}), assumedHydrogen({ totalMoisture: rational(11), ash: rational(12) })];
    if (!one.ok || !other.ok) throw new Error('refused');
    expect(compare(absolute(subtract(one.percent, other.percent)), rational(1, 2))).toBeLessThan(0);
    expect(one.percent).not.toEqual(other.percent);
  });
});
