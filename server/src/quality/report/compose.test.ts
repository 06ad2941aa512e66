import { describe, expect, it } from 'vitest';
import { stepsOf } from './compose.ts';

describe('the way to a price', () => {
  it('goes line by line and ends at the price of the invoice', () => {
    const lines = [
      { id: 'heat', amount: '-6.00000' },
      { id: 'ash', amount: '-8.91000' },
      { id: 'm', amount: '-11.87667' },
    ];
    const steps = stepsOf(60_000n, lines, 57_321n);
    expect(steps).toEqual([
      { id: 'heat', amount: '-6.00000', price: '594.00000' },
      { id: 'ash', amount: '-8.91000', price: '585.09000' },
      { id: 'm', amount: '-11.87667', price: '573.21333' },
      { id: 'rounding', amount: '-0.00333', price: '573.21000' },
    ]);
  });

  it('names what people agreed on, and what a price below zero came to', () => {
    expect(stepsOf(60_000n, [], 50_000n)).toEqual([
      { id: 'agreed', amount: '-100.00000', price: '500.00000' },
    ]);
    expect(stepsOf(60_000n, [], 60_000n)).toEqual([]);
    expect(stepsOf(1_000n, [{ id: 'ash', amount: '-60.00000' }], 0n).at(-1)).toEqual({
      id: 'held_at_zero',
      amount: '50.00000',
      price: '0.00000',
    });
  });
});
