/**
 * How well a thing went, 0 to FULL (hundredths of a percent), from the numbers that settled it. Pure, whole numbers,
 * rounded down. The slopes are house rules, written where a reader of a score finds them (the reputation page).
 */
import type { Currency } from '@seam/units';
import { FULL, USUAL } from './beta.ts';

const DAY_MS = 24 * 3600_000;
/** Ten percent off the promise, beyond what is tolerated, is nothing left. */
const SLOPE = 10n;
/** Each begun day late costs a fifth. */
const LATE_PER_DAY = 2_000;
/** Two scales agree within half a percent. */
const SCALES_BASIS_POINTS = 50n;
/** Of what the scales are apart beyond that, two percent are nothing left. */
const SCALES_SLOPE = 50n;

function clamp(value: bigint): number {
  return Number(value < 0n ? 0n : value > BigInt(FULL) ? BigInt(FULL) : value);
}

/** What was fetched of what was due; the contract's tolerance is no lack. */
export function liftedInTime(of: {
  readonly contractedKg: bigint;
  readonly liftedKg: bigint;
  readonly toleranceBasisPoints: number;
  /** Of nominated days that are over: what was nominated, and what of it they missed. */
  readonly nominatedKg: bigint;
  readonly lapsedKg: bigint;
}): number {
  const due = (of.contractedKg * BigInt(FULL - of.toleranceBasisPoints)) / BigInt(FULL);
  const whole = due <= 0n ? FULL : clamp((of.liftedKg * BigInt(FULL)) / due);
  if (of.nominatedKg <= 0n) return whole;
  return Math.min(whole, clamp(((of.nominatedKg - of.lapsedKg) * BigInt(FULL)) / of.nominatedKg));
}

/** What was delivered against what was sold. */
export function weightKept(contractedKg: bigint, deliveredKg: bigint, toleranceBasisPoints: number): number {
  const off = apart(contractedKg, deliveredKg) - BigInt(toleranceBasisPoints);
  return clamp(BigInt(FULL) - (off > 0n ? off * SLOPE : 0n));
}

/** What was loaded against what arrived. */
export function scalesAgree(loadedKg: bigint, receivedKg: bigint): number {
  const off = apart(loadedKg, receivedKg) - SCALES_BASIS_POINTS;
  return clamp(BigInt(FULL) - (off > 0n ? off * SCALES_SLOPE : 0n));
}

/** Basis points of the first. */
function apart(reference: bigint, other: bigint): bigint {
  const difference = reference > other ? reference - other : other - reference;
  return (difference * BigInt(FULL)) / reference;
}

/**
 * The final price against the price of the promise: heat, ash, sulphur and moisture in the one unit that both sides
 * signed. Better coal is no more than kept.
 */
export function qualityKept(price: bigint, finalPrice: bigint): number {
  if (price <= 0n || finalPrice >= price) return FULL;
  return clamp(BigInt(FULL) - (((price - finalPrice) * BigInt(FULL)) / price) * SLOPE);
}

/** @param paidAt null: not paid until now. */
export function paidInTime(dueAt: Date, paidAt: Date | null, now: Date): number {
  const lateMs = (paidAt ?? now).getTime() - dueAt.getTime();
  return lateMs <= 0 ? FULL : Math.max(0, FULL - Math.ceil(lateMs / DAY_MS) * LATE_PER_DAY);
}

/** A usual contract, minor units. One of a tenth counts for a tenth, one of five times and more for five. */
const USUAL_VALUE: Readonly<Record<Currency, bigint>> = {
  CNY: 50_000_000n,
  USD: 7_000_000n,
  EUR: 6_500_000n,
  AUD: 10_500_000n,
  INR: 600_000_000n,
  ZAR: 125_000_000n,
  IDR: 112_000_000_000n,
};
const VALUE_LEAST = USUAL / 10n;
const VALUE_MOST = USUAL * 5n;

/** Value weight in thousandths. */
export function valueWeight(amount: bigint, currency: Currency): bigint {
  const weight = (amount * USUAL) / USUAL_VALUE[currency];
  return weight < VALUE_LEAST ? VALUE_LEAST : weight > VALUE_MOST ? VALUE_MOST : weight;
}

export type Fulfilment = {
  readonly contractedKg: bigint;
  readonly liftedKg: bigint;
  /** Basis points, rounded down. */
  readonly percent: number;
  readonly below: boolean;
};

/** At least so much of what was contracted, by rule: 80 % in a month, 90 % in a quarter and in a year. */
export const FULFILMENT_LEAST = { month: 8_000, quarter: 9_000, year: 9_000 } as const;

/** @returns undefined when nothing was due. Delivered beyond one contract does not make up for another. */
export function fulfilment(
  deliveries: readonly { readonly contractedKg: bigint; readonly liftedKg: bigint }[],
  least: number,
): Fulfilment | undefined {
  let [contractedKg, liftedKg] = [0n, 0n];
  for (const one of deliveries) {
    contractedKg += one.contractedKg;
    liftedKg += one.liftedKg < one.contractedKg ? one.liftedKg : one.contractedKg;
  }
  if (contractedKg === 0n) return undefined;
  const percent = Number((liftedKg * BigInt(FULL)) / contractedKg);
  return { contractedKg, liftedKg, percent, below: percent < least };
}
