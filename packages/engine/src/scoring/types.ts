/**
 * What a buyer ranks offers by. Words only: the sums are in the files beside.
 *
 * Every rule gives one number per tonne of which less is better, so that a coal of more heat or a
 * supplier of better terms may win at a higher price.
 */
import type { Lots, Ticks } from '@seam/units';
import type { MinorText } from '../auction/types.ts';

export type ScoringRule =
  | { readonly mode: 'price' }
  /**
   * (price + freight) × reference / guaranteed + expected penalties: what the heat of a tonne of the
   * reference coal costs. The guarantee is binding in the contract, or bidders would over-declare.
   */
  | {
      readonly mode: 'energy';
      readonly calorificReference: number;
      /** Reference and guarantees are all in this unit on this basis. */
      readonly unit: 'kcal_per_kg' | 'j_per_g';
      readonly basis: 'gar' | 'nar' | 'adb' | 'db' | 'daf';
      /** Coal with less heat than this is not wanted at any price. */
      readonly calorificMinimum: number;
    }
  /**
   * price / coefficient + addition. A coefficient alone is the most economically advantageous tender,
   * an addition alone the cost over the life cycle.
   */
  | {
      readonly mode: 'mixed';
      /** Basis points: 10,500 divides the price by 1.05. */
      readonly coefficientMinimum: number;
      readonly coefficientMaximum: number;
    };

/** What an offer declares besides its price, as its auction's rule asks; null where price is all. */
export type Merit =
  | null
  | {
      readonly mode: 'energy';
      readonly calorificValue: number;
      /** Per tonne, to the buyer's place. */
      readonly freight: MinorText;
      /** Per tonne: the sum of what the clauses would deduct at the guaranteed quality. */
      readonly expectedPenalties: MinorText;
    }
  | { readonly mode: 'mixed'; readonly coefficient: number; readonly addition: MinorText };

/** Who of the ranked gets how much. */
export type AwardRule =
  /** Each what it offers, best first, until the quantity is bought. */
  | { readonly mode: 'quantity' }
  /** The best gets the first share of the quantity, the second the second; basis points. */
  | { readonly mode: 'shares'; readonly basisPoints: readonly number[] };

/** The least by which a score must improve. */
export type Decrement =
  | { readonly mode: 'absolute'; readonly amount: Ticks }
  | { readonly mode: 'basis_points'; readonly basisPoints: number };

/** What happens to a price so low that it cannot be meant. */
export type FloorRule = { readonly price: Ticks; readonly below: 'refuse' | 'flag' };

/** The terms every procurement has, besides the common ones. */
export type BuyingTerms = {
  readonly scoring: ScoringRule;
  readonly award: AwardRule;
  readonly floor: FloorRule | null;
  /** Highest price the buyer accepts, hidden until the end; null: the starting price is it. */
  readonly reservePrice: Ticks | null;
};

export type Offer = {
  readonly accountId: string;
  /** Per tonne, whatever the score says: this is what would be paid. */
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
  /** Journal seq of the offer: the earlier one ranks better on ties. */
  readonly seq: number;
};

/** One line of the ranking, best first. `allocated` is what it would win if the auction ended now. */
export type OfferLine = Offer & { readonly allocated: Lots; readonly rank: number };

export type PlaceOffer = {
  readonly type: 'place_offer';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
};

/** Why an offer cannot be taken. `priceMaximum` is null when, declared like this, no price would do. */
export type OfferRejection =
  | { readonly code: 'offer_merit_invalid'; readonly field: string }
  | { readonly code: 'offer_price_above_start'; readonly priceMaximum: Ticks }
  | { readonly code: 'offer_below_floor'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_minimum_acceptable_invalid'; readonly maximum: Lots };
