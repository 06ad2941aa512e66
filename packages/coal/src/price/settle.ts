/**
 * Amounts of an invoice. Rounding order: weight to the kilogram, laboratory values as certified, unit
 * price once, amount once. Each rounding is half away from zero, as contracts name it.
 */
import { type Kilograms, type Minor, KILOGRAMS_PER_TONNE, divideHalfUp, kilograms, minor } from '@seam/units';
import type { Stated } from '../assay/measurement.ts';
import {
  type Rational,
  HUNDRED,
  ONE,
  add,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';
import { statedValue } from './certified.ts';
import { type ClauseOutcome, type Given, evaluateClause } from './evaluate.ts';
import type { AnyMeasure } from './measure.ts';
import type { AnyClause, PayableRule } from './price-clause.ts';

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
 * The mass that is paid for. Above the reference moisture less than was weighed; at or below it the mass
 * weighed, unless the rule corrects the mass either way.
 * @returns undefined when the certificate does not state total moisture as received.
 */
export function payableMass(
  mass: Kilograms,
  rule: PayableRule,
  quality: { readonly values: readonly Stated[] },
): Kilograms | undefined {
  const moisture = statedValue(quality.values, { parameter: 'totalMoisture', unit: '%', basis: 'ar' });
  return moisture && wholeKilograms(multiply(rational(mass), keptShare(rule, moisture)));
}

/** The part of a mass that `rule` pays at this total moisture. */
export function keptShare(rule: PayableRule, moisture: Rational): Rational {
  const reference = decimal(rule.reference);
  const dry = divide(subtract(HUNDRED, moisture), subtract(HUNDRED, reference));
  if (rule.method === 'contract_moisture') return dry;
  if (compare(moisture, reference) <= 0) return ONE;
  if (rule.method === 'dry_equivalent') return dry;
  const excess = multiply(decimal(rule.factor ?? '1'), subtract(moisture, reference));
  return subtract(ONE, divide(excess, HUNDRED));
}

export type Delivery = {
  readonly clause: AnyClause;
  /** Contract price, minor units per tonne. */
  readonly price: Minor;
  readonly mass: Kilograms;
  /** For rules paid per contracted tonne. */
  readonly contractMass?: Kilograms;
  readonly given: Given;
};

export type SettledDelivery =
  | {
      readonly outcome: 'settled';
      readonly price: Extract<ClauseOutcome, { outcome: 'adjusted' }>;
      readonly payable: Kilograms;
      /** Unit price × payable mass. */
      readonly amount: Minor;
      /** Signed as in the clause: negative lowers what the buyer pays. */
      readonly charges: readonly { readonly ruleId: string; readonly amount: Minor }[];
      readonly total: Minor;
    }
  | Exclude<ClauseOutcome, { outcome: 'adjusted' }>
  | { readonly outcome: 'incomplete'; readonly missing: readonly (AnyMeasure | 'contractMass')[] };

/** One delivery by its clause: unit price, payable mass, charges and the sum, each rounded once. */
export function settleDelivery(of: Delivery): SettledDelivery {
  const { clause, given } = of;
  const price = evaluateClause(of.price, clause, given);
  if (price.outcome !== 'adjusted') return price;
  const moisture: AnyMeasure = { parameter: 'totalMoisture', unit: '%', basis: 'ar' };
  const measured = clause.weight && statedValue(given.quality.values, moisture);
  if (clause.weight && !measured) return { outcome: 'incomplete', missing: [moisture] };
  const contracted = price.charges.some(({ per }) => per === 'contract_tonne');
  if (contracted && of.contractMass === undefined)
    return { outcome: 'incomplete', missing: ['contractMass'] };
  const kept = clause.weight && measured ? keptShare(clause.weight, measured) : ONE;
  const deduction = divide(add(...price.weight.map((item) => item.amount)), rational(1000));
  const payable = wholeKilograms(multiply(rational(of.mass), kept, add(ONE, deduction)));
  const amount = invoiceAmount(price.unitPrice, payable);
  const charges = price.charges.map(({ ruleId, amount: exact, per }) => {
    const tonnes = per === 'delivery' ? ONE : rational(of.contractMass ?? 0n, KILOGRAMS_PER_TONNE);
    return { ruleId, amount: minor(roundHalfUp(multiply(exact, tonnes))) };
  });
  const total = charges.reduce((sum, charge) => sum + charge.amount, BigInt(amount));
  return { outcome: 'settled', price, payable, amount, charges, total: minor(total) };
}

/** Weights are known to the kilogram; deductions stop at nothing left. */
function wholeKilograms(exact: Rational): Kilograms {
  const rounded = roundHalfUp(exact);
  return kilograms(rounded < 0n ? 0n : rounded);
}
