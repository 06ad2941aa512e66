/**
 * The pay-off curve of a clause: how the price moves with one measured value, everything else standing still.
 * Exact, for drawing and for reading off: between two neighbouring points the curve is a straight line, at a
 * point it may step.
 */
import type { Minor } from '@seam/units';
import {
  type Rational,
  add,
  compare,
  decimal,
  divide,
  multiply,
  negate,
  parseRational,
  rational,
  subtract,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { convertEnergy, isEnergyUnit } from '../heat/energy.ts';
import { breakpointsOf } from './breakpoints.ts';
import { uncappedRate } from './count.ts';
import { type Given, evaluateRules, priceBeforeLimits, priceBounds, valueGiven } from './evaluate.ts';
import type { AnyMeasure } from './measure.ts';
import { type Bundle, type Line, endsOf, sortedOnce, withMeetings } from './piecewise.ts';
import type { AnyClause, PriceClause } from './price-clause.ts';

/** What is drawn: money per tonne, kilograms per tonne off the weight, or money of the charges. */
export type CurveOf = 'unit_price' | 'weight' | 'charges';

export type CurveRequest = {
  readonly clause: AnyClause;
  /** Contract price, minor units per tonne. */
  readonly price: Minor;
  /** The value that moves; `from` and `to` are in its unit. */
  readonly measure: AnyMeasure;
  readonly from: string;
  readonly to: string;
  readonly of?: CurveOf;
  /** The other values. What is not given stands at the reference of its rule. */
  readonly given?: Given;
};

/** `value` is undefined where the buyer may refuse. Minor units (or kilograms) per tonne, before rounding. */
export type CurvePoint = { readonly at: Rational; readonly value: Rational | undefined };
/** The open interval between two neighbouring points: the limits from inside, or undefined where refusable. */
export type CurvePiece = {
  readonly from: Rational;
  readonly to: Rational;
  readonly ends: readonly [start: Rational, end: Rational] | undefined;
};
export type Curve = {
  readonly ok: true;
  readonly points: readonly CurvePoint[];
  readonly pieces: readonly CurvePiece[];
};

export type CurveCode =
  | 'not_decimal'
  | 'interval_empty'
  /** No rule of the clause measures this. */
  | 'not_measured'
  /** More points than anybody can draw: take a narrower interval. */
  | 'too_many_points'
  /** The value enters twice, once in percent of a price it already changed. */
  | 'not_piecewise_linear';

export const CURVE_POINTS_MAX = 2_000;

export function payoffCurve(request: CurveRequest): Curve | Refusal<CurveCode> {
  const [from, to] = [parseRational(request.from), parseRational(request.to)];
  if (!from) return refuse('not_decimal', { at: 'from' });
  if (!to) return refuse('not_decimal', { at: 'to' });
  if (compare(from, to) >= 0) return refuse('interval_empty', { at: 'to' });
  const { measure } = request;
  const rules = request.clause.rules.filter((rule) => sameMeasure(rule, measure));
  const band = bandOf(request.clause);
  if (rules.length === 0 && !(band && sameMeasure(band, measure))) {
    return refuse('not_measured', { at: measure.parameter });
  }
  if (isCurved(rules)) return refuse('not_piecewise_linear', { at: measure.parameter });
  const steps = rules.map((rule) => {
    const inRule = (x: Rational): Rational => inUnit(x, measure, rule);
    const places = breakpointsOf(rule, inRule(from), inRule(to), CURVE_POINTS_MAX);
    return places?.map((x) => inUnit(x, rule, measure));
  });
  if (steps.includes(undefined)) return tooMany();
  const bends = sortedOnce([from, to, ...steps.flatMap((places) => places ?? [])]);
  if (bends.length > CURVE_POINTS_MAX) return tooMany();
  const capped = rules.reduce((found, rule) => withMeetings(found, capBundle(rule, measure)), bends);
  const points = withMeetings(capped, limitBundle(request));
  if (points.length > CURVE_POINTS_MAX) return tooMany();
  const valueAt = curveLine(request);
  return {
    ok: true,
    points: points.map((at) => ({ at, value: valueAt(at) })),
    pieces: points.slice(1).map((end, index) => {
      const start = points[index] ?? from;
      return { from: start, to: end, ends: endsOf(start, end, valueAt) };
    }),
  };
}

/** Reads a curve at `x`. @returns undefined outside its interval and where the buyer may refuse. */
export function readCurve(curve: Curve, x: Rational): Rational | undefined {
  const point = curve.points.find(({ at }) => compare(at, x) === 0);
  if (point) return point.value;
  const piece = curve.pieces.find(({ from, to }) => compare(from, x) < 0 && compare(x, to) < 0);
  if (!piece?.ends) return undefined;
  const [start, end] = piece.ends;
  const share = divide(subtract(x, piece.from), subtract(piece.to, piece.from));
  return add(start, multiply(share, subtract(end, start)));
}

function tooMany(): Refusal<CurveCode> {
  return refuse('too_many_points', { maximum: String(CURVE_POINTS_MAX) });
}

/** The values of the delivery when the measured one is `x`. */
function valuesAt(request: CurveRequest, x: Rational): (measure: AnyMeasure) => Rational | undefined {
  return (other: AnyMeasure & { readonly reference?: string }) => {
    if (sameMeasure(other, request.measure)) return inUnit(x, request.measure, other);
    const value = request.given && valueGiven(request.given, other);
    return value ?? (other.reference === undefined ? undefined : parseRational(other.reference));
  };
}

function curveLine(request: CurveRequest): Line {
  return (x) => {
    const outcome = evaluateRules<AnyMeasure>(request.price, request.clause, valuesAt(request, x));
    if (outcome.outcome !== 'adjusted') return undefined;
    if (request.of === 'weight') return add(...outcome.weight.map(({ amount }) => amount));
    if (request.of === 'charges') return add(...outcome.charges.map(({ amount }) => amount));
    return outcome.exactPrice;
  };
}

/** The price before limits and every limit: where two of them meet, another one may hold. */
function limitBundle(request: CurveRequest): Bundle {
  if (request.of !== undefined && request.of !== 'unit_price') return () => [];
  const { clause, price } = request;
  const band = bandOf(clause);
  return (x) => {
    const values = valuesAt(request, x);
    const bounds = priceBounds(rational(price), clause.limits ?? {}, band && values(band));
    return [priceBeforeLimits(price, clause, values), ...bounds.map(({ bound }) => bound)];
  };
}

/** What the rule counts and its cap on either side. */
function capBundle(rule: AnyClause['rules'][number], measure: AnyMeasure): Bundle {
  if (rule.cap === undefined) return () => [];
  const cap = decimal(rule.cap);
  return (x) => [uncappedRate(rule, inUnit(x, measure, rule)), cap, negate(cap)];
}

/** Whether a rule pays in percent of a price that the same value moved at a lower stage. */
function isCurved(rules: AnyClause['rules']): boolean {
  const moving = rules.filter(({ stepMode, tiers }) => stepMode === 'prorata' && tiers.length > 0);
  const pricing = moving.filter(({ rateUnit }) =>
    ['money_per_tonne', 'percent_of_price', 'unit_price'].includes(rateUnit),
  );
  return pricing.some(
    (rule) => rule.rateUnit === 'percent_of_price' && pricing.some((lower) => lower.stage < rule.stage),
  );
}

function bandOf(clause: AnyClause): NonNullable<PriceClause['limits']>['band'] {
  return clause.schema === 'seam.quality-clause.2' ? clause.limits?.band : undefined;
}

function sameMeasure(one: AnyMeasure, other: AnyMeasure): boolean {
  return one.parameter === other.parameter && one.basis === other.basis && one.kind === other.kind;
}

function inUnit(x: Rational, from: AnyMeasure, to: AnyMeasure): Rational {
  if (!isEnergyUnit(from.unit) || !isEnergyUnit(to.unit)) return x;
  return convertEnergy(x, from.unit, to.unit);
}
