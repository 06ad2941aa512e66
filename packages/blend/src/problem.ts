/** What is blended, towards what, and what comes out. Integers and exact fractions; no clock, no IO. */
import type { Assay, Limit, LimitParameter, Rational } from '@seam/coal';
import type { Kilograms } from '@seam/units';

export type BlendLot = {
  readonly id: string;
  readonly assay: Assay;
  /** As received; the most that can be taken. */
  readonly available: Kilograms;
  /** Take at least this much, or nothing. */
  readonly minimumTake?: Kilograms;
  /** Minor units of one currency per tonne as received, landed at the buyer's plant. Not negative. */
  readonly costPerTonne: Rational;
};

export type BlendProblem = {
  /** Ids are unique. */
  readonly lots: readonly BlendLot[];
  /** Of the blend at the plant, in the units of `Limit`. */
  readonly limits: readonly Limit[];
  /** Tonnage of the blend, as received. */
  readonly quantity: Kilograms;
  /** At most so many lots: each is a contract, a train, a stockpile. */
  readonly maximumLots?: number;
};

export type BlendPart = {
  readonly id: string;
  readonly quantity: Kilograms;
  readonly costPerTonne: Rational;
};

/** A value of the blend in the unit of its limit (basis points, J/g), exact. */
export type BlendValue = { readonly limit: Limit; readonly value: Rational };

/** What a limit costs: how far it was relaxed, and what a tonne of the best blend would then cost less. */
export type LimitPrice = {
  readonly limit: Limit;
  readonly end: 'minimum' | 'maximum';
  /** In the unit of the limit, positive. */
  readonly step: number;
  /** Minor units per tonne, exact, not negative: from the blend solved anew under the relaxed limit. */
  readonly savingPerTonne: Rational;
  /** Minor units per tonne and per `step` at the optimum itself: the solver's dual. */
  readonly marginalPerTonne: number;
};

export type LeftOut = {
  readonly id: string;
  /** `not_stated`: the assay does not say it. `does_not_blend`: not additive, and the lot itself misses it. */
  readonly reason: 'not_stated' | 'does_not_blend';
  readonly parameter: LimitParameter;
};

export type Blend = {
  readonly ok: true;
  /** Largest first, then by id. */
  readonly parts: readonly BlendPart[];
  readonly costPerTonne: Rational;
  /** Minor units per GJ net as received; absent where a part's net heat is not known. */
  readonly costPerGigajoule?: Rational;
  readonly values: readonly BlendValue[];
  /** Of the limits that hold the cost up, dearest first. */
  readonly prices: readonly LimitPrice[];
  /** The cheapest lot that would do alone. */
  readonly bestSingle?: { readonly id: string; readonly costPerTonne: Rational };
  readonly leftOut: readonly LeftOut[];
};

/** A limit that cannot be met while all others are: the best that can be reached. */
export type OutOfReach = BlendValue & { readonly end: 'minimum' | 'maximum' };

export type BlendRefusal =
  | { readonly ok: false; readonly code: 'limit_contradictory'; readonly limit: Limit }
  | {
      readonly ok: false;
      readonly code: 'quantity_short';
      readonly available: Kilograms;
      readonly leftOut: readonly LeftOut[];
    }
  | {
      readonly ok: false;
      readonly code: 'limits_out_of_reach';
      /** Each by itself; empty when it takes more than one to give way. */
      readonly nearest: readonly OutOfReach[];
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly ok: false; readonly code: 'too_hard'; readonly leftOut: readonly LeftOut[] };
