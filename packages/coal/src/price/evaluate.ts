/**
 * A clause of either edition, a contract price and what was certified in; the unit price and how it came
 * about out. Exact until the one rounding that the clause names, so anybody can recompute it.
 */
import { type Minor, minor } from '@seam/units';
import {
  type Rational,
  HUNDRED,
  ZERO,
  add,
  compare,
  decimal,
  divide,
  maximum,
  minimum,
  multiply,
  parseRational,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';
import type { Stated } from '../assay/measurement.ts';
import { statedValue } from './certified.ts';
import type { PriceLimits } from './clause.ts';
import { type Counting, countedRate } from './count.ts';
import { type AnyMeasure, type Facts, isFact, measureOf } from './measure.ts';
import type { AnyClause, HeatBand, PriceRule, RateUnit } from './price-clause.ts';

/** One line. `amount`: minor units per tonne, exact and signed. */
export type RuleItem<M> = {
  readonly ruleId: string;
  readonly measure: M;
  readonly measured: Rational;
  readonly reference: Rational;
  readonly amount: Rational;
};
/** `amount`: kilograms per tonne, negative when taken off. */
export type WeightItem<M> = RuleItem<M>;
/** `amount`: minor units of the whole delivery; or per contracted tonne. */
export type ChargeItem<M> = RuleItem<M> & { readonly per: 'delivery' | 'contract_tonne' };

/** A limit that changed the price: the amount it added, minor units per tonne. */
export type HeldLimit = { readonly limit: LimitName; readonly amount: Rational };
export type LimitName = keyof PriceLimits | 'bandMinimum' | 'bandMaximum';

export type PassedLimit<M> = {
  readonly ruleId: string;
  readonly measure: M;
  readonly measured: Rational;
  readonly limit: Rational;
  readonly side: 'below' | 'above';
};

export type ClauseOutcome<M = AnyMeasure> =
  | {
      readonly outcome: 'adjusted';
      readonly items: readonly RuleItem<M>[];
      readonly limits: readonly HeldLimit[];
      readonly weight: readonly WeightItem<M>[];
      readonly charges: readonly ChargeItem<M>[];
      /** Minor units per tonne, before the rounding. */
      readonly exactPrice: Rational;
      readonly unitPrice: Minor;
    }
  /** Beyond a refusal limit: there is no price until the parties agree on one. */
  | { readonly outcome: 'rejected'; readonly rejections: readonly PassedLimit<M>[] }
  /** The certificate or the delivery does not say what the clause needs. */
  | { readonly outcome: 'incomplete'; readonly missing: readonly M[] };

/** What was certified and what happened. */
export type Given = { readonly quality: { readonly values: readonly Stated[] }; readonly facts?: Facts };

/**
 * @param price contract price, minor units per tonne.
 * @param clause as accepted by `parseClause`.
 * @returns the adjusted price, or every refusal limit passed, or everything that is missing. A passed limit
 *   is reported even when other values are missing.
 */
export function evaluateClause(price: Minor, clause: AnyClause, given: Given): ClauseOutcome {
  return evaluateRules<AnyMeasure>(price, clause, (measure) => valueGiven(given, measure));
}

/** The certified value or the fact that `measure` names. */
export function valueGiven(given: Given, measure: AnyMeasure): Rational | undefined {
  if (!isFact(measure.parameter)) return statedValue(given.quality.values, measure);
  const text = given.facts?.[measure.parameter];
  return text === undefined ? undefined : parseRational(text);
}

type Rule<M> = M &
  AnyMeasure &
  Counting &
  Pick<PriceRule, 'id' | 'unitDigits' | 'stage' | 'reject'> & {
    readonly rateUnit: RateUnit;
  };
type Rules<M> = {
  readonly rules: readonly Rule<M>[];
  readonly limits?: PriceLimits & { readonly band?: HeatBand };
};

/** The same over any source of values, for one edition's measures. */
export function evaluateRules<M extends AnyMeasure>(
  price: Minor,
  clause: Rules<M>,
  valueOf: (measure: AnyMeasure) => Rational | undefined,
): ClauseOutcome<M> {
  const found = clause.rules.map((rule): Found<M> => ({ rule, measured: valueOf(rule) }));
  const band = clause.limits?.band;
  const heat = band && valueOf(band);
  const rejections = found.flatMap(({ rule, measured }) => (measured ? passedLimits<M>(rule, measured) : []));
  if (rejections.length > 0) return { outcome: 'rejected', rejections };
  const missing = found.filter(({ measured }) => !measured).map(({ rule }) => measureOf<M>(rule));
  if (band && !heat) missing.push(measureOf(band as unknown as M));
  if (missing.length > 0) return { outcome: 'incomplete', missing };

  const { items, running } = priceItems(rational(price), found);
  const { limits, exactPrice } = holdLimits(rational(price), running, clause.limits ?? {}, heat);
  return {
    outcome: 'adjusted',
    items,
    limits,
    weight: otherItems(found, ['kg_per_tonne']).map(({ item }) => item),
    charges: otherItems(found, ['money', 'money_per_contract_tonne']).map(({ item, rule }) => ({
      ...item,
      amount: multiply(item.amount, HUNDRED),
      per: rule.rateUnit === 'money' ? 'delivery' : 'contract_tonne',
    })),
    exactPrice,
    unitPrice: minor(roundHalfUp(exactPrice)),
  };
}

/** The price before any limit holds, minor units per tonne; undefined when a value is missing. */
export function priceBeforeLimits(
  price: Minor,
  clause: Rules<AnyMeasure>,
  valueOf: (measure: AnyMeasure) => Rational | undefined,
): Rational | undefined {
  const found = clause.rules.map((rule): Found<AnyMeasure> => ({ rule, measured: valueOf(rule) }));
  return found.some(({ measured }) => !measured) ? undefined : priceItems(rational(price), found).running;
}

type Found<M> = { readonly rule: Rule<M>; readonly measured: Rational | undefined };

function priceItems<M extends AnyMeasure>(
  price: Rational,
  found: readonly Found<M>[],
): { items: RuleItem<M>[]; running: Rational } {
  const items: RuleItem<M>[] = [];
  let running = price;
  const stages = new Set(found.map(({ rule }) => rule.stage).toSorted((a, b) => a - b));
  for (const stage of stages) {
    const base = running;
    for (const { rule, measured } of found) {
      if (rule.stage !== stage || !measured || rule.tiers.length === 0) continue;
      const inMoney = moneyPerTonne(rule, countedRate(rule, measured), price, base);
      if (!inMoney) continue;
      items.push({ ...itemOf<M>(rule, measured), amount: inMoney });
      running = add(running, inMoney);
    }
  }
  return { items, running };
}

/** Minor units per tonne. @returns undefined for a rule that does not change the unit price. */
function moneyPerTonne<M>(
  rule: Rule<M>,
  rate: Rational,
  price: Rational,
  base: Rational,
): Rational | undefined {
  switch (rule.rateUnit) {
    case 'money_per_tonne':
      return multiply(rate, HUNDRED);
    case 'percent_of_price':
      return divide(multiply(rate, base), HUNDRED);
    case 'unit_price':
      return multiply(rate, unitPriceOf(price, rule.reference, rule.unitDigits ?? 0), HUNDRED);
    default:
      return undefined;
  }
}

/** Money (not minor units) for one unit of the reference, rounded as the contract says. */
export function unitPriceOf(price: Rational, reference: string, digits: number): Rational {
  const exact = divide(divide(price, HUNDRED), decimal(reference));
  return rational(roundHalfUp(exact, digits), 10n ** BigInt(digits));
}

function otherItems<M extends AnyMeasure>(
  found: readonly Found<M>[],
  units: readonly RateUnit[],
): { rule: Rule<M>; item: RuleItem<M> }[] {
  return found.flatMap(({ rule, measured }) => {
    if (!measured || rule.tiers.length === 0 || !units.includes(rule.rateUnit)) return [];
    return [{ rule, item: { ...itemOf<M>(rule, measured), amount: countedRate(rule, measured) } }];
  });
}

function itemOf<M extends AnyMeasure>(rule: Rule<M>, measured: Rational): Omit<RuleItem<M>, 'amount'> {
  return { ruleId: rule.id, measure: measureOf<M>(rule), measured, reference: decimal(rule.reference) };
}

function passedLimits<M extends AnyMeasure>(rule: Rule<M>, measured: Rational): PassedLimit<M>[] {
  const of = (side: 'below' | 'above'): PassedLimit<M>[] => {
    const text = rule.reject?.[side];
    if (text === undefined) return [];
    const limit = decimal(text);
    const passed = side === 'below' ? compare(measured, limit) < 0 : compare(measured, limit) > 0;
    return passed ? [{ ruleId: rule.id, measure: measureOf<M>(rule), measured, limit, side }] : [];
  };
  return [...of('below'), ...of('above')];
}

/** The bounds of a price in the order in which they hold, minor units per tonne. */
export function priceBounds(
  price: Rational,
  limits: PriceLimits & { readonly band?: HeatBand },
  heat: Rational | undefined,
): readonly { readonly limit: LimitName; readonly bound: Rational; readonly side: 'most' | 'least' }[] {
  const money = (text: string | undefined): Rational | undefined =>
    text === undefined ? undefined : multiply(decimal(text), HUNDRED);
  const scaled = (text: string | undefined): Rational | undefined => {
    const at = money(text);
    return at && heat && limits.band && divide(multiply(at, heat), decimal(limits.band.reference));
  };
  const bonus = money(limits.maximumBonus);
  const penalty = money(limits.maximumPenalty);
  const all = [
    { limit: 'maximumBonus', bound: bonus && add(price, bonus), side: 'most' },
    { limit: 'maximumPenalty', bound: penalty && subtract(price, penalty), side: 'least' },
    { limit: 'bandMaximum', bound: scaled(limits.band?.maximum), side: 'most' },
    { limit: 'bandMinimum', bound: scaled(limits.band?.minimum), side: 'least' },
    { limit: 'maximumPrice', bound: money(limits.maximumPrice), side: 'most' },
    // Coal is never delivered with money on top: without a floor in the clause the price stops at zero.
    { limit: 'minimumPrice', bound: money(limits.minimumPrice) ?? ZERO, side: 'least' },
  ] as const;
  return all.flatMap(({ limit, bound, side }) => (bound ? [{ limit, bound, side }] : []));
}

function holdLimits(
  price: Rational,
  adjusted: Rational,
  limits: PriceLimits & { readonly band?: HeatBand },
  heat: Rational | undefined,
): { limits: HeldLimit[]; exactPrice: Rational } {
  const held: HeldLimit[] = [];
  let exactPrice = adjusted;
  for (const { limit, bound, side } of priceBounds(price, limits, heat)) {
    const next = side === 'most' ? minimum(exactPrice, bound) : maximum(exactPrice, bound);
    if (compare(next, exactPrice) !== 0) held.push({ limit, amount: subtract(next, exactPrice) });
    exactPrice = next;
  }
  return { limits: held, exactPrice };
}
