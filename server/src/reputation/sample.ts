/**
 * Mean and 95 % interval of some differences, in whole numbers: the mean rounded half away from zero, the half width
 * rounded up, so that the interval is never narrower than the data allows. Pure.
 */
import type { ExperienceSample } from '@seam/protocol';

/** Fewer deliveries than these say nothing. */
export const EXPERIENCE_LEAST = 3;

/** Student's t, two-sided 95 %, in thousandths, by degrees of freedom from 2; past the last one the normal one. */
const T = [
  4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228, 2201, 2179, 2160, 2145, 2131, 2120, 2110, 2101, 2093,
  2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2048, 2045, 2042,
] as const;
const NORMAL = 1960;

/** @param differences whole numbers. @returns undefined when they are too few. */
export function sampleOf(differences: readonly number[]): ExperienceSample | undefined {
  const count = differences.length;
  if (count < EXPERIENCE_LEAST) return undefined;
  const n = BigInt(count);
  let [sum, squares] = [0n, 0n];
  for (const difference of differences) {
    const value = BigInt(difference);
    sum += value;
    squares += value * value;
  }
  const mean = halfAway(sum, n);
  // Variance of the mean = (n Σx² − (Σx)²) / (n² (n − 1)); with six digits, and its root with three.
  const spread = rootUp(((n * squares - sum * sum) * 1_000_000n) / (n * n * (n - 1n)));
  const half = ceilDivide(BigInt(T[count - 3] ?? NORMAL) * spread, 1_000_000n);
  return { deliveries: count, mean: Number(mean), low: Number(mean - half), high: Number(mean + half) };
}

function halfAway(value: bigint, by: bigint): bigint {
  const size = value < 0n ? -value : value;
  const rounded = (2n * size + by) / (2n * by);
  return value < 0n ? -rounded : rounded;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** The smallest whole root that is not too small. */
function rootUp(square: bigint): bigint {
  if (square <= 0n) return 0n;
  let guess = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (guess + square / guess) / 2n;
    if (next >= guess) break;
    guess = next;
  }
  return guess * guess < square ? guess + 1n : guess;
}
