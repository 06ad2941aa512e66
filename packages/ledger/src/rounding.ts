/** Fee and tax arithmetic: three amounts that add up to the gross to the last minor unit. */
import { KILOGRAMS_PER_TONNE, type Kilograms, type Minor, cost, divideHalfUp, minor } from '@seam/units';

const BASIS_POINTS = 10_000n;

export type FeeRule = {
  /** Of the gross, in basis points (1/100 %). */
  readonly feeBasisPoints: number;
  /** Value added tax on the fee, in basis points. */
  readonly taxBasisPoints: number;
  /** Minor units for each tonne of the final weight. */
  readonly perTonne?: bigint;
  readonly minimum?: bigint;
  /** 0: no limit. */
  readonly maximum?: bigint;
  /** Absent: the seller. */
  readonly paidBy?: 'seller' | 'buyer';
};
/** `net`: what the seller gets; of a fee that the buyer pays the whole gross. */
export type FeeSplit = { readonly fee: Minor; readonly tax: Minor; readonly net: Minor };

/**
 * Splits `gross` into fee, tax on the fee, and the rest. Each part of the fee and the tax are rounded once, half
 * up; the rest takes what rounding leaves, so fee + tax + net = gross exactly where the seller pays.
 * @param mass the final weight, for what is charged by the tonne.
 * @throws RangeError when gross is negative, a rate is no whole number in 0..10000, or fee and tax
 *   together would exceed the gross.
 */
export function splitFee(gross: Minor, rule: FeeRule, mass: bigint = 0n): FeeSplit {
  if (gross < 0n) throw new RangeError(`gross ${gross} is negative`);
  const fee = minor(feeOf(gross, rule, mass));
  const tax = minor(divideHalfUp(fee * rate(rule.taxBasisPoints), BASIS_POINTS));
  if (rule.paidBy === 'buyer') return { fee, tax, net: gross };
  const net = minor(gross - fee - tax);
  if (net < 0n) throw new RangeError(`fee ${fee} and tax ${tax} exceed ${gross}`);
  return { fee, tax, net };
}

/** What is not a share of the gross never makes the fee more than a tenth of it: releases count on the rest. */
function feeOf(gross: bigint, rule: FeeRule, mass: bigint): bigint {
  const { perTonne = 0n, minimum = 0n, maximum = 0n } = rule;
  const share = divideHalfUp(gross * rate(rule.feeBasisPoints), BASIS_POINTS);
  let fee = share + divideHalfUp(perTonne * mass, KILOGRAMS_PER_TONNE);
  if (fee < minimum) fee = minimum;
  if (maximum > 0n && fee > maximum) fee = maximum;
  const most = gross / 10n;
  return (perTonne > 0n || minimum > 0n) && fee > most ? most : fee;
}

export type VatSplit = {
  /** Without the tax. */
  readonly net: Minor;
  readonly vat: Minor;
  readonly gross: Minor;
};

/**
 * An amount and its value added tax, rounded once, half up; net + vat = gross exactly.
 * `included`: `amount` is the gross, and the net is what is rounded, so that what was agreed is what is paid.
 * `added`: `amount` is the net.
 * @throws RangeError when the amount is negative or the rate no whole number in 0..10000.
 */
export function splitVat(amount: Minor, basisPoints: number, basis: 'included' | 'added'): VatSplit {
  if (amount < 0n) throw new RangeError(`amount ${amount} is negative`);
  const percent = rate(basisPoints);
  if (basis === 'added') {
    const vat = minor(divideHalfUp(amount * percent, BASIS_POINTS));
    return { net: amount, vat, gross: minor(amount + vat) };
  }
  const net = minor(divideHalfUp(amount * BASIS_POINTS, BASIS_POINTS + percent));
  return { net, vat: minor(amount - net), gross: amount };
}

function rate(basisPoints: number): bigint {
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > Number(BASIS_POINTS)) {
    throw new RangeError(`rate ${basisPoints} out of 0..10000`);
  }
  return BigInt(basisPoints);
}

/**
 * Security forfeited for coal that was awarded and not lifted (domain rules 2.0, vector P17):
 * amount per tonne × (awarded − lifted), never more than the security itself.
 */
export function forfeitedSecurity(input: {
  /** Minor units per tonne. */
  readonly amountPerTonne: Minor;
  readonly awarded: Kilograms;
  readonly lifted: Kilograms;
  readonly security: Minor;
}): Minor {
  const missing = input.awarded > input.lifted ? input.awarded - input.lifted : 0n;
  const amount = cost(input.amountPerTonne, missing as Kilograms);
  return amount < input.security ? amount : input.security;
}
