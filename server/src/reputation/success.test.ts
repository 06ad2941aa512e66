import { describe, expect, it } from 'vitest';
import { FULL } from './beta.ts';
import {
  FULFILMENT_LEAST,
  fulfilment,
  liftedInTime,
  paidInTime,
  qualityKept,
  scalesAgree,
  valueWeight,
  weightKept,
} from './success.ts';

const lifted = (of: Partial<Parameters<typeof liftedInTime>[0]>) =>
  liftedInTime({
    contractedKg: 100_000n,
    liftedKg: 100_000n,
    toleranceBasisPoints: 500,
    nominatedKg: 0n,
    lapsedKg: 0n,
    ...of,
  });

describe('what went well', () => {
  it('lifting: the tolerance is no lack, and what nominated days missed is', () => {
    expect(lifted({ liftedKg: 95_000n })).toBe(FULL);
    expect(lifted({ liftedKg: 47_500n })).toBe(FULL / 2);
    expect(lifted({ liftedKg: 0n })).toBe(0);
    expect(lifted({ nominatedKg: 100_000n, lapsedKg: 25_000n })).toBe(7_500);
    expect(lifted({ nominatedKg: 100_000n, lapsedKg: 25_000n, liftedKg: 47_500n })).toBe(5_000);
  });

  it('weight: within tolerance all, ten percent beyond it nothing', () => {
    expect(weightKept(100_000n, 95_000n, 500)).toBe(FULL);
    expect(weightKept(100_000n, 105_000n, 500)).toBe(FULL);
    expect(weightKept(100_000n, 90_000n, 500)).toBe(FULL / 2);
    expect(weightKept(100_000n, 80_000n, 500)).toBe(0);
    expect(scalesAgree(1_000_000n, 995_000n)).toBe(FULL);
    expect(scalesAgree(1_000_000n, 985_000n)).toBe(FULL / 2);
    expect(scalesAgree(1_000_000n, 900_000n)).toBe(0);
  });

  it('quality: better coal is no more than kept, ten percent off the price is nothing', () => {
    expect(qualityKept(60_000n, 61_000n)).toBe(FULL);
    expect(qualityKept(60_000n, 57_000n)).toBe(FULL / 2);
    expect(qualityKept(60_000n, 0n)).toBe(0);
  });

  it('payment: a begun day late costs a fifth, and unpaid is late until now', () => {
    const due = new Date('2026-11-01T12:00:00Z');
    const after = (hours: number) => new Date(due.getTime() + hours * 3600_000);
    expect(paidInTime(due, due, after(999))).toBe(FULL);
    expect(paidInTime(due, after(1), after(999))).toBe(8_000);
    expect(paidInTime(due, after(25), after(999))).toBe(6_000);
    expect(paidInTime(due, null, after(24 * 4))).toBe(2_000);
    expect(paidInTime(due, null, after(24 * 30))).toBe(0);
  });

  it('value: a contract of ten times the usual counts for five, one of nothing for a tenth', () => {
    expect(valueWeight(50_000_000n, 'CNY')).toBe(1_000n);
    expect(valueWeight(5_000_000_000n, 'CNY')).toBe(5_000n);
    expect(valueWeight(1n, 'USD')).toBe(100n);
  });

  it('fulfilment: below 80 % in a month and 90 % in a quarter, and no delivery makes up for another', () => {
    const due = (contractedKg: bigint, liftedKg: bigint) => ({ contractedKg, liftedKg });
    const of = (liftedKg: bigint, period: keyof typeof FULFILMENT_LEAST) =>
      fulfilment([due(1_000n, liftedKg)], FULFILMENT_LEAST[period]);
    expect(of(800n, 'month')).toMatchObject({ percent: 8_000, below: false });
    expect(of(799n, 'month')).toMatchObject({ percent: 7_990, below: true });
    expect(of(899n, 'quarter')).toMatchObject({ below: true });
    expect(of(900n, 'year')).toMatchObject({ below: false });
    expect(fulfilment([due(1_000n, 3_000n), due(1_000n, 0n)], 8_000)).toMatchObject({ percent: 5_000 });
    expect(fulfilment([], 8_000)).toBeUndefined();
  });
});
