/**
 * The second edition of the clause: the same rules by tiers and steps over every parameter of a certificate
 * and over facts of the delivery, paid in more ways. Signed clauses of the first edition stay what they are
 * and are computed by the same code; every one of them is also valid here under the newer name.
 *
 *   money_per_tonne, percent_of_price   as in the first edition
 *   unit_price               rates are multiples of the price of one unit: contract price ÷ reference,
 *                            rounded to `unitDigits` half away from zero (0.1240 a kilocalorie)
 *   kg_per_tonne             taken off (negative) the payable weight instead of the price
 *   money                    a lump sum of the delivery: demurrage by the day
 *   money_per_contract_tonne times the contracted, not the delivered tonnes: coal not shipped
 */
import type { PriceLimits, QualityClause } from './clause.ts';
import type { Counting } from './count.ts';
import type { AnyMeasure } from './measure.ts';

export const RATE_UNITS = [
  'money_per_tonne',
  'percent_of_price',
  'unit_price',
  'kg_per_tonne',
  'money',
  'money_per_contract_tonne',
] as const;
export type RateUnit = (typeof RATE_UNITS)[number];

export type PriceRule = AnyMeasure &
  Counting & {
    /** Names the line in the invoice; unique in the clause. */
    readonly id: string;
    readonly rateUnit: RateUnit;
    /** For `unit_price`: fraction digits of the price of one unit. */
    readonly unitDigits?: number;
    /** As in the first edition; what does not change the unit price has stage 1. */
    readonly stage: number;
    readonly reject?: { readonly below?: string; readonly above?: string };
  };

/**
 * What mass is paid. `dry_equivalent` and `simple` as in the first edition, for moisture above the reference;
 * `contract_moisture` brings the mass to the reference moisture either way: mass × (100 − M)/(100 − reference).
 */
export type PayableRule = {
  readonly method: 'dry_equivalent' | 'simple' | 'contract_moisture';
  readonly reference: string;
  readonly factor?: string;
};

/**
 * A band of prices that moves with the heat, as regulators set it: limit × measured ÷ reference. Money per
 * tonne at the reference.
 */
export type HeatBand = AnyMeasure & {
  readonly reference: string;
  readonly minimum?: string;
  readonly maximum?: string;
};

/** First a provisional invoice for a part, then the final one within so many days. */
export type PaymentTerms = {
  /** Percent of the provisional amount, up to 100. */
  readonly provisionalPercent: string;
  readonly finalWithinDays: number;
};

export type PriceClause = {
  readonly schema: 'seam.quality-clause.2';
  readonly rounding: 'half_up';
  readonly rules: readonly PriceRule[];
  readonly weight?: PayableRule;
  readonly limits?: PriceLimits & { readonly band?: HeatBand };
  readonly payment?: PaymentTerms;
};

export type AnyClause = QualityClause | PriceClause;
