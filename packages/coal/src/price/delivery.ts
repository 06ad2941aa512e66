/** Shortfalls of a delivery: what the way may lose, what was not shipped, what security stands for it. */
import { type Kilograms, type Minor, KILOGRAMS_PER_TONNE, kilograms, minor } from '@seam/units';
import {
  type Rational,
  HUNDRED,
  ONE,
  ZERO,
  compare,
  divide,
  floor,
  maximum,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { type RangeRefusal, outside } from '../exact/decimals.ts';

export type TransitLoss = {
  readonly ok: true;
  readonly loss: Kilograms;
  /** What the carrier is not answerable for. */
  readonly allowance: Kilograms;
  readonly claim: Kilograms;
};

/** Loaded against received mass; a surplus is no loss. `allowancePercent` of the loaded mass goes with the way. */
export function transitLoss(of: {
  readonly loaded: Kilograms;
  readonly received: Kilograms;
  readonly allowancePercent: Rational;
}): TransitLoss | RangeRefusal {
  const refusal = outside('allowancePercent', of.allowancePercent, ['0', '100']);
  if (refusal) return refusal;
  const loss = of.loaded > of.received ? of.loaded - of.received : 0n;
  const allowance = roundHalfUp(divide(multiply(rational(of.loaded), of.allowancePercent), HUNDRED));
  const claim = loss > allowance ? loss - allowance : 0n;
  return { ok: true, loss: kilograms(loss), allowance: kilograms(allowance), claim: kilograms(claim) };
}

export type Fulfilment = {
  readonly ok: true;
  /** Shipped in percent of contracted. */
  readonly percent: Rational;
  readonly shortfall: Kilograms;
  readonly penalty: Minor;
};

/**
 * What was shipped against what was contracted. Below `thresholdPercent` the whole shortfall is paid for at
 * `perTonne` minor units; at or above it nothing.
 */
export function fulfilment(of: {
  readonly contracted: Kilograms;
  readonly shipped: Kilograms;
  readonly thresholdPercent: Rational;
  readonly perTonne: Minor;
}): Fulfilment | RangeRefusal | Refusal<'nothing_contracted'> {
  if (of.contracted <= 0n) return refuse('nothing_contracted', { at: 'contracted' });
  const refusal = outside('thresholdPercent', of.thresholdPercent, ['0', '100']);
  if (refusal) return refusal;
  const percent = multiply(rational(of.shipped, of.contracted), HUNDRED);
  const shortfall = kilograms(of.shipped < of.contracted ? of.contracted - of.shipped : 0n);
  const owed = compare(percent, of.thresholdPercent) < 0;
  const exact = owed ? rational(of.perTonne * shortfall, KILOGRAMS_PER_TONNE) : ZERO;
  return { ok: true, percent, shortfall, penalty: minor(roundHalfUp(exact)) };
}

/** Credit for coal of another grade than declared: (declared − analysed price) × mass, signed. */
export function gradeDifference(declaredPrice: Minor, analysedPrice: Minor, mass: Kilograms): Minor {
  return minor(roundHalfUp(rational((declaredPrice - analysedPrice) * mass, KILOGRAMS_PER_TONNE)));
}

/** Security for a bid: per tonne, in percent of the value at the start price, or one sum. */
export type SecurityRule =
  | { readonly mode: 'per_tonne'; readonly perTonne: Minor }
  | { readonly mode: 'percent_of_start'; readonly startPrice: Minor; readonly percent: Rational }
  | { readonly mode: 'fixed'; readonly amount: Minor };

export function bidSecurity(rule: SecurityRule, mass: Kilograms): Minor {
  switch (rule.mode) {
    case 'fixed':
      return rule.amount;
    case 'per_tonne':
      return minor(roundHalfUp(rational(rule.perTonne * mass, KILOGRAMS_PER_TONNE)));
    case 'percent_of_start': {
      const value = rational(rule.startPrice * mass, KILOGRAMS_PER_TONNE);
      return minor(roundHalfUp(divide(multiply(value, rule.percent), HUNDRED)));
    }
  }
}

/** The largest mass on the grid of `step` that `free` secures at `perTonne`. Both positive. */
export function securedMass(free: Minor, perTonne: Minor, step: Kilograms): Kilograms {
  const exact = divide(
    multiply(rational(maximumOf(free)), rational(KILOGRAMS_PER_TONNE)),
    rational(perTonne),
  );
  return kilograms(floor(divide(exact, rational(step))) * step);
}

function maximumOf(free: Minor): bigint {
  return free > 0n ? free : 0n;
}

/** Security lost in proportion to what was awarded and not taken. */
export function forfeitedSecurity(perTonne: Minor, awarded: Kilograms, taken: Kilograms): Minor {
  const open = maximum(ZERO, subtract(rational(awarded), rational(taken)));
  return minor(roundHalfUp(divide(multiply(open, rational(perTonne), ONE), rational(KILOGRAMS_PER_TONNE))));
}
