import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOut } from './share.ts';

const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 50 });
const sum = (all: readonly bigint[]): bigint => all.reduce((a, b) => a + b, 0n);

it('gives every kilogram, nobody more than its weight, and nobody a kilogram beside its proportion', () => {
  fc.assert(
    fc.property(weights, fc.bigInt(0n, 10n ** 12n), (parts, wanted) => {
      const whole = sum(parts);
      if (whole === 0n) return;
      const total = wanted % (whole + 1n);
      const shares = shareOut(total, parts);
      expect(sum(shares)).toBe(total);
      shares.forEach((share, at) => {
        expect(share <= parts[at]!).toBe(true);
        const distance = share * whole - total * parts[at]!;
        expect(distance < whole && distance > -whole).toBe(true);
      });
    }),
  );
});

it('shared again and again, the whole ends where each began', () => {
  fc.assert(
    fc.property(weights, fc.array(fc.bigInt(0n, 10n ** 12n), { maxLength: 8 }), (parts, awards) => {
      let left = parts;
      for (const wanted of awards) {
        if (sum(left) === 0n) break;
        const shares = shareOut(wanted % (sum(left) + 1n), left);
        left = left.map((rest, at) => rest - shares[at]!);
        expect(left.every((rest) => rest >= 0n)).toBe(true);
      }
      if (sum(left) > 0n) expect(shareOut(sum(left), left)).toEqual(left);
    }),
  );
});

it('refuses to share by nothing', () => {
  expect(() => shareOut(1n, [0n, 0n])).toThrow(RangeError);
  expect(() => shareOut(-1n, [1n])).toThrow(RangeError);
});
