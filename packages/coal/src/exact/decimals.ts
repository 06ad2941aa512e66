/** Decimals for people: as few digits as say the value, and checks that inputs are inside what is sensible. */
import { type Rational, compare, decimal, parseRational, roundHalfUp } from './rational.ts';
import { type Refusal, refuse } from './refusal.ts';

export type Range = readonly [minimum: string, maximum: string];
export type RangeRefusal = Refusal<'out_of_range'>;

/** @returns undefined when `value` lies in the closed `range`, else the refusal that names `at`. */
export function outside(at: string, value: Rational, range: Range): RangeRefusal | undefined {
  const [minimum, maximum] = range;
  const inside = compare(value, decimal(minimum)) >= 0 && compare(value, decimal(maximum)) <= 0;
  return inside ? undefined : refuse('out_of_range', { at, minimum, maximum });
}

/** The first of `checks` outside its range. */
export function firstOutside(
  checks: readonly (readonly [at: string, value: Rational | undefined, range: Range])[],
): RangeRefusal | undefined {
  for (const [at, value, range] of checks) {
    const refusal = value && outside(at, value, range);
    if (refusal) return refusal;
  }
  return undefined;
}

/** A number given as decimal text or as a fraction. @returns undefined when the text is no plain decimal. */
export function toRational(value: string | Rational): Rational | undefined {
  return typeof value === 'string' ? parseRational(value) : value;
}

/** `value` with at most `digits` fraction digits, half away from zero, without trailing zeros. */
export function shortDecimal(value: Rational, digits: number): string {
  const scaled = roundHalfUp(value, digits);
  const sign = scaled < 0n ? '-' : '';
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
