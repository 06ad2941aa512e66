/**
 * Prices that fall faster than heat: factors of the reference price at named heats, straight lines in between.
 * Nothing is said outside the named heats, so nothing is computed there.
 */
import {
  type Rational,
  add,
  compare,
  decimal,
  divide,
  multiply,
  parseRational,
  rational,
  subtract,
} from '../exact/rational.ts';
import { shortDecimal } from '../exact/decimals.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import type { Tier } from './clause.ts';

/** `at` in the unit of the contract; `factor` of the reference price. Decimal texts. */
export type FactorPoint = { readonly at: string; readonly factor: string };
export type FactorCode =
  'too_few_points' | 'not_decimal' | 'points_unordered' | 'out_of_range' | 'not_a_decimal_rate';

/** The factor at `value`, exact. `points` in falling order of `at`. */
export function discountFactor(
  points: readonly FactorPoint[],
  value: Rational,
): { readonly ok: true; readonly factor: Rational } | Refusal<FactorCode> {
  const refusal = malformed(points);
  if (refusal) return refusal;
  for (const [index, upper] of points.entries()) {
    const lower = points[index + 1] ?? upper;
    const [high, low] = [decimal(upper.at), decimal(lower.at)];
    if (compare(value, high) > 0 || compare(value, low) < 0) continue;
    const width = subtract(high, low);
    const share = width.numerator === 0n ? rational(0) : divide(subtract(high, value), width);
    const fall = subtract(decimal(lower.factor), decimal(upper.factor));
    return { ok: true, factor: add(decimal(upper.factor), multiply(share, fall)) };
  }
  return refuse('out_of_range', {
    at: 'value',
    minimum: points[points.length - 1]?.at ?? '',
    maximum: points[0]?.at ?? '',
  });
}

/**
 * The same as bands of a rule `below` the first point, marginal, pro rata, in percent of the price per 1 unit.
 * @returns a refusal when a rate has more than nine fraction digits: take points whose lines are decimals.
 */
export function tiersFromFactors(
  points: readonly FactorPoint[],
): { readonly ok: true; readonly per: string; readonly tiers: readonly Tier[] } | Refusal<FactorCode> {
  const refusal = malformed(points);
  if (refusal) return refusal;
  const first = decimal(points[0]?.at ?? '0');
  const tiers: Tier[] = [];
  for (const [index, lower] of points.entries()) {
    const upper = points[index - 1];
    if (!upper) continue;
    const percent = multiply(subtract(decimal(lower.factor), decimal(upper.factor)), rational(100));
    const rate = divide(percent, subtract(decimal(upper.at), decimal(lower.at)));
    const text = shortDecimal(rate, 9);
    if (compare(decimal(text), rate) !== 0) return refuse('not_a_decimal_rate', { at: lower.at });
    const from = shortDecimal(subtract(first, decimal(upper.at)), 9);
    tiers.push({ from, to: shortDecimal(subtract(first, decimal(lower.at)), 9), rate: text });
  }
  return { ok: true, per: '1', tiers };
}

function malformed(points: readonly FactorPoint[]): Refusal<FactorCode> | undefined {
  if (points.length < 2) return refuse('too_few_points', { minimum: '2' });
  const bad = points.find(({ at, factor }) => !parseRational(at) || !parseRational(factor));
  if (bad) return refuse('not_decimal', { at: bad.at });
  const risen = points.find(({ at }, index) => {
    const before = points[index - 1];
    return before && compare(decimal(before.at), decimal(at)) <= 0;
  });
  return risen && refuse('points_unordered', { at: risen.at });
}
