/**
 * Conversion between bases by the factors of ISO 1170. Exact; nothing is rounded here.
 *
 * Moisture itself is not convertible, and net calorific value only through gross (heat.ts).
 */
import {
  type Assay,
  type Basis,
  type Conditions,
  type Share,
  type ShareParameter,
  conditionsOf,
  percent,
} from './assay.ts';
import {
  type Rational,
  HUNDRED,
  ONE,
  ZERO,
  compare,
  divide,
  multiply,
  roundHalfEven,
  subtract,
} from '../exact/rational.ts';

/**
 * The factor that brings a dry value to `basis`.
 * @returns undefined when the moisture or ash it needs is not stated or leaves no dry (ash free) matter.
 */
export function factorFromDry(basis: Basis, conditions: Conditions): Rational | undefined {
  switch (basis) {
    case 'd':
      return ONE;
    case 'ar':
      return dryShare(conditions.totalMoisture);
    case 'ad':
      return dryShare(conditions.inherentMoisture);
    case 'daf': {
      const organic = dryShare(conditions.ashDry);
      return organic && divide(ONE, organic);
    }
  }
}

/** `value` stated on `from`, on basis `to`. @returns undefined when the conditions do not say how. */
export function convertBasis(
  value: Rational,
  from: Basis,
  to: Basis,
  conditions: Conditions,
): Rational | undefined {
  if (from === to) return value;
  const before = factorFromDry(from, conditions);
  const after = factorFromDry(to, conditions);
  return before && after && divide(multiply(value, after), before);
}

/** A stated share in percent on `basis`. @returns undefined when it is not stated or not convertible. */
export function shareOn(assay: Assay, parameter: ShareParameter, basis: Basis): Rational | undefined {
  const share = assay[parameter];
  return share && convertBasis(percent(share), share.basis, basis, conditionsOf(assay));
}

/** A share of an assay on another basis in basis points, rounded half to even. */
export function convertShare(share: Share, basis: Basis, conditions: Conditions): Share | undefined {
  const value = convertBasis(percent(share), share.basis, basis, conditions);
  return value && { basisPoints: Number(roundHalfEven(value, 2)), basis };
}

/** (100 − percent) / 100, when that is positive. */
function dryShare(moisture: Rational | undefined): Rational | undefined {
  if (!moisture) return undefined;
  const share = divide(subtract(HUNDRED, moisture), HUNDRED);
  return compare(share, ZERO) > 0 ? share : undefined;
}
