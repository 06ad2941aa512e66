/**
 * What goes into the engine and what comes out. Everything here is plain JSON: a command and its
 * events are written to the journal as they are, and replayed from it years later.
 *
 * Prices are ticks, quantities are lots, money is a decimal string of minor units ("12600000"),
 * times are milliseconds since the epoch. Ids are opaque strings made outside.
 */
import type { Instant, Lots, Ticks } from '@seam/units';

/** Integer minor units as text: JSON has no bigint. */
export type MinorText = string;

/** Late bids move the close (rules: only when the standing changes). */
export type SoftClose = {
  readonly mode: 'window';
  /** A standing-changing bid within this much of the end extends it. */
  readonly windowMs: number;
  /** New end is at least `now + extensionMs`. */
  readonly extensionMs: number;
  /** The end never moves past this instant. */
  readonly hardEndAt: Instant;
  readonly extensionsMax: number;
};

/** How much money must be held before a bid counts. */
export type BidSecurityRule =
  | { readonly mode: 'per_tonne'; readonly amountPerTonne: MinorText }
  | { readonly mode: 'percent_of_start'; readonly basisPoints: number }
  | { readonly mode: 'fixed'; readonly amount: MinorText };

/** English ascending, multi-unit, pay-as-bid. */
export type AuctionTerms = {
  readonly auctionId: string;
  readonly format: 'english';
  readonly pricing: 'pay_as_bid';
  readonly sellerId: string;
  readonly currency: string;
  readonly tickSize: MinorText;
  /** Kilograms in a lot, as text. */
  readonly lotSize: string;
  readonly quantity: Lots;
  readonly minimumBidQuantity: Lots;
  readonly startingPrice: Ticks;
  /** Hidden until the close; absent means the starting price is the reserve. */
  readonly reservePrice: Ticks | null;
  readonly bidIncrement: Ticks;
  /** Largest raise over the marginal price in one bid (fat-finger guard); null means no limit. */
  readonly maximumIncrement: Ticks | null;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly softClose: SoftClose;
  readonly bidSecurity: BidSecurityRule;
  readonly rulesVersion: number;
};

type Body =
  | { readonly type: 'schedule_auction'; readonly terms: AuctionTerms }
  /** Money is already held in the ledger; the engine's limit is never above that hold. */
  | {
      readonly type: 'allocate_bid_security';
      readonly auctionId: string;
      readonly accountId: string;
      readonly amount: MinorText;
    }
  | {
      readonly type: 'place_bid';
      readonly auctionId: string;
      readonly accountId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
    }
  /** A due deadline, made by the host from `dueTimers`. */
  | { readonly type: 'open_auction'; readonly auctionId: string; readonly deadline: Instant }
  | { readonly type: 'close_auction'; readonly auctionId: string; readonly deadline: Instant }
  | { readonly type: 'suspend_auction'; readonly auctionId: string; readonly reason: string }
  | { readonly type: 'resume_auction'; readonly auctionId: string }
  | { readonly type: 'void_auction'; readonly auctionId: string; readonly reason: string };

/** What a gateway hands in; the host adds the stamp. */
export type CommandBody = Body;
export type Command = Body & { readonly seq: number; readonly at: Instant };

/** Why the answer is no, with what would have been accepted where that helps the bidder. */
export type Rejection =
  | { readonly code: 'auction_unknown' }
  | { readonly code: 'auction_duplicate' }
  | { readonly code: 'auction_terms_invalid'; readonly field: string }
  | { readonly code: 'auction_not_open'; readonly opensAt: Instant }
  | { readonly code: 'auction_closed'; readonly closedSeq: number; readonly closedAt: Instant }
  | { readonly code: 'auction_suspended' }
  | { readonly code: 'auction_state_conflict'; readonly state: AuctionState }
  | { readonly code: 'bid_own_lot' }
  | { readonly code: 'bid_price_below_start'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_below_increment'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_above_maximum_increment'; readonly priceMaximum: Ticks }
  | {
      readonly code: 'bid_quantity_out_of_range';
      readonly quantityMinimum: Lots;
      readonly quantityMaximum: Lots;
    }
  | { readonly code: 'bid_minimum_acceptable_invalid'; readonly maximum: Lots }
  | { readonly code: 'bid_not_improving'; readonly priceMinimum: Ticks; readonly quantityMinimum: Lots }
  | {
      readonly code: 'bid_security_insufficient';
      readonly required: MinorText;
      readonly allocated: MinorText;
      readonly quantityMaximum: Lots;
    }
  | { readonly code: 'bid_security_invalid' };

export type AuctionState = 'scheduled' | 'open' | 'suspended' | 'awarded' | 'unsold' | 'voided';

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

export type Award = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly bidSeq: number;
};

export type Event =
  | { readonly type: 'command_rejected'; readonly rejection: Rejection }
  | { readonly type: 'auction_scheduled'; readonly terms: AuctionTerms }
  | { readonly type: 'auction_opened'; readonly auctionId: string }
  | {
      readonly type: 'bid_security_allocated';
      readonly auctionId: string;
      readonly accountId: string;
      readonly amount: MinorText;
      /** Total now allocated to this account in this auction. */
      readonly total: MinorText;
    }
  | {
      readonly type: 'bid_accepted';
      readonly auctionId: string;
      readonly accountId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly minimumAcceptable: Lots;
      /** Whole standing after the bid. */
      readonly standing: readonly Standing[];
      /** Lowest price that still wins a lot; null while some quantity is unsold. */
      readonly marginalPrice: Ticks | null;
      readonly standingChanged: boolean;
    }
  | {
      readonly type: 'auction_extended';
      readonly auctionId: string;
      readonly closesAt: Instant;
      readonly extensions: number;
    }
  | {
      readonly type: 'auction_suspended';
      readonly auctionId: string;
      readonly remainingMs: number;
      readonly reason: string;
    }
  | {
      readonly type: 'auction_resumed';
      readonly auctionId: string;
      readonly closesAt: Instant;
      /** The hard end moves by as long as the auction stood still. */
      readonly hardEndAt: Instant;
    }
  | { readonly type: 'auction_voided'; readonly auctionId: string; readonly reason: string }
  | {
      readonly type: 'auction_awarded';
      readonly auctionId: string;
      readonly awards: readonly Award[];
      readonly unsold: Lots;
      readonly reserveMet: boolean;
    }
  | {
      readonly type: 'auction_unsold';
      readonly auctionId: string;
      readonly reason: 'no_bid' | 'reserve_not_met';
    }
  /** Losers: the whole allocation. Winners: what exceeds the requirement of the award. */
  | {
      readonly type: 'bid_security_released';
      readonly auctionId: string;
      readonly accountId: string;
      readonly amount: MinorText;
    }
  | {
      readonly type: 'bid_security_retained';
      readonly auctionId: string;
      readonly accountId: string;
      readonly amount: MinorText;
    };
