/** What a rule measures: a certified quality of the coal, or a fact of the delivery. */
import type { Basis } from '../assay/assay.ts';
import type { Parameter, Unit } from '../assay/parameters.ts';

/**
 * Facts of a delivery that clauses also pay or punish by the same tiers and steps: what an index says
 * (money per tonne), how much of the contract was shipped (percent), what the way lost (percent of the loaded
 * mass), how long ship or truck was held and how late coal came (days).
 */
export const FACTS = {
  indexPrice: 'money/t',
  fulfilment: '%',
  transitLoss: '%',
  laytimeUsed: 'days',
  deliveryDelay: 'days',
} as const satisfies Record<string, string>;
export type Fact = keyof typeof FACTS;
export type FactUnit = (typeof FACTS)[Fact];

/** Everything that makes a number mean one thing. */
export type AnyMeasure = {
  readonly parameter: Parameter | Fact;
  readonly unit: Unit | FactUnit;
  /** For what depends on moisture or ash. */
  readonly basis?: Basis;
  /** For heat. */
  readonly kind?: 'gross' | 'net';
};

/** The facts of one delivery, decimal texts in the unit of the fact. */
export type Facts = Readonly<Partial<Record<Fact, string>>>;

export function isFact(parameter: string): parameter is Fact {
  return Object.hasOwn(FACTS, parameter);
}

/** The measure alone, of a rule or a value that carries more. */
export function measureOf<M extends AnyMeasure>(from: M): M {
  const { parameter, unit, basis, kind } = from;
  return { parameter, unit, ...(basis && { basis }), ...(kind && { kind }) } as M;
}
