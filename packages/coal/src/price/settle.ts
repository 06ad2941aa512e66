/**
 * Amounts of an invoice. Rounding order: weight to the kilogram, laboratory values as certified, unit
 * price once, amount once. Each rounding is half away from zero, as contracts name it.
 */
import { type Kilograms, type Minor, KILOGRAMS_PER_TONNE, divideHalfUp, kilograms, minor } from '@seam/units';
import { certifiedValue } from './certified.ts';
import type { CertifiedQuality, WeightRule } from './clause.ts';
import {
  HUNDRED,
  ONE,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';

/** What `mass` costs at `unitPrice` (minor units per tonne). */
export function invoiceAmount(unitPrice: Minor, mass: Kilograms): Minor {
  return minor(divideHalfUp(unitPrice * mass, KILOGRAMS_PER_TONNE));
}

/** `basisPoints` hundredths of a percent of `amount`, for example 9500 of a provisional invoice. */
export function partOf(amount: Minor, basisPoints: number): Minor {
  return minor(divideHalfUp(amount * BigInt(basisPoints), 10_000n));
}

export type InvoiceBalance = {
  readonly finalAmount: Minor;
  readonly paid: Minor;
  /** Positive: the buyer still owes it. Negative: the buyer gets it back. */
  readonly balance: Minor;
};

/** The final invoice against what was paid on the provisional one. */
export function finalBalance(unitPrice: Minor, mass: Kilograms, paid: Minor): InvoiceBalance {
  const finalAmount = invoiceAmount(unitPrice, mass);
  return { finalAmount, paid, balance: minor(finalAmount - paid) };
}

/**
 * The mass that is paid for when moisture is above the reference; at or below it, the mass weighed.
 * @returns undefined when the certificate does not state total moisture as received.
 */
export function payableMass(
  mass: Kilograms,
  rule: WeightRule,
  quality: CertifiedQuality,
): Kilograms | undefined {
  const moisture = certifiedValue(quality, { parameter: 'totalMoisture', unit: '%', basis: 'ar' });
  if (!moisture) return undefined;
  const reference = decimal(rule.reference);
  if (compare(moisture, reference) <= 0) return mass;
  const kept =
    rule.method === 'dry_equivalent'
      ? divide(subtract(HUNDRED, moisture), subtract(HUNDRED, reference))
      : subtract(ONE, divide(multiply(decimal(rule.factor ?? '1'), subtract(moisture, reference)), HUNDRED));
  const rounded = roundHalfUp(multiply(rational(mass), kept));
  return kilograms(rounded < 0n ? 0n : rounded);
}
