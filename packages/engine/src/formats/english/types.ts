/** The words of the English auction: ascending, multi-unit, pay-as-bid. */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';

export type EnglishTerms = CommonTerms & {
  readonly format: 'english';
  readonly pricing: 'pay_as_bid';
  /** Hidden until the close; absent means the starting price is the reserve. */
  readonly reservePrice: Ticks | null;
  readonly bidIncrement: Ticks;
  /** Largest raise over the marginal price in one bid (fat-finger guard); null means no limit. */
  readonly maximumIncrement: Ticks | null;
};

export type EnglishCommand = {
  readonly type: 'place_bid';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
};

export type EnglishRejection =
  | { readonly code: 'bid_price_below_start'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_below_increment'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_above_maximum_increment'; readonly priceMaximum: Ticks }
  | { readonly code: 'bid_minimum_acceptable_invalid'; readonly maximum: Lots }
  | { readonly code: 'bid_not_improving'; readonly priceMinimum: Ticks; readonly quantityMinimum: Lots };

/** One line of the standing, best first. `allocated` is what this bid would win if it closed now. */
export type Standing = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly allocated: Lots;
  readonly rank: number;
  /** Journal seq of the bid: the tie-breaker. */
  readonly seq: number;
};

/**
 * The bid alone and what it led to for its bidder; the others' standing follows from the bids by the
 * rules named in the terms, so the journal does not repeat it with every bid.
 */
export type EnglishEvent = {
  readonly type: 'bid_accepted';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  /** What the bid would win if bidding ended now, and its place. */
  readonly allocated: Lots;
  readonly rank: number;
  /** Lowest price that still wins a lot; null while some quantity is unsold. */
  readonly marginalPrice: Ticks | null;
  readonly standingChanged: boolean;
};

export type EnglishRoom = {
  /** One live bid per account, best first. */
  standing: readonly Standing[];
  marginalPrice: Ticks | null;
};
