import { describe, expect, it } from 'vitest';
import { rolling } from '../_parts/levels.ts';
import { addMonths, arrangementTyped, basisPoints, evenShares } from './arrangement.ts';

const typed: Record<string, string> = {
  'share.2027-01': '60',
  'share.2027-02': '40.00',
  window: 'month',
  silence: 'confirms',
  carryOver: 'none',
  nominationDays: '7',
  answerDays: '3',
  objectionDays: '7',
  monthShare: '80',
  quarterShare: '90',
  yearShare: '90',
  shortfallPerTonne: '5.00',
  priceKind: 'fixed',
};
const indices = [{ id: 'wb', title: 'WB', unit: 'USD/t', source: 'WB', months: 1, latest: null }];
const minor = (amount: string) => (/^\d+\.\d\d$/.test(amount) ? BigInt(amount.replace('.', '')) : undefined);
const read = (more: Record<string, string> = {}) =>
  arrangementTyped((name) => ({ ...typed, ...more })[name] ?? '', {
    indices,
    months: ['2027-01', '2027-02'],
    minor,
  });

describe('the form of a long-term contract', () => {
  it('reads shares to the hundredth of a percent and money to the minor unit', () => {
    const { arrangement, wrong } = read();
    expect(wrong).toEqual({});
    expect(arrangement).toMatchObject({
      callOff: {
        shares: [
          { month: '2027-01', basisPoints: 6000 },
          { month: '2027-02', basisPoints: 4000 },
        ],
        quarterBasisPoints: 9000,
        shortfallPerTonne: '500',
      },
    });
  });

  it('says beside the field what is wrong, and of shares that together they are no hundred', () => {
    expect(read({ 'share.2027-02': '39.99' }).wrong).toEqual({ shares: 'shares_do_not_add_up' });
    expect(read({ 'share.2027-02': '4o' }).wrong).toEqual({ 'share.2027-02': 'field.out_of_range' });
    expect(read({ monthShare: '100.01' }).wrong).toEqual({ monthShare: 'field.out_of_range' });
    expect(read({ priceKind: 'formula' }).wrong).toEqual({
      series: 'field.required',
      expression: 'field.required',
    });
    expect(read({ priceKind: 'steps' }).wrong).toEqual({
      stepFrom: 'field.required',
      stepPrice: 'field.out_of_range',
    });
  });

  it('takes the index from the list, and the first price from the sale', () => {
    expect(
      read({ priceKind: 'formula', series: 'wb', expression: 'base + X', lagMonths: '2' }).arrangement,
    ).toMatchObject({
      priceLater: {
        expression: 'base + X',
        lagMonths: 2,
        series: [{ name: 'X', seriesId: 'wb', unit: 'USD/t' }],
      },
    });
    const steps = { priceKind: 'steps', basePrice: '612.50', stepFrom: '2027-02', stepPrice: '600.00' };
    expect(read(steps).arrangement['priceSteps']).toEqual([
      { from: '2027-01', pricePerTonne: '61250' },
      { from: '2027-02', pricePerTonne: '60000' },
    ]);
  });

  it('begins with equal shares that add up', () => {
    for (const count of [1, 3, 7, 12, 36]) {
      const sum = evenShares(count).reduce((total, share) => total + basisPoints(share)!, 0);
      expect(sum).toBe(10_000);
    }
    expect(addMonths('2027-11', 3)).toBe('2028-02');
  });
});

describe('the rolling calendar', () => {
  const months = Array.from({ length: 30 }, (_none, at) => ({ period: addMonths('2026-01', at) }));

  it('shows twelve months around today, and never fewer where there are more', () => {
    expect(rolling(months, '2027-01-15').map(({ period }) => period)).toEqual(
      Array.from({ length: 12 }, (_none, at) => addMonths('2026-08', at)),
    );
    expect(rolling(months, '2026-01-01')[0]!.period).toBe('2026-01');
    expect(rolling(months, '2030-01-01').at(-1)!.period).toBe('2028-06');
    expect(rolling(months.slice(0, 5), '2026-03-01')).toHaveLength(5);
  });
});
