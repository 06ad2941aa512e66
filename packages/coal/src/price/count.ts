/** From a measured value to the amount of one rule: the tiers and steps of clause.ts, exactly. */
import {
  type Rational,
  ONE,
  ZERO,
  absolute,
  ceil,
  compare,
  decimal,
  divide,
  floor,
  add,
  maximum,
  minimum,
  multiply,
  negate,
  rational,
  subtract,
} from '../exact/rational.ts';
import type { Tier } from './clause.ts';

/** What counting needs of a rule, whatever it measures and pays in. */
export type Counting = {
  readonly reference: string;
  readonly direction: 'above' | 'below' | 'both';
  readonly tiers: readonly Tier[];
  readonly per: string;
  readonly tierMode: 'marginal' | 'whole';
  readonly stepMode: 'floor' | 'ceil' | 'prorata' | 'flat';
  readonly cap?: string;
  /**
   * Which edge belongs to a band: `from`, [from, to), the reference itself counting when a band begins there;
   * `to`, (from, to]. Left out: [from, to), and the reference itself counts nothing.
   */
  readonly edge?: 'from' | 'to';
};

/** The signed rate × steps of `measured`, within the cap, in the unit of the rate. */
export function countedRate(rule: Counting, measured: Rational): Rational {
  const sum = uncappedRate(rule, measured);
  const cap = rule.cap === undefined ? undefined : decimal(rule.cap);
  return cap ? maximum(negate(cap), minimum(cap, sum)) : sum;
}

export function uncappedRate(rule: Counting, measured: Rational): Rational {
  const deviation = subtract(measured, decimal(rule.reference));
  const side = compare(deviation, ZERO);
  if (side === 0 && (rule.edge !== 'from' || rule.direction === 'both')) return ZERO;
  if (side !== 0 && rule.direction === (side > 0 ? 'below' : 'above')) return ZERO;
  const magnitude = absolute(deviation);
  const sum = rule.tierMode === 'whole' ? wholeSum(rule, magnitude) : marginalSum(rule, magnitude);
  return rule.direction === 'both' && side < 0 ? negate(sum) : sum;
}

function reached(rule: Counting, magnitude: Rational): readonly Tier[] {
  const least = rule.edge === 'to' ? 1 : 0;
  return rule.tiers.filter((tier) => compare(magnitude, decimal(tier.from)) >= least);
}

function marginalSum(rule: Counting, magnitude: Rational): Rational {
  const parts = reached(rule, magnitude).map((tier) =>
    multiply(decimal(tier.rate), steps(rule, subtract(upTo(tier, magnitude), decimal(tier.from)))),
  );
  return add(...parts);
}

function wholeSum(rule: Counting, magnitude: Rational): Rational {
  const bands = reached(rule, magnitude);
  const tier = bands[bands.length - 1];
  return tier ? multiply(decimal(tier.rate), steps(rule, upTo(tier, magnitude))) : ZERO;
}

function upTo(tier: Tier, magnitude: Rational): Rational {
  return tier.to === null ? magnitude : minimum(magnitude, decimal(tier.to));
}

function steps(rule: Counting, counted: Rational): Rational {
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
