/** The words of the English auction: ascending, one lot or many. */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type { IncrementBand } from '../../pricing/increment.ts';
import type { BidLine, MarginRule } from '../../pricing/line.ts';
import type { AutoBid } from '../../pricing/stepped.ts';
import type { HeldPrice, Lead } from '../../pricing/threshold.ts';
import type { UniformRule } from '../../pricing/uniform.ts';

export type EnglishTerms = CommonTerms & {
  readonly format: 'english';
  /** What winners pay: each its own bid, or all one price (`pricing/uniform.ts`). */
  readonly pricing: 'pay_as_bid' | UniformRule;
  /** Who is served at the lowest price that wins: in order, or all in proportion (`pricing/pro-rata.ts`). */
  readonly margin: MarginRule;
  /**
   * `none`: a bid is what it says. `threshold`: a bid is a hidden maximum, and stands at the least
   * price that keeps what it wins (`pricing/threshold.ts`). `stepped`: a bidder may leave an
   * instruction that raises its bid by own steps up to a limit (`pricing/stepped.ts`).
   */
  readonly proxy: 'none' | 'threshold' | 'stepped';
  /** Of a threshold auction: how far above the rival that decides its winners stand. */
  readonly proxyLead: Lead;
  /** Hidden until the close; absent means the starting price is the reserve. */
  readonly reservePrice: Ticks | null;
  readonly bidIncrement: Ticks;
  /** Larger increments from certain prices on, rising; null means the same everywhere. */
  readonly incrementBands: readonly IncrementBand[] | null;
  /** Largest raise over the marginal price in one bid (fat-finger guard); null means no limit. */
  readonly maximumIncrement: Ticks | null;
  /** Most lots one bidder may bid for; null means all of them. */
  readonly quantityPerBidderMaximum: Lots | null;
};

export type EnglishCommand =
  | {
      readonly type: 'place_bid';
      readonly auctionId: string;
      readonly accountId: string;
      /** In a threshold auction the bidder's hidden maximum. */
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
    }
  /** Stepped auctions only. Bids at once when the account has no bid; `quantity` is then what for. */
  | ({
      readonly type: 'set_auto_bid';
      readonly auctionId: string;
      readonly accountId: string;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
    } & AutoBid);

export type EnglishRejection =
  | { readonly code: 'bid_price_below_start'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_below_increment'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_above_maximum_increment'; readonly priceMaximum: Ticks }
  | { readonly code: 'bid_minimum_acceptable_invalid'; readonly maximum: Lots }
  | { readonly code: 'bid_not_improving'; readonly priceMinimum: Ticks; readonly quantityMinimum: Lots }
  /** This auction takes no instructions. */
  | { readonly code: 'auto_bid_unavailable' }
  | {
      readonly code: 'auto_bid_limit_out_of_range';
      readonly priceMinimum: Ticks;
      readonly priceMaximum: Ticks;
    }
  | { readonly code: 'auto_bid_step_too_small'; readonly stepMinimum: Ticks };

/**
 * One line of the standing, best first. `allocated` is what this bid would win if it closed now. Its rank
 * is its place in the list: written into the lines, every bid would rewrite them all.
 */
export type Standing = BidLine & {
  readonly accountId: string;
  readonly allocated: Lots;
};

/** A bid's raise by its bidder's own instruction. */
export type Raise = { readonly accountId: string; readonly price: Ticks };

/** What a bid led to once it stands and the others' instructions have answered. */
type Outcome = {
  /** What it would win if bidding ended now, and its place in the public standing. */
  readonly allocated: Lots;
  readonly rank: number;
  /**
   * Lowest price that a lot is won at, once every lot is won; null while some are unsold. Of a
   * threshold auction the lowest that a winner stands at.
   */
  readonly marginalPrice: Ticks | null;
  readonly standingChanged: boolean;
};

/**
 * The bid alone and what it led to for its bidder; the others' standing follows from the bids by the
 * rules named in the terms, so the journal does not repeat it with every bid.
 */
export type EnglishEvent =
  | ({
      readonly type: 'bid_accepted';
      readonly auctionId: string;
      readonly accountId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
    } & Outcome)
  /** The bid of a threshold auction. The journal is not read in public before the end, and so may hold it. */
  | ({
      readonly type: 'maximum_accepted';
      readonly auctionId: string;
      readonly accountId: string;
      readonly maximum: Ticks;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
      /** The price that may be shown: what it would pay now; where bidding began when it wins nothing. */
      readonly shownPrice: Ticks;
    } & Outcome)
  /** As secret as a hidden maximum. */
  | ({ readonly type: 'auto_bid_set'; readonly auctionId: string; readonly accountId: string } & AutoBid)
  /** Instructions answered the command: where their bids stand now, each once, oldest instruction first. */
  | {
      readonly type: 'bids_raised';
      readonly auctionId: string;
      readonly raises: readonly Raise[];
      readonly marginalPrice: Ticks | null;
    };

export type EnglishRoom = {
  /** One live bid per account, best first. In a threshold auction `price` is the hidden maximum. */
  standing: readonly Standing[];
  marginalPrice: Ticks | null;
  /** Of a threshold auction, by account: since when it was willing to pay how much. */
  held: Readonly<Record<string, readonly HeldPrice[]>>;
  /** Of a stepped auction, by account: instructions, with the seq that gave them. */
  autoBids: Readonly<Record<string, AutoBid & { readonly seq: number }>>;
};
