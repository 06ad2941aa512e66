/**
 * What a run of events says about a company, as a beta distribution that forgets: alpha = 1 + Σ w·s, beta = 1 + Σ w·(1 − s),
 * w = value weight × 0.5^(age / half-life), score = alpha / (alpha + beta) (rules 4.11).
 *
 * Promises: integers only, so the same events give the same digits in any order and on any machine. Powers of one half
 * are rounded half up to 12 digits, each w·s too; the score to 4 digits, once, at the end.
 */
import { assert } from '../platform/fault.ts';

/** One, in the twelve digits that weights, alpha and beta are reckoned with. */
export const ONE = 10n ** 12n;
/** Success in full, in hundredths of a percent. */
export const FULL = 10_000;
/** The weight of an event of usual value. */
export const USUAL = 1000n;
export const HALF_LIFE_DAYS = 180;

export type Weighed = {
  /** Whole days since it happened. */
  readonly ageDays: number;
  /** 0 to FULL. */
  readonly success: number;
  /** Value weight in thousandths. */
  readonly value: bigint;
};

export type Beta = {
  readonly count: number;
  /** At the scale of ONE. */
  readonly alpha: bigint;
  readonly beta: bigint;
};

export function betaOf(events: readonly Weighed[], halfLifeDays = HALF_LIFE_DAYS): Beta {
  let [alpha, beta] = [ONE, ONE];
  for (const event of events) {
    const weight = weightOf(event, halfLifeDays);
    const good = halfUp(weight * BigInt(event.success), BigInt(FULL));
    alpha += good;
    beta += weight - good;
  }
  return { count: events.length, alpha, beta };
}

/** At the scale of ONE. */
export function weightOf({ ageDays, success, value }: Weighed, halfLifeDays = HALF_LIFE_DAYS): bigint {
  assert(Number.isInteger(success) && success >= 0 && success <= FULL, `success ${success}`);
  assert(value >= 0n, `value weight ${value}`);
  return halfUp(value * decay(ageDays, halfLifeDays), USUAL);
}

/** In ten thousandths, 0 to 10,000. */
export function scoreOf({ alpha, beta }: Pick<Beta, 'alpha' | 'beta'>): number {
  return Number(halfUp(alpha * 10_000n, alpha + beta));
}

/** 0.5^(days / half-life) at the scale of ONE; exact at every whole half-life until its twelve digits end. */
export function decay(days: number, halfLifeDays = HALF_LIFE_DAYS): bigint {
  assert(Number.isInteger(days) && days >= 0, `age of ${days} days`);
  const halvings = Math.floor(days / halfLifeDays);
  // 2^-64 of ONE is nothing.
  if (halvings >= 64) return 0n;
  return halfUp(powersOf(halfLifeDays)[days % halfLifeDays]!, FINE * 2n ** BigInt(halvings));
}

const FINE = 10n ** 28n;
const kept = new Map<number, readonly bigint[]>();

/** 2^(-k / n) at the scale of ONE × FINE for k from 0 to n − 1. */
function powersOf(n: number): readonly bigint[] {
  const known = kept.get(n);
  if (known) return known;
  const scale = ONE * FINE;
  const step = rootOfHalf(n, scale);
  const powers = [scale];
  for (let k = 1; k < n; k += 1) powers.push((powers[k - 1]! * step) / scale);
  kept.set(n, powers);
  return powers;
}

/** The largest x with (x / scale)^n ≤ 1/2. */
function rootOfHalf(n: number, scale: bigint): bigint {
  const half = scale ** BigInt(n) / 2n;
  let [low, high] = [scale / 2n, scale];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(n) <= half) low = middle;
    else high = middle;
  }
  return low;
}

function halfUp(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by);
}
