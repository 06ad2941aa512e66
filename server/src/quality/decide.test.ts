import type { CertifiedQuality, Measure } from '@seam/coal';
import { kilograms } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { decideQuality, umpireShare } from './decide.ts';
import { planFor } from './inspection.ts';
import { inspectionLifecycle } from './lifecycle.ts';

const heat: Measure = { parameter: 'calorificValue', kind: 'gross', basis: 'd', unit: 'kcal/kg' };
const ash: Measure = { parameter: 'ash', basis: 'ar', unit: '%' };
const found = (kcal: string, more: CertifiedQuality['values'] = []): CertifiedQuality => ({
  values: [{ ...heat, value: kcal }, ...more],
});
const of = (first: string, reserve: string, umpire?: string) =>
  decideQuality({
    measures: [heat],
    first: found(first),
    reserve: found(reserve),
    ...(umpire !== undefined && { umpire: found(umpire) }),
    heatJoulesPerGram: 300,
  });

describe('two laboratories, then three', () => {
  it('X4 within the reproducibility the first stands, beyond it the umpire is needed', () => {
    expect(of('6010', '5945')).toMatchObject({
      state: 'stands',
      decisions: [{ outcome: 'seller_stands', value: '6010', pays: null }],
    });
    expect(of('6010', '5930')).toMatchObject({ state: 'umpire_needed', decisions: [{ value: null }] });
  });

  it('X4 the mean of the two closest is final, the umpire’s own where it is equally far from both', () => {
    expect(of('6010', '5930', '5944')).toMatchObject({
      state: 'decided',
      quality: { values: [{ value: '5937' }] },
      decisions: [{ outcome: 'mean_of_closest', value: '5937', pays: 'seller' }],
    });
    expect(of('6010', '5930', '5970')).toMatchObject({
      quality: { values: [{ value: '5970' }] },
      decisions: [{ outcome: 'umpire', pays: 'both' }],
    });
  });

  it('compares dry and gives the value back as the contract has it, other values as the first found them', () => {
    const wet = (value: string, moisture: string): CertifiedQuality => ({
      values: [
        { ...ash, value },
        { parameter: 'totalMoisture', basis: 'ar', unit: '%', value: moisture },
        { parameter: 'sulphur', basis: 'ar', unit: '%', value: '0.60' },
      ],
    });
    const measures = [ash];
    const both = { measures, heatJoulesPerGram: 300, first: wet('15.00', '12.00') };
    // 15.00 / 0.88 = 17.05 and 14.32 / 0.84 = 17.05 dry: the difference is water.
    expect(decideQuality({ ...both, reserve: wet('14.32', '16.00') }).state).toBe('stands');
    const apart = { ...both, reserve: wet('16.00', '12.00') };
    expect(decideQuality(apart).state).toBe('umpire_needed');
    expect(decideQuality({ ...apart, umpire: wet('15.90', '12.00') })).toMatchObject({
      quality: { values: [{ parameter: 'ash', value: '15.95' }, { value: '12.00' }, { value: '0.60' }] },
      decisions: [{ value: '15.95', pays: 'seller' }],
    });
  });

  it('net heat and moisture, which have their own basis only, are compared as stated', () => {
    const net: Measure = { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'J/g' };
    const said = (value: string): CertifiedQuality => ({ values: [{ ...net, value }] });
    const labs = { measures: [net], first: said('23000'), heatJoulesPerGram: 300 };
    expect(decideQuality({ ...labs, reserve: said('22700') }).state).toBe('stands');
    expect(decideQuality({ ...labs, reserve: said('22699') }).state).toBe('umpire_needed');
    const decided = decideQuality({ ...labs, reserve: said('22500'), umpire: said('22560') });
    expect(decided).toMatchObject({ quality: { values: [{ value: '22530' }] } });
  });
});

describe('the plan', () => {
  const rules = [
    { upToKg: 300_000n, increments: 18, source: 'small' },
    { upToKg: 1_000_000n, increments: 60, source: 'large' },
  ];

  it('cuts a delivery into equal lots no larger than the largest unit', () => {
    const plan = (tonnes: bigint) => planFor(kilograms(tonnes * 1000n), rules);
    expect(plan(100n)).toMatchObject({ lots: 1, lotKg: '100000', increments: 18, source: 'small' });
    expect(plan(301n)).toMatchObject({ lots: 1, increments: 60 });
    expect(plan(1000n)).toMatchObject({ lots: 1, increments: 60 });
    expect(plan(1001n)).toMatchObject({ lots: 2, lotKg: '500500', increments: 60 });
  });
});

describe('the life of an inspection', () => {
  it('ends: from every state something final can be reached', () => {
    const moves: Record<string, Record<string, string>> = inspectionLifecycle;
    const ends = (state: string, seen: readonly string[] = []): boolean =>
      Object.keys(moves[state]!).length === 0 ||
      Object.values(moves[state]!).some((next) => !seen.includes(next) && ends(next, [...seen, state]));
    for (const state of Object.keys(moves)) expect(ends(state), state).toBe(true);
  });
});

describe('the cost of the umpire’s test', () => {
  const share = (pays: readonly ('seller' | 'buyer' | 'both' | null)[], cost = 1_000n) =>
    umpireShare(
      pays.map((one) => ({ pays: one })),
      { cost, challenger: 'buyer' },
    );

  it('X4 is owed by whoever was further off, by halves where equal, and not by the one that advanced it', () => {
    expect(share(['seller'])).toBe(1_000n);
    expect(share(['buyer'])).toBe(0n);
    expect(share(['both'])).toBe(500n);
    expect(share(['both'], 1_001n)).toBe(501n);
  });

  it('is cut evenly over the values that went to the umpire', () => {
    expect(share(['seller', 'buyer', null])).toBe(500n);
    expect(share(['seller', 'seller', 'buyer'], 900n)).toBe(600n);
    expect(share(['seller', 'both'])).toBe(750n);
    expect(share([null, null])).toBe(0n);
  });
});
