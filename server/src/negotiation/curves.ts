/** How the price of an offer moves with each certified value, for drawing beside its clause. Pure. */
import {
  type AdjustmentRule,
  type QualityClause,
  type Rational,
  HUNDRED,
  ZERO,
  add,
  decimal,
  divide,
  multiply,
  negate,
  payoffCurve,
  rational,
  shortDecimal,
  subtract,
} from '@seam/coal';
import type { PayoffCurveView } from '@seam/protocol';
import { minor } from '@seam/units';
import { measureLabel } from '../contracts/public.ts';

/** Rules drawn: more do not fit beside a form. */
const CURVES_MAX = 8;

/** @param price minor units per tonne. Rules that only set a limit, or have no straight lines, are not drawn. */
export function curvesOf(clause: QualityClause, price: bigint): PayoffCurveView[] {
  return clause.rules.slice(0, CURVES_MAX).flatMap((rule) => {
    const [from, to] = rangeOf(rule);
    const curve = payoffCurve({ clause, price: minor(price), measure: rule, from, to });
    if (!curve.ok) return [];
    return [
      {
        ruleId: rule.id,
        label: { zh: measureLabel(rule, 'zh'), en: measureLabel(rule, 'en') },
        unit: rule.unit,
        reference: rule.reference,
        pieces: curve.pieces.map(({ from: start, to: end, ends }) => ({
          from: asNumber(start),
          to: asNumber(end),
          start: ends ? asMoney(ends[0]) : null,
          end: ends ? asMoney(ends[1]) : null,
        })),
      },
    ];
  });
}

/** From a little beyond one limit of refusal to a little beyond the other; a fifth around the promise at least. */
function rangeOf(rule: AdjustmentRule): [string, string] {
  const reference = decimal(rule.reference);
  const fifth = divide(reference, rational(5n));
  const low = rule.reject?.below === undefined ? undefined : decimal(rule.reject.below);
  const high = rule.reject?.above === undefined ? undefined : decimal(rule.reject.above);
  const below = distance(reference, low) ?? distance(high, reference) ?? fifth;
  const above = distance(high, reference) ?? distance(reference, low) ?? fifth;
  const wider = (one: Rational): Rational => multiply(one, rational(6n, 5n));
  const start = subtract(reference, wider(below));
  const positive = start.numerator < 0n ? ZERO : start;
  return [shortDecimal(positive, 4), shortDecimal(add(reference, wider(above)), 4)];
}

function distance(one: Rational | undefined, other: Rational | undefined): Rational | undefined {
  if (!one || !other) return undefined;
  const gap = subtract(one, other);
  return gap.numerator > 0n ? gap : negate(gap);
}

const asNumber = (one: Rational): number => Number(shortDecimal(one, 6));
/** Minor units to major ones, for drawing only. */
const asMoney = (one: Rational): number => asNumber(divide(one, HUNDRED));
