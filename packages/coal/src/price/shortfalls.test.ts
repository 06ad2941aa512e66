import { describe, expect, it } from 'vitest';
import { formatMoney, kilograms, minor } from '@seam/units';
import {
  type FactorPoint,
  JURISDICTION_PACKS,
  bidSecurity,
  decimal,
  demurrage,
  discountFactor,
  forfeitedSecurity,
  fulfilment,
  gradeDifference,
  laytimeAllowed,
  placeInBand,
  rational,
  regulatedBand,
  securedMass,
  tiersFromFactors,
  toDecimal,
  transitLoss,
} from '../testing/imports.ts';
import { clause, heat, money, priceOf, rule } from '../testing/clauses.ts';

const code = (result: { ok: boolean; code?: string }): string => (result.ok ? 'ok' : (result.code ?? ''));

describe('time that ship and truck were held', () => {
  const tiers = [{ days: 5, perDay: money('1000') }, { perDay: money('3000') }];
  it('costs nothing up to the allowed time', () => {
    const of = (usedMs: number) => demurrage({ usedMs, allowedHours: rational(48), tiers });
    expect(of(48 * 3_600_000)).toMatchObject({ amount: 0n, excessDays: rational(0) });
    expect(of(0)).toMatchObject({ amount: 0n });
    expect(of(49 * 3_600_000)).toMatchObject({ amount: 4_167n });
  });
  it('is refused when a duration, a rate or a tier is none', () => {
    const of = (usedMs: number, list = tiers, hours = rational(0)) =>
      code(demurrage({ usedMs, allowedHours: hours, tiers: list }));
    expect([of(-1), of(1.5), of(Number.NaN), of(1, tiers, rational(-1))]).toEqual(
      Array(4).fill('not_duration'),
    );
    expect([of(1, []), of(1, [...tiers, ...tiers]), of(1, [{ days: 5, perDay: money('1') }])]).toEqual(
      Array(3).fill('tiers_malformed'),
    );
    expect(of(1, [{ days: 0, perDay: money('1') }, ...tiers])).toBe('tiers_malformed');
    expect(of(1, [{ perDay: money('-1') }])).toBe('tiers_malformed');
    const mass = kilograms(1_000n);
    expect(code(laytimeAllowed({ mass, kilogramsPerHour: kilograms(0n) }))).toBe('rate_not_positive');
    expect(code(laytimeAllowed({ mass, kilogramsPerHour: mass, extraMs: -1 }))).toBe('not_duration');
  });
});

describe('shortfalls', () => {
  it('claim no more than was lost and nothing within the allowance', () => {
    const of = (received: bigint, allowance = '1.2') =>
      transitLoss({
        loaded: kilograms(1_000_000n),
        received: kilograms(received),
        allowancePercent: decimal(allowance),
      });
    expect(of(1_000_001n)).toMatchObject({ loss: 0n, claim: 0n });
    expect(of(988_000n)).toMatchObject({ loss: 12_000n, allowance: 12_000n, claim: 0n });
    expect(of(987_999n)).toMatchObject({ claim: 1n });
    expect(of(0n, '0')).toMatchObject({ claim: 1_000_000n });
    expect(of(0n, '101')).toMatchObject({ ok: false, code: 'out_of_range' });
    expect(of(0n, '-1')).toMatchObject({ ok: false, code: 'out_of_range' });
  });
  it('are paid for below the ratio only', () => {
    const of = (contracted: bigint, shipped: bigint, threshold = '90') =>
      fulfilment({
        contracted: kilograms(contracted),
        shipped: kilograms(shipped),
        thresholdPercent: decimal(threshold),
        perTonne: money('5'),
      });
    expect(of(10_000n, 9_000n)).toMatchObject({ penalty: 0n, shortfall: 1_000n, percent: rational(90) });
    expect(of(10_000n, 8_999n)).toMatchObject({ penalty: 501n });
    expect(of(10_000n, 12_000n)).toMatchObject({ penalty: 0n, shortfall: 0n, percent: rational(120) });
    expect(code(of(0n, 0n))).toBe('nothing_contracted');
    expect(code(of(1n, 0n, '100.1'))).toBe('out_of_range');
  });
  it('of grade are credits either way', () => {
    expect(gradeDifference(money('980'), money('1150'), kilograms(1_000n))).toBe(-17_000n);
  });
  it('of taking forfeit security in proportion, and none for what was taken', () => {
    const perTonne = money('150');
    expect(forfeitedSecurity(perTonne, kilograms(1_000n), kilograms(1_000n))).toBe(0n);
    expect(forfeitedSecurity(perTonne, kilograms(1_000n), kilograms(1_500n))).toBe(0n);
    expect(securedMass(minor(-1n), perTonne, kilograms(50_000n))).toBe(0n);
    expect(securedMass(money('7499.99'), perTonne, kilograms(50_000n))).toBe(0n);
    expect(securedMass(money('7500'), perTonne, kilograms(50_000n))).toBe(50_000n);
    expect(bidSecurity({ mode: 'fixed', amount: money('100000') }, kilograms(1n))).toBe(10_000_000n);
  });
});

describe('regulated bands', () => {
  const [pack] = JURISDICTION_PACKS;
  if (!pack) throw new Error('no pack');
  const of = (rest: object) =>
    regulatedBand(pack, {
      area: 'shanxi',
      day: '2026-01-01',
      heat: rational(5500),
      unit: 'kcal20/kg',
      ...rest,
    });
  it('are those of their area at the reference', () => {
    const bands = pack.areas.map(({ id, reference }) => of({ area: id, heat: decimal(reference) }));
    expect(
      bands.map((band) => band.ok && [band.shown.low, band.shown.high].map(formatMoney).join('–')),
    ).toEqual(['570.00–770.00', '370.00–570.00', '320.00–520.00', '260.00–460.00', '200.00–300.00']);
  });
  it('hold from their first day to their last', () => {
    expect(code(of({ day: '2022-04-30' }))).toBe('not_in_force');
    expect(code(of({ day: '2022-05-01' }))).toBe('ok');
    const ended = { ...pack, validTo: '2025-12-31' };
    const on = (day: string) =>
      code(regulatedBand(ended, { area: 'shanxi', day, heat: rational(1), unit: 'J/g' }));
    expect([on('2025-12-31'), on('2026-01-01'), on('2026-13-01'), on('soon')]).toEqual([
      'ok',
      'not_in_force',
      'not_day',
      'not_day',
    ]);
    expect(code(of({ area: 'moon' }))).toBe('area_unknown');
    expect(code(of({ heat: rational(0) }))).toBe('heat_not_positive');
  });
  it('read heat in any unit, and compare the price unrounded', () => {
    const band = of({ heat: rational(4800) });
    const inJoules = of({ heat: decimal('20071.68'), unit: 'J/g' });
    expect(inJoules).toEqual(band);
    if (!band.ok) throw new Error('refused');
    // 322.909… to 497.4545…: the rounded ends themselves lie one inside, one outside.
    expect(['322.90', '322.91', '497.45', '497.46'].map((price) => placeInBand(band, money(price)))).toEqual([
      'below',
      'within',
      'within',
      'above',
    ]);
  });
});

describe('discounts by heat', () => {
  const points: readonly FactorPoint[] = [
    { at: '5500', factor: '1' },
    { at: '5000', factor: '0.88' },
    { at: '4500', factor: '0.77' },
  ];
  const at = (value: string, list = points): string => {
    const result = discountFactor(list, decimal(value));
    return result.ok ? toDecimal(result.factor, 4) : result.code;
  };
  it('are straight lines between the points and nothing beyond them', () => {
    expect(['5500', '5250', '5000', '4800', '4500', '4499.99', '5500.01'].map((value) => at(value))).toEqual([
      '1.0000',
      '0.9400',
      '0.8800',
      '0.8360',
      '0.7700',
      'out_of_range',
      'out_of_range',
    ]);
    expect(at('5000', points.slice(0, 1))).toBe('too_few_points');
    expect(at('5000', points.toReversed())).toBe('points_unordered');
    expect(at('5000', [...points, { at: '4500', factor: '0.7' }])).toBe('points_unordered');
    expect(at('5000', [{ at: 'x', factor: '1' }, ...points])).toBe('not_decimal');
    expect(at('5000', [{ at: '6000', factor: 'x' }, ...points])).toBe('not_decimal');
  });
  it('are the same written as bands of a rule', () => {
    const banded = tiersFromFactors(points);
    if (!banded.ok) throw new Error(banded.code);
    const terms = clause([
      rule('heat', {
        reference: '5500',
        direction: 'below',
        per: banded.per,
        tiers: banded.tiers,
        rateUnit: 'percent_of_price',
      }),
    ]);
    const price = (kcal: string) => priceOf('1000.00', terms, [heat(kcal)]);
    expect(['5500', '5250', '5000', '4800', '4500'].map(price)).toEqual([
      '1000.00',
      '940.00',
      '880.00',
      '836.00',
      '770.00',
    ]);
    const thirds = tiersFromFactors([
      { at: '5500', factor: '1' },
      { at: '5200', factor: '0.9' },
    ]);
    expect(thirds).toMatchObject({ ok: false, code: 'not_a_decimal_rate' });
  });
});
