/** Where the counting of a rule may step or bend: the reference, the edges of bands, whole steps, limits. */
import {
  type Rational,
  ONE,
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
  subtract,
} from '../exact/rational.ts';
import type { Counting } from './count.ts';

export type BreakingRule = Counting & {
  readonly reject?: { readonly below?: string; readonly above?: string };
};

/**
 * Every such place of `rule` in the closed interval, in the unit of the rule, in no order and maybe repeated.
 * @returns undefined when there are more than `most`.
 */
export function breakpointsOf(
  rule: BreakingRule,
  from: Rational,
  to: Rational,
  most: number,
): readonly Rational[] | undefined {
  const reference = decimal(rule.reference);
  const limits = [rule.reject?.below, rule.reject?.above].flatMap((text) =>
    text === undefined ? [] : [decimal(text)],
  );
  const places: Rational[] = [reference, ...limits];
  for (const side of [ONE, negate(ONE)]) {
    if (rule.direction === (compare(side, ONE) === 0 ? 'below' : 'above')) continue;
    // Deviations that the interval reaches on this side.
    const ends = [from, to].map((end) => multiply(side, subtract(end, reference)));
    const [least, furthest] = [
      minimum(ends[0] ?? ONE, ends[1] ?? ONE),
      maximum(ends[0] ?? ONE, ends[1] ?? ONE),
    ];
    const deviations = deviationsOf(rule, maximum(least, rational(0)), furthest, most - places.length);
    if (!deviations) return undefined;
    places.push(...deviations.map((deviation) => add(reference, multiply(side, deviation))));
  }
  const inside = places.filter((x) => compare(from, x) <= 0 && compare(x, to) <= 0);
  return inside.length > most ? undefined : inside;
}

function deviationsOf(
  rule: Counting,
  least: Rational,
  furthest: Rational,
  most: number,
): readonly Rational[] | undefined {
  const found: Rational[] = [];
  for (const tier of rule.tiers) {
    const start = decimal(tier.from);
    const end = tier.to === null ? furthest : minimum(furthest, decimal(tier.to));
    found.push(start, ...(tier.to === null ? [] : [decimal(tier.to)]));
    if (rule.stepMode === 'prorata' || rule.stepMode === 'flat') continue;
    // Steps are counted from the edge of the band, or from the reference where the whole deviation counts.
    const origin = rule.tierMode === 'whole' ? rational(0) : start;
    const per = decimal(rule.per);
    const first = ceil(divide(subtract(maximum(start, least), origin), per));
    const last = floor(divide(subtract(end, origin), per));
    if (last - first > BigInt(most - found.length)) return undefined;
    for (let step = first; step <= last; step++) found.push(add(origin, multiply(rational(step), per)));
  }
  return found;
}
