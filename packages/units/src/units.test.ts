import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cost,
  divideHalfEven,
  divideHalfUp,
  formatScaled,
  kilograms,
  lots,
  minor,
  notional,
  parseMoney,
  parseScaled,
  parseTonnes,
  ticks,
} from './index.ts';

describe('decimals', () => {
  it('refuses what is no plain decimal', () => {
    for (const text of [
      '',
      '1e5',
      ' 1',
      '1 ',
      '１２',
      '.5',
      '5.',
      '0x10',
      'NaN',
      'Infinity',
      '1,000',
      '--1',
      '+1',
    ]) {
      expect(parseScaled(text, 2)).toBeUndefined();
    }
  });
  it('refuses more fraction digits than the scale holds', () => {
    expect(parseMoney('1.005')).toBeUndefined();
    expect(parseMoney('1.00')).toBe(100n);
  });
  it('writes what it read', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.integer({ min: 0, max: 6 }), (value, scale) => {
        expect(parseScaled(formatScaled(value, scale), scale)).toBe(value);
      }),
    );
  });
});

describe('rounding', () => {
  it('rounds halves to even and halves up away from zero', () => {
    expect([5n, 15n, 25n, -5n, -15n].map((n) => divideHalfEven(n, 10n))).toEqual([0n, 2n, 2n, 0n, -2n]);
    expect([5n, 15n, 25n, -5n, -15n].map((n) => divideHalfUp(n, 10n))).toEqual([1n, 2n, 3n, -1n, -2n]);
  });
  it('is never further than half from the exact quotient', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 9n), (a, b) => {
        for (const q of [divideHalfEven(a, b), divideHalfUp(a, b)]) {
          const off = (q * b - a) * 2n;
          expect(off <= b && off >= -b).toBe(true);
        }
      }),
    );
  });
});

describe('money', () => {
  it('computes past 2^53 exactly', () => {
    expect(cost(minor(2_000_000n), kilograms(10_000_000_000n))).toBe(20_000_000_000_000n);
  });
  it('turns ticks and lots into money on the grid', () => {
    const grid = { tickSize: minor(100n), lotSize: kilograms(50_000n) };
    expect(notional(grid, ticks(1310), lots(80))).toBe(1310n * 100n * 4000n);
  });
  it('refuses counts that are negative, fractional or past the limit', () => {
    for (const value of [-1, 0.5, 1e9 + 1, Number.NaN]) expect(() => ticks(value)).toThrow(RangeError);
    expect(() => kilograms(-1n)).toThrow(RangeError);
    expect(parseTonnes('-1.000')).toBeUndefined();
  });
});
