/**
 * Exact fractions of integers. Quality and price rules multiply and divide many times; a fraction keeps
 * every step exact, so that a result is rounded once, at the end, by a named rule.
 */
import { divideHalfEven, divideHalfUp, formatScaled, parseScaled } from '@seam/units';

/** In lowest terms, denominator positive: equal fractions are equal objects field by field. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint };

/** @throws RangeError when `denominator` is zero. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  let n = BigInt(numerator);
  let d = BigInt(denominator);
  if (d === 0n) throw new RangeError('division by zero');
  if (d < 0n) [n, d] = [-n, -d];
  const common = greatestCommonDivisor(n < 0n ? -n : n, d);
  return { numerator: n / common, denominator: d / common };
}

export const ZERO = rational(0);
export const ONE = rational(1);
export const HUNDRED = rational(100);

export function add(...terms: readonly Rational[]): Rational {
  return terms.reduce(
    (sum, term) =>
      rational(
        sum.numerator * term.denominator + term.numerator * sum.denominator,
        sum.denominator * term.denominator,
      ),
    ZERO,
  );
}

export function negate(value: Rational): Rational {
  return { numerator: -value.numerator, denominator: value.denominator };
}

export function subtract(left: Rational, right: Rational): Rational {
  return add(left, negate(right));
}

export function multiply(...factors: readonly Rational[]): Rational {
  return factors.reduce(
    (product, factor) =>
      rational(product.numerator * factor.numerator, product.denominator * factor.denominator),
    ONE,
  );
}

/** @throws RangeError when `right` is zero. */
export function divide(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.denominator, left.denominator * right.numerator);
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
export function compare(left: Rational, right: Rational): -1 | 0 | 1 {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function minimum(left: Rational, right: Rational): Rational {
  return compare(left, right) <= 0 ? left : right;
}

export function maximum(left: Rational, right: Rational): Rational {
  return compare(left, right) >= 0 ? left : right;
}

export function absolute(value: Rational): Rational {
  return value.numerator < 0n ? negate(value) : value;
}

/** Largest integer not above `value`. */
export function floor(value: Rational): bigint {
  const quotient = value.numerator / value.denominator;
  return value.numerator < 0n && quotient * value.denominator !== value.numerator ? quotient - 1n : quotient;
}

/** Smallest integer not below `value`. */
export function ceil(value: Rational): bigint {
  return -floor(negate(value));
}

/** `value` × 10^`scale` rounded half away from zero, the rounding that contracts name. */
export function roundHalfUp(value: Rational, scale = 0): bigint {
  return divideHalfUp(value.numerator * 10n ** BigInt(scale), value.denominator);
}

/** `value` × 10^`scale` rounded half to even: unbiased, for stored measurements and estimates. */
export function roundHalfEven(value: Rational, scale = 0): bigint {
  return divideHalfEven(value.numerator * 10n ** BigInt(scale), value.denominator);
}

/** @returns undefined when `text` is no plain decimal with at most nine fraction digits. */
export function parseRational(text: string): Rational | undefined {
  const point = text.indexOf('.');
  const digits = point < 0 ? 0 : text.length - point - 1;
  const scaled = digits > 9 ? undefined : parseScaled(text, digits);
  return scaled === undefined ? undefined : rational(scaled, 10n ** BigInt(digits));
}

/** For decimals written in the source. @throws RangeError when `text` is no plain decimal. */
export function decimal(text: string): Rational {
  const value = parseRational(text);
  if (!value) throw new RangeError(`not a decimal: ${text}`);
  return value;
}

/** Writes `value` with exactly `digits` fraction digits, rounded half away from zero. */
export function toDecimal(value: Rational, digits: number): string {
  return formatScaled(roundHalfUp(value, digits), digits);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left === 0n ? 1n : left;
}
