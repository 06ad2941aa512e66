import { describe, expect, it } from 'vitest';
import {
  ceil,
  decimal,
  divide,
  floor,
  parseRational,
  rational,
  roundHalfEven,
  roundHalfUp,
  toDecimal,
} from '../index.ts';

describe('fractions', () => {
  it('are in lowest terms with a positive denominator', () => {
    expect(rational(6, -4)).toEqual({ numerator: -3n, denominator: 2n });
    expect(rational(0, -7)).toEqual({ numerator: 0n, denominator: 1n });
    expect(decimal('-0.250')).toEqual(rational(-1, 4));
  });

  it('never have a denominator of zero', () => {
    expect(() => rational(1, 0)).toThrow(RangeError);
    expect(() => divide(rational(1), rational(0))).toThrow(RangeError);
  });

  it('round halves away from zero where contracts say half up, and to even where measurements are kept', () => {
    const halves = [rational(1, 2), rational(3, 2), rational(5, 2), rational(-1, 2), rational(-5, 2)];
    expect(halves.map((value) => roundHalfUp(value))).toEqual([1n, 2n, 3n, -1n, -3n]);
    expect(halves.map((value) => roundHalfEven(value))).toEqual([0n, 2n, 2n, 0n, -2n]);
    expect([rational(1, 8), rational(-1, 8), rational(3, 8)].map((value) => toDecimal(value, 2))).toEqual([
      '0.13',
      '-0.13',
      '0.38',
    ]);
    expect(roundHalfEven(rational(1, 8), 2)).toBe(12n);
  });

  it('have the integers below and above them', () => {
    const values = [rational(7, 2), rational(-7, 2), rational(4), rational(-4)];
    expect(values.map((value) => floor(value))).toEqual([3n, -4n, 4n, -4n]);
    expect(values.map((value) => ceil(value))).toEqual([4n, -3n, 4n, -4n]);
  });

  it('are read from plain decimals only', () => {
    expect(parseRational('12.345678901')).toEqual(rational(12_345_678_901n, 1_000_000_000n));
    for (const text of ['', '.', '.5', '5.', '1e3', '1.1234567890', '+1', '1,5', ' 1'])
      expect(parseRational(text)).toBeUndefined();
    expect(() => decimal('x')).toThrow(RangeError);
  });
});
