/**
 * Price adjustment: contract price, quality clause and certificate in; the unit price and how it came
 * about out. Exact until the one rounding that the clause names, so anybody can recompute it.
 */
import { type Minor, formatScaled, minor } from '@seam/units';
import { certifiedValue } from './certified.ts';
import type {
  AdjustmentRule,
  CertifiedQuality,
  Measure,
  PriceLimits,
  QualityClause,
  Tier,
} from './clause.ts';
import {
  type Rational,
  HUNDRED,
  ONE,
  ZERO,
  absolute,
  add,
  ceil,
  compare,
  decimal,
  divide,
  floor,
  maximum,
  minimum,
  multiply,
  negate,
  rational,
  roundHalfUp,
  subtract,
  toDecimal,
} from '../exact/rational.ts';

/** One line of the adjustment. Amounts are in minor units per tonne, exact and signed. */
export type AdjustmentItem = {
  readonly ruleId: string;
  readonly measure: Measure;
  readonly measured: Rational;
  readonly reference: Rational;
  readonly amount: Rational;
};

/** A limit of the clause that changed the price: the amount it added, minor units per tonne. */
export type LimitItem = { readonly limit: keyof PriceLimits; readonly amount: Rational };

export type Rejection = {
  readonly ruleId: string;
  readonly measure: Measure;
  readonly measured: Rational;
  readonly limit: Rational;
  readonly side: 'below' | 'above';
};

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
  const found = clause.rules.map((rule) => ({ rule, measured: certifiedValue(quality, rule) }));
  const rejections = found.flatMap(({ rule, measured }) => (measured ? rejectionsOf(rule, measured) : []));
  if (rejections.length > 0) return { outcome: 'rejected', rejections };
  const missing = found.filter(({ measured }) => !measured).map(({ rule }) => measureOf(rule));
  if (missing.length > 0) return { outcome: 'incomplete', missing };

  const items: AdjustmentItem[] = [];
  let running = rational(price);
  for (const stage of new Set(clause.rules.map((rule) => rule.stage).toSorted((a, b) => a - b))) {
    const base = running;
    for (const { rule, measured } of found) {
      if (rule.stage !== stage || !measured || rule.tiers.length === 0) continue;
      const reference = decimal(rule.reference);
      const amount = amountOf(rule, subtract(measured, reference), base);
      items.push({ ruleId: rule.id, measure: measureOf(rule), measured, reference, amount });
      running = add(running, amount);
    }
  }
  const { limits, exactPrice } = applyLimits(rational(price), running, clause.limits ?? {});
  return { outcome: 'adjusted', items, limits, exactPrice, unitPrice: minor(roundHalfUp(exactPrice)) };
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
      measured: shortest(item.measured),
      reference: shortest(item.reference),
      amount: toDecimal(divide(item.amount, HUNDRED), 5),
    })),
    ...adjustment.limits.map((item) => ({
      id: item.limit,
      amount: toDecimal(divide(item.amount, HUNDRED), 5),
    })),
  ];
}

function rejectionsOf(rule: AdjustmentRule, measured: Rational): Rejection[] {
  const of = (side: 'below' | 'above'): Rejection[] => {
    const text = rule.reject?.[side];
    if (text === undefined) return [];
    const limit = decimal(text);
    const passed = side === 'below' ? compare(measured, limit) < 0 : compare(measured, limit) > 0;
    return passed ? [{ ruleId: rule.id, measure: measureOf(rule), measured, limit, side }] : [];
  };
  return [...of('below'), ...of('above')];
}

/** Minor units per tonne, signed. */
function amountOf(rule: AdjustmentRule, deviation: Rational, base: Rational): Rational {
  const above = compare(deviation, ZERO) > 0;
  if (compare(deviation, ZERO) === 0 || rule.direction === (above ? 'below' : 'above')) return ZERO;
  const magnitude = absolute(deviation);
  const sum = rule.tierMode === 'whole' ? wholeSum(rule, magnitude) : marginalSum(rule, magnitude);
  const signed = rule.direction === 'both' && !above ? negate(sum) : sum;
  const cap = rule.cap === undefined ? undefined : decimal(rule.cap);
  const capped = cap ? maximum(negate(cap), minimum(cap, signed)) : signed;
  if (rule.rateUnit === 'percent_of_price') return divide(multiply(capped, base), HUNDRED);
  return multiply(capped, HUNDRED);
}

function marginalSum(rule: AdjustmentRule, magnitude: Rational): Rational {
  const parts = rule.tiers
    .filter((tier) => compare(magnitude, decimal(tier.from)) >= 0)
    .map((tier) => {
      const end = tier.to === null ? magnitude : minimum(magnitude, decimal(tier.to));
      return multiply(decimal(tier.rate), steps(rule, subtract(end, decimal(tier.from))));
    });
  return add(...parts);
}

function wholeSum(rule: AdjustmentRule, magnitude: Rational): Rational {
  const reached = rule.tiers.filter((tier) => compare(magnitude, decimal(tier.from)) >= 0);
  const tier: Tier | undefined = reached[reached.length - 1];
  if (!tier) return ZERO;
  const counted = tier.to === null ? magnitude : minimum(magnitude, decimal(tier.to));
  return multiply(decimal(tier.rate), steps(rule, counted));
}

function steps(rule: AdjustmentRule, counted: Rational): Rational {
  const exact = divide(counted, decimal(rule.per));
  switch (rule.stepMode) {
    case 'prorata':
      return exact;
    case 'floor':
      return rational(floor(exact));
    case 'ceil':
      return rational(ceil(exact));
    case 'flat':
      return ONE;
  }
}

function applyLimits(
  price: Rational,
  adjusted: Rational,
  limits: PriceLimits,
): { limits: LimitItem[]; exactPrice: Rational } {
  const items: LimitItem[] = [];
  let exactPrice = adjusted;
  const hold = (limit: keyof PriceLimits, bound: Rational | undefined, pick: typeof minimum): void => {
    if (!bound) return;
    const held = pick(exactPrice, bound);
    if (compare(held, exactPrice) !== 0) items.push({ limit, amount: subtract(held, exactPrice) });
    exactPrice = held;
  };
  const money = (text: string | undefined): Rational | undefined =>
    text === undefined ? undefined : multiply(decimal(text), HUNDRED);
  const bonus = money(limits.maximumBonus);
  const penalty = money(limits.maximumPenalty);
  hold('maximumBonus', bonus && add(price, bonus), minimum);
  hold('maximumPenalty', penalty && subtract(price, penalty), maximum);
  hold('maximumPrice', money(limits.maximumPrice), minimum);
  // Coal is never delivered with money on top: without a floor in the clause the price stops at zero.
  hold('minimumPrice', money(limits.minimumPrice) ?? ZERO, maximum);
  return { limits: items, exactPrice };
}

function measureOf({ parameter, unit, basis, kind }: Measure): Measure {
  return { parameter, unit, ...(basis && { basis }), ...(kind && { kind }) };
}

/** As few fraction digits as show the value to 1/10,000. */
function shortest(value: Rational): string {
  return formatScaled(roundHalfUp(value, 4), 4).replace(/\.?0+$/, '');
}
