/**
 * What a lane charges: pure, exact, in whole minor units per tonne. Each charge is rounded once, half up, when
 * it is worked out and once more when it is turned into another currency, so that the legs of a route always
 * add up to what the route is said to cost.
 */
import { type Rational, type TransportMode, multiply, rational, roundHalfUp } from '@seam/coal';
import type { Currency } from '@seam/units';

/** Minor units per tonne unless said otherwise. */
export type TariffTerms =
  | { readonly kind: 'per_tonne'; readonly perTonne: bigint }
  | {
      readonly kind: 'per_tonne_km';
      /** Minor units per 1,000 tonne-kilometres. */
      readonly perThousandTonneKm: bigint;
      /** Paid whatever the way. */
      readonly terminal: bigint;
      /** The least that is charged for haulage and terminal together. */
      readonly minimum: bigint;
    }
  /** The whole consignment at the rate of the step it reaches; lighter than the first step is not carried. */
  | { readonly kind: 'weight_steps'; readonly steps: readonly WeightStep[] };
export type WeightStep = { readonly fromKg: bigint; readonly perTonne: bigint };

/** One version of the tariff of one lane: what may be charged between two places by one mode. */
export type Lane = {
  readonly id: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly mode: TransportMode;
  /** The carrier whose lane it is; null for a public tariff that the centre keeps. */
  readonly carrierId: string | null;
  readonly currency: Currency;
  readonly terms: TariffTerms;
  readonly loading: bigint;
  readonly unloading: bigint;
  /** Of what is loaded, so many thousandths do not arrive. */
  readonly lossPermille: number;
  readonly distanceKm: number;
  readonly hours: number;
};

/** Units of the wanted currency for one unit of another; a currency that is missing has no rate. */
export type Rates = Readonly<Partial<Record<Currency, Rational>>>;
export type Charges = { readonly haulage: bigint; readonly loading: bigint; readonly unloading: bigint };

/** What carrying a tonne costs in the lane's own currency. @returns undefined when it is too light to be carried. */
export function haulagePerTonne(lane: Lane, consignmentKg: bigint): bigint | undefined {
  const { terms } = lane;
  switch (terms.kind) {
    case 'per_tonne':
      return terms.perTonne;
    case 'per_tonne_km': {
      const way = roundHalfUp(rational(terms.perThousandTonneKm * BigInt(lane.distanceKm), 1000));
      const charge = terms.terminal + way;
      return charge > terms.minimum ? charge : terms.minimum;
    }
    case 'weight_steps':
      return terms.steps.findLast((step) => step.fromKg <= consignmentKg)?.perTonne;
  }
}

/**
 * In minor units of the currency that `rates` lead to, per tonne.
 * @returns undefined when the consignment is too light, or the lane's currency has no rate.
 */
export function chargesOf(lane: Lane, consignmentKg: bigint, rates: Rates): Charges | undefined {
  const haulage = haulagePerTonne(lane, consignmentKg);
  const rate = rates[lane.currency];
  if (haulage === undefined || !rate) return undefined;
  const turned = (value: bigint): bigint => roundHalfUp(multiply(rational(value), rate));
  return { haulage: turned(haulage), loading: turned(lane.loading), unloading: turned(lane.unloading) };
}

/** Whether coal runs from one lane onto the next without being unloaded: one mode in one hand. */
export function runsThrough(first: Lane, next: Lane): boolean {
  return first.mode === next.mode && first.carrierId === next.carrierId;
}
