/**
 * Offers of different coals on one scale: what a tonne of the reference heat costs where it is burnt, with
 * the penalties that the offered quality is expected to cost. Estimates for comparing, never for an invoice.
 */
import type { Minor } from '@seam/units';
import { type Rational, ZERO, add, compare, negate, rational } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { type ClauseOutcome, type Given, evaluateClause } from '../price/evaluate.ts';
import type { AnyClause } from '../price/price-clause.ts';
import { type LandedCost, landedCost } from './landed.ts';

export type Offer = {
  /** Minor units per tonne at the place the seller delivers to, and the freight from there. */
  readonly price: Minor;
  readonly freight: Rational;
  /** Net as received, J/g; guaranteed, or bidders would over-declare. */
  readonly heat: Rational;
  /** The buyer's clause and what the offer promises: its lines but those on heat count as penalties. */
  readonly clause?: AnyClause;
  readonly promised?: Given;
  /** Known besides, minor units per tonne. */
  readonly penalties?: Rational;
};
export type NormalisedCode = 'heat_not_positive' | 'price_negative';
export type Normalised =
  | { readonly ok: true; readonly cost: LandedCost; readonly penalties: Rational }
  | Refusal<NormalisedCode>
  | {
      readonly ok: false;
      readonly code: 'not_acceptable';
      readonly outcome: Exclude<ClauseOutcome, { outcome: 'adjusted' }>;
    };

/** (price + freight) × reference ÷ heat + penalties. @param referenceHeat J/g, as the offer's heat is. */
export function normalisedCost(offer: Offer, referenceHeat: Rational): Normalised {
  if (offer.heat.numerator <= 0n || referenceHeat.numerator <= 0n)
    return refuse('heat_not_positive', { at: 'heat' });
  if (offer.price < 0n || offer.freight.numerator < 0n) return refuse('price_negative', { at: 'price' });
  const expected = offer.clause
    ? expectedPenalties(offer.price, offer.clause, offer.promised ?? NOTHING)
    : ZERO;
  if ('outcome' in expected) return { ok: false, code: 'not_acceptable', outcome: expected };
  const penalties = add(expected, offer.penalties ?? ZERO);
  const { freight, heat } = offer;
  return {
    ok: true,
    cost: landedCost({ price: rational(offer.price), freight, heat, referenceHeat, penalties }),
    penalties,
  };
}

const NOTHING: Given = { quality: { values: [] } };

/**
 * How much less than the reference quality the promised one is worth by the buyer's clause, minor units per
 * tonne: deductions count positive, bonuses negative. Lines on heat are left out: heat is in the
 * normalisation.
 */
export function expectedPenalties(
  price: Minor,
  clause: AnyClause,
  promised: Given,
): Rational | Exclude<ClauseOutcome, { outcome: 'adjusted' }> {
  const result = evaluateClause(price, clause, promised);
  if (result.outcome !== 'adjusted') return result;
  const lines = result.items.filter(({ measure }) => measure.parameter !== 'calorificValue');
  return negate(add(...lines.map(({ amount }) => amount)));
}

export type Ranked<T> = { readonly offer: T; readonly normalised: Extract<Normalised, { ok: true }> };

/** Cheapest normalised first; equal ones keep their order. Offers without a cost are left out. */
export function rankOffers<T extends Offer>(
  offers: readonly T[],
  referenceHeat: Rational,
): readonly Ranked<T>[] {
  return offers
    .flatMap((offer) => {
      const normalised = normalisedCost(offer, referenceHeat);
      return normalised.ok ? [{ offer, normalised }] : [];
    })
    .toSorted((a, b) => compare(a.normalised.cost.normalised, b.normalised.cost.normalised));
}
