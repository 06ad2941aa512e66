/** The words of the open reverse auction: suppliers undercut each other while the clock runs. */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type {
  BuyingTerms,
  Decrement,
  Merit,
  OfferLine,
  OfferRejection,
  PlaceOffer,
} from '../../scoring/types.ts';

/** `ownerId` buys; `startingPrice` is the ceiling; `quantity` is what is bought. */
export type ReverseOpenTerms = CommonTerms &
  BuyingTerms & {
    readonly format: 'reverse_open';
    readonly decrement: Decrement;
  };

export type ReverseOpenCommand = PlaceOffer;

export type ReverseOpenRejection =
  | OfferRejection
  /** Everything is offered already, and this does not beat the worst winning score by the decrement. */
  | { readonly code: 'offer_below_decrement'; readonly priceMaximum: Ticks | null }
  /** It does not beat the bidder's own earlier offer by the decrement. */
  | { readonly code: 'offer_not_improving'; readonly priceMaximum: Ticks | null };

/** The offer alone and what it led to for its bidder; the ranking follows from the offers. */
export type ReverseOpenEvent = {
  readonly type: 'offer_accepted';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
  /** What the offer would win if the auction ended now, and its place. */
  readonly allocated: Lots;
  readonly rank: number;
  readonly standingChanged: boolean;
  /** Under the buyer's floor, in an auction that takes such offers. */
  readonly abnormallyLow: boolean;
};

export type ReverseOpenRoom = {
  /** One live offer per account, best first. */
  lines: readonly OfferLine[];
};

/** The format in one word, for the table of all. */
export type ReverseOpenFormat = {
  terms: ReverseOpenTerms;
  room: ReverseOpenRoom;
  command: ReverseOpenCommand;
  event: ReverseOpenEvent;
  rejection: ReverseOpenRejection;
};
