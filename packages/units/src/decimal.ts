/**
 * Decimal text to scaled integers and back. Money and quality travel as decimal strings on the
 * wire; nothing between the wire and the database is ever a binary fraction.
 */

/** `^-?digits(.digits)?$`, at most 18 digits before and 9 after the point: no exponent, no spaces. */
const DECIMAL = /^(-?)(\d{1,18})(?:\.(\d{1,9}))?$/;

/**
 * Parses a decimal string into an integer scaled by 10^`scale`.
 * @returns undefined when the text is no plain decimal or has more than `scale` fraction digits
 *   (trailing zeros beyond `scale` are refused too: what was typed is what is meant).
 */
export function parseScaled(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  if (fraction.length > scale) return undefined;
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign ? -value : value;
}

/** Writes an integer scaled by 10^`scale` as a decimal string with exactly `scale` fraction digits. */
export function formatScaled(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * Divides two integers rounding half to even, the rounding of ledgers: no drift over many sums.
 * @throws RangeError when `divisor` is not positive.
 */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const { quotient, remainder } = floorDivide(dividend, divisor);
  const twice = remainder * 2n;
  if (twice < divisor) return quotient;
  if (twice > divisor) return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/**
 * Divides two integers rounding half away from zero, the rounding contracts name ("half up").
 * @throws RangeError when `divisor` is not positive.
 */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  if (dividend < 0n) return -divideHalfUp(-dividend, divisor);
  const { quotient, remainder } = floorDivide(dividend, divisor);
  return remainder * 2n >= divisor ? quotient + 1n : quotient;
}

/** Floor division with a non-negative remainder. @throws RangeError when `divisor` is not positive. */
export function floorDivide(dividend: bigint, divisor: bigint): { quotient: bigint; remainder: bigint } {
  if (divisor <= 0n) throw new RangeError(`divisor must be positive, got ${divisor}`);
  let quotient = dividend / divisor;
  let remainder = dividend % divisor;
  if (remainder < 0n) {
    quotient -= 1n;
    remainder += divisor;
  }
  return { quotient, remainder };
}
