/**
 * What every auction has, whatever way it finds its price: the words of the frame that the formats
 * (`formats/`) plug into. Everything is plain JSON; see `types.ts` for units.
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import type { AfterCloseTerms, AwardingCommand, AwardingEvent, AwardingRejection } from './awarding/types.ts';
import type { CatalogueEvent, CatalogueRejection, CatalogueTerms } from './catalogue/types.ts';

/** Integer minor units as text: JSON has no bigint. */
export type MinorText = string;

/** Where an auction stops for the day. Minutes count from midnight at `utcOffsetMinutes` east of UTC. */
export type DailyStop = {
  readonly stopMinute: number;
  /** Bidding goes on from here in the morning, with the time that was left; null: the stop is the end. */
  readonly resumeMinute: number | null;
  readonly utcOffsetMinutes: number;
};

type Extending = {
  /** The end never moves past this instant. */
  readonly hardEndAt: Instant;
  readonly extensionsMax: number;
};

/** How late bids move the close: bids that change the standing, and no others. */
export type SoftClose =
  /** They do not. */
  | { readonly mode: 'none' }
  /** A bid within `windowMs` of the end moves it to `extensionMs` from now. */
  | (Extending & { readonly mode: 'window'; readonly windowMs: number; readonly extensionMs: number })
  /** The first bid earns one extension after the planned close; each bid in it restarts it. */
  | (Extending & { readonly mode: 'phase'; readonly extensionMs: number })
  /** The auction ends when `quietMs` have passed without a bid. */
  | (Extending & {
      readonly mode: 'cooloff';
      readonly quietMs: number;
      readonly dailyStop: DailyStop | null;
    });

/** How much money must be held before a bid counts. */
export type BidSecurityRule =
  | { readonly mode: 'per_tonne'; readonly amountPerTonne: MinorText }
  | { readonly mode: 'percent_of_start'; readonly basisPoints: number }
  | { readonly mode: 'fixed'; readonly amount: MinorText };

/**
 * `open`: ranks, prices and quantities under pseudonyms. `rank_only`: one's own rank and the next price.
 * `blind`: one's own bid alone.
 */
export type Visibility = 'open' | 'rank_only' | 'blind';

/** The terms all formats share. */
export type CommonTerms = AfterCloseTerms & {
  readonly auctionId: string;
  /** Who put it up: the seller, or the buyer of a reverse auction. May not bid. */
  readonly ownerId: string;
  readonly currency: string;
  readonly tickSize: MinorText;
  /** Kilograms in a lot, as text. */
  readonly lotSize: string;
  readonly quantity: Lots;
  readonly minimumBidQuantity: Lots;
  /** Where bidding begins: the lowest price of a rising auction, the highest of a falling one. */
  readonly startingPrice: Ticks;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly softClose: SoftClose;
  readonly bidSecurity: BidSecurityRule;
  readonly rulesVersion: number;
  /** Parties of the owner's own group: they may not bid. Absent: none. */
  readonly excludedIds?: readonly string[];
  /** Fewer bidders bound by a bid at the close leave the lot unsold. 1 to 9; absent: 1. */
  readonly minimumBidders?: number;
  /** What bidders are shown of each other while bidding runs. Nothing is decided by it; absent: open. */
  readonly visibility?: Visibility;
  /** Whether the reserve price is shown while bidding runs; absent: hidden. No answer depends on it before the close. */
  readonly reserveVisibility?: 'open' | 'hidden';
  /** One of several lots that come one after another; absent: it stands alone. */
  readonly catalogue?: CatalogueTerms;
};

/** `standstill`: bidding is over, the award is provisional. */
export type AuctionState =
  'scheduled' | 'open' | 'suspended' | 'standstill' | 'awarded' | 'unsold' | 'voided';

/**
 * Why nobody was awarded anything. `too_few_bidders`: fewer than the terms ask for. `not_opened`: sealed
 * bids stayed shut. `no_valid_bid`: none of those opened may count.
 */
export type UnsoldReason = 'no_bid' | 'reserve_not_met' | 'too_few_bidders' | 'not_opened' | 'no_valid_bid';

export type Award = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly bidSeq: number;
};

export type FrameCommand<Terms> =
  | AwardingCommand
  | { readonly type: 'schedule_auction'; readonly terms: Terms }
  /** Money is already held in the ledger; the engine's limit is never above that hold. */
  | {
      readonly type: 'allocate_bid_security';
      readonly auctionId: string;
      readonly accountId: string;
      readonly amount: MinorText;
    }
  /** A due deadline, made by the host from `dueTimers`. */
  | { readonly type: 'open_auction'; readonly auctionId: string; readonly deadline: Instant }
  /** The format's own deadline: a round, a step or a phase ends. */
  | { readonly type: 'turn_auction'; readonly auctionId: string; readonly deadline: Instant }
  | { readonly type: 'close_auction'; readonly auctionId: string; readonly deadline: Instant }
  | { readonly type: 'suspend_auction'; readonly auctionId: string; readonly reason: string }
  | { readonly type: 'resume_auction'; readonly auctionId: string }
  | { readonly type: 'void_auction'; readonly auctionId: string; readonly reason: string }
  /**
   * A bidder turns out to belong to the owner's group. It places no further bid and no further security;
   * a bid that stands stays binding, because it moved others' prices: only a void undoes it.
   */
  | {
      readonly type: 'exclude_bidder';
      readonly auctionId: string;
      readonly accountId: string;
      readonly reason: string;
    }
  /** The market could not take bids meanwhile: both times are journaled, or a lease's of the journal. */
  | {
      readonly type: 'extend_for_outage';
      readonly auctionId: string;
      readonly downFrom: Instant;
      readonly downUntil: Instant;
    };

/**
 * Why an outage moves no end: it lasted ten seconds or less, overlaps one that is counted already, the
 * auction was not open, no end was near, or the times are not in order and past.
 */
export type OutageRefusal = 'too_short' | 'counted' | 'not_open' | 'not_near_end' | 'times_invalid';

/** Why the answer is no, with what would have been accepted where that helps the bidder. */
export type FrameRejection =
  | AwardingRejection
  | CatalogueRejection
  | { readonly code: 'auction_unknown' }
  | { readonly code: 'auction_duplicate' }
  | { readonly code: 'auction_terms_invalid'; readonly field: string }
  | { readonly code: 'auction_not_open'; readonly opensAt: Instant }
  | { readonly code: 'auction_closed'; readonly closedSeq: number; readonly closedAt: Instant }
  | { readonly code: 'auction_suspended' }
  /** The round, step or phase ended at `endedAt`; what follows it is not journaled yet. */
  | { readonly code: 'auction_turn_due'; readonly endedAt: Instant }
  | { readonly code: 'auction_state_conflict'; readonly state: AuctionState }
  | { readonly code: 'auction_outage_without_effect'; readonly reason: OutageRefusal }
  | { readonly code: 'bid_own_lot' }
  /** The bidder belongs to the owner's group, by the terms or by a later finding. */
  | { readonly code: 'bid_conflict_of_interest' }
  /** The command belongs to another format than this auction's. */
  | { readonly code: 'bid_wrong_format'; readonly format: string }
  | {
      readonly code: 'bid_quantity_out_of_range';
      readonly quantityMinimum: Lots;
      readonly quantityMaximum: Lots;
    }
  | {
      readonly code: 'bid_security_insufficient';
      readonly required: MinorText;
      readonly allocated: MinorText;
      readonly quantityMaximum: Lots;
    }
  | { readonly code: 'bid_security_invalid' };

export type FrameEvent<Terms, Rejection> =
  | AwardingEvent
  | CatalogueEvent
  | { readonly type: 'command_rejected'; readonly rejection: Rejection }
  | { readonly type: 'auction_scheduled'; readonly terms: Terms }
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
      readonly type: 'auction_extended';
      readonly auctionId: string;
      readonly closesAt: Instant;
      readonly extensions: number;
    }
  /**
   * A format that ends by itself has nothing more to wait for, or less: the new end is earlier. At or
   * before the entry's own time it is due at once, and the close follows as the next entry.
   */
  | { readonly type: 'auction_shortened'; readonly auctionId: string; readonly closesAt: Instant }
  /** Not counted among the extensions that bidders cause, and past the hard end, which moves along. */
  | {
      readonly type: 'auction_extended_for_outage';
      readonly auctionId: string;
      readonly closesAt: Instant;
      readonly hardEndAt: Instant;
      readonly downFrom: Instant;
      readonly downUntil: Instant;
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
  | {
      readonly type: 'bidder_excluded';
      readonly auctionId: string;
      readonly accountId: string;
      readonly reason: string;
      /** Lots that its standing bids still bind it to. */
      readonly bound: Lots;
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
      readonly reason: UnsoldReason;
    }
  /** What the award does not need; losers get the whole allocation, less a penalty of the format. */
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
