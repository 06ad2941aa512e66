/**
 * Who is short in a period, and what that owes. Both sides are measured by one function: whoever is short of
 * the share pays the same for a tonne (rules 3.7, P14).
 */
import { fulfilment, rational } from '@seam/coal';
import { type Minor, kilograms, minor } from '@seam/units';
import { assert } from '../../platform/fault.ts';

/** What happened in one month, in kilograms. */
export type MonthFacts = {
  readonly contracted: bigint;
  readonly delivered: bigint;
  /** Called off, and declined by the seller; or lapsed by its silence where silence declines. */
  readonly declined: bigint;
  /** Confirmed, and not supplied as the buyer reports. */
  readonly notSupplied: bigint;
  /** Prevented by force majeure, as accepted: on the seller's and on the buyer's side. */
  readonly excusedSeller: bigint;
  readonly excusedBuyer: bigint;
};

export type Fulfilled = {
  readonly contracted: bigint;
  readonly excused: bigint;
  readonly delivered: bigint;
  readonly sellerShort: bigint;
  readonly buyerShort: bigint;
};

/**
 * Of one month or of several together. What is delivered beyond a month makes up for another; who is short of
 * what is still missing follows from whose the shortfalls of the months were.
 */
export function fulfilledOf(months: readonly MonthFacts[]): Fulfilled {
  const parts = months.map(monthFulfilled);
  const sum = (of: (month: Fulfilled) => bigint) => parts.reduce((total, one) => total + of(one), 0n);
  const contracted = sum((one) => one.contracted);
  const excused = sum((one) => one.excused);
  const delivered = sum((one) => one.delivered);
  const short = positive(contracted - excused - delivered);
  const sellerShort = least(
    short,
    sum((one) => one.sellerShort),
  );
  return { contracted, excused, delivered, sellerShort, buyerShort: short - sellerShort };
}

function monthFulfilled(month: MonthFacts): Fulfilled {
  const { contracted, delivered } = month;
  const excused = least(contracted, month.excusedSeller + month.excusedBuyer);
  const short = positive(contracted - excused - delivered);
  // What force majeure of the seller prevented is no longer in the quantity: it is not held against it again.
  const bySeller = positive(month.declined + month.notSupplied - month.excusedSeller);
  const sellerShort = least(short, bySeller);
  return { contracted, excused, delivered, sellerShort, buyerShort: short - sellerShort };
}

export type PenaltyRule = { readonly leastBasisPoints: number; readonly perTonne: Minor };

/** @returns what a side owes that is `shortKg` short of what it had to fulfil; nothing at or above the share. */
export function penaltyOf(of: Fulfilled, shortKg: bigint, rule: PenaltyRule): Minor {
  const due = of.contracted - of.excused;
  if (due <= 0n) return minor(0n);
  const result = fulfilment({
    contracted: kilograms(due),
    shipped: kilograms(due - shortKg),
    thresholdPercent: rational(rule.leastBasisPoints, 100),
    perTonne: rule.perTonne,
  });
  assert(result.ok, 'the share of a signed contract lies between 0 and 100 percent');
  return result.penalty;
}

/** What is owed beyond what was owed for parts of the period before. */
export function beyond(penalty: bigint, before: readonly bigint[]): bigint {
  return positive(penalty - before.reduce((sum, one) => sum + one, 0n));
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
