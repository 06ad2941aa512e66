/**
 * Is a value unlike the ones before it? z-score against a mine's past, without a square root: z² is compared.
 * The spread is never taken as smaller than what one laboratory scatters by itself, so that a mine of very
 * even coal is not flagged for the last digit.
 */
import {
  type Rational,
  add,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  subtract,
  maximum,
} from '../exact/rational.ts';

export type HistoryParameter = 'totalMoisture' | 'ash' | 'volatileMatter' | 'sulphur' | 'calorificValue';

/** Fewer certificates than these say nothing about what is usual. */
export const HISTORY_LEAST = 5;
const Z_LIMIT_SQUARED = rational(9);

/** Half of a laboratory's repeatability at usual levels: percent, J/g. */
const SPREAD_LEAST: Readonly<Record<HistoryParameter, string>> = {
  totalMoisture: '0.25',
  ash: '0.15',
  volatileMatter: '0.25',
  sulphur: '0.025',
  calorificValue: '60',
};

export type Outlier = { readonly mean: Rational; readonly zSquared: Rational };

/** @returns undefined when `value` is usual, or `past` too short to tell. */
export function outlierOf(
  parameter: HistoryParameter,
  value: Rational,
  past: readonly Rational[],
): Outlier | undefined {
  if (past.length < HISTORY_LEAST) return undefined;
  const mean = divide(add(...past), rational(past.length));
  const squares = past.map((one) => square(subtract(one, mean)));
  const variance = divide(add(...squares), rational(past.length - 1));
  const spread = maximum(variance, square(decimal(SPREAD_LEAST[parameter])));
  const zSquared = divide(square(subtract(value, mean)), spread);
  return compare(zSquared, Z_LIMIT_SQUARED) > 0 ? { mean, zSquared } : undefined;
}

function square(value: Rational): Rational {
  return multiply(value, value);
}
