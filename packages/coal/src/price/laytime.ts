/**
 * Time that ship, wagon or truck was held, and what it costs. Durations are whole milliseconds; days are
 * exact fractions of them, so that nothing is lost before the one rounding to money.
 */
import { type Kilograms, type Minor, minor } from '@seam/units';
import {
  type Rational,
  ZERO,
  add,
  compare,
  maximum,
  minimum,
  multiply,
  rational,
  roundHalfUp,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** `days` of the excess at `perDay` minor units; the last without `days` takes the rest. */
export type DemurrageTier = { readonly days?: number; readonly perDay: Minor };

export type LaytimeCode = 'not_duration' | 'rate_not_positive' | 'tiers_malformed';
export type Demurrage = {
  readonly ok: true;
  readonly excessDays: Rational;
  readonly amount: Minor;
};

/** Allowed time: the mass at a rate of handling, and a fixed part. Exact hours. */
export function laytimeAllowed(of: {
  readonly mass: Kilograms;
  readonly kilogramsPerHour: Kilograms;
  readonly extraMs?: number;
}): { readonly ok: true; readonly hours: Rational } | Refusal<LaytimeCode> {
  if (of.kilogramsPerHour <= 0n) return refuse('rate_not_positive', { at: 'kilogramsPerHour' });
  const extra = of.extraMs ?? 0;
  if (!isDuration(extra)) return refuse('not_duration', { at: 'extraMs' });
  return { ok: true, hours: add(rational(of.mass, of.kilogramsPerHour), rational(extra, HOUR_MS)) };
}

/** max(used − allowed, 0) at the rates of `tiers`, cheapest day first as written. */
export function demurrage(of: {
  readonly usedMs: number;
  /** Exact hours, as laytimeAllowed gives them. */
  readonly allowedHours: Rational;
  readonly tiers: readonly DemurrageTier[];
}): Demurrage | Refusal<LaytimeCode> {
  if (!isDuration(of.usedMs)) return refuse('not_duration', { at: 'usedMs' });
  if (compare(of.allowedHours, ZERO) < 0) return refuse('not_duration', { at: 'allowedHours' });
  if (!areTiers(of.tiers)) return refuse('tiers_malformed', { at: 'tiers' });
  const allowed = multiply(of.allowedHours, rational(1, 24));
  const excessDays = maximum(ZERO, add(rational(of.usedMs, DAY_MS), multiply(allowed, rational(-1))));
  let left = excessDays;
  let exact = ZERO;
  for (const { days, perDay } of of.tiers) {
    const counted = days === undefined ? left : minimum(left, rational(days));
    exact = add(exact, multiply(counted, rational(perDay)));
    left = add(left, multiply(counted, rational(-1)));
  }
  return { ok: true, excessDays, amount: minor(roundHalfUp(exact)) };
}

/** Every tier but the last has a length, and only the last has none: no day is without a rate. */
function areTiers(tiers: readonly DemurrageTier[]): boolean {
  const last = tiers.length - 1;
  return (
    last >= 0 &&
    tiers.every(({ days, perDay }, index) => {
      const length = index === last ? days === undefined : Number.isSafeInteger(days) && (days ?? 0) > 0;
      return length && perDay >= 0n;
    })
  );
}

function isDuration(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0;
}
