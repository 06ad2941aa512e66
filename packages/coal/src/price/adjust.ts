/**
 * Price adjustment by a clause of the first edition: what server, web and signed contracts compute with. The
 * counting is the one of evaluate.ts.
 */
import type { Minor } from '@seam/units';
import { type Rational, HUNDRED, divide, toDecimal } from '../exact/rational.ts';
import { shortDecimal } from '../exact/decimals.ts';
import { statedValue } from './certified.ts';
import type { CertifiedQuality, Measure, PriceLimits, QualityClause } from './clause.ts';
import { type PassedLimit, type RuleItem, evaluateRules } from './evaluate.ts';

/** One line of the adjustment. Amounts are in minor units per tonne, exact and signed. */
export type AdjustmentItem = RuleItem<Measure>;

/** A limit of the clause that changed the price: the amount it added, minor units per tonne. */
export type LimitItem = { readonly limit: keyof PriceLimits; readonly amount: Rational };

export type Rejection = PassedLimit<Measure>;

export type PriceAdjustment =
  | {
      readonly outcome: 'adjusted';
      readonly items: readonly AdjustmentItem[];
      readonly limits: readonly LimitItem[];
      /** Minor units per tonne, before the rounding. */
      readonly exactPrice: Rational;
      readonly unitPrice: Minor;
    }
  /** Beyond a refusal limit: there is no price until the parties agree on one. */
  | { readonly outcome: 'rejected'; readonly rejections: readonly Rejection[] }
  /** The certificate does not say what the clause needs. */
  | { readonly outcome: 'incomplete'; readonly missing: readonly Measure[] };

/**
 * @param price contract price, minor units per tonne.
 * @param clause as accepted by `parseQualityClause`.
 * @returns the adjusted price, or every refusal limit passed, or every value the certificate lacks. A
 *   passed limit is reported even when other values are missing.
 */
export function adjustPrice(price: Minor, clause: QualityClause, quality: CertifiedQuality): PriceAdjustment {
  const result = evaluateRules<Measure>(price, clause, (measure) => statedValue(quality.values, measure));
  if (result.outcome !== 'adjusted') return result;
  const { items, exactPrice, unitPrice } = result;
  const limits = result.limits.filter((held): held is LimitItem => !held.limit.startsWith('band'));
  return { outcome: 'adjusted', items, limits, exactPrice, unitPrice };
}

/** The lines of an adjustment as decimal strings, for invoices and wire: money with five digits. */
export function adjustmentLines(adjustment: Extract<PriceAdjustment, { outcome: 'adjusted' }>): readonly {
  readonly id: string;
  readonly measured?: string;
  readonly reference?: string;
  readonly amount: string;
}[] {
  return [
    ...adjustment.items.map((item) => ({
      id: item.ruleId,
      measured: shortDecimal(item.measured, 4),
      reference: shortDecimal(item.reference, 4),
      amount: toDecimal(divide(item.amount, HUNDRED), 5),
    })),
    ...adjustment.limits.map((item) => ({
      id: item.limit,
      amount: toDecimal(divide(item.amount, HUNDRED), 5),
    })),
  ];
}
