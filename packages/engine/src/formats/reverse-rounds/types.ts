/**
 * The words of the reverse auction in rounds: sealed entry offers, then rounds in which each bidder has
 * one turn, the worst first, so that the best offer speaks last.
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type {
  BuyingTerms,
  Decrement,
  Merit,
  Offer,
  OfferLine,
  OfferRejection,
  PlaceOffer,
} from '../../scoring/types.ts';

/**
 * `ownerId` buys; `startingPrice` is the ceiling. Entry offers are taken from `opensAt` to `startsAt`;
 * `closesAt` leaves room for `biddersMax` bidders and moves forward once their number is known.
 */
export type ReverseRoundsTerms = CommonTerms &
  BuyingTerms & {
    readonly format: 'reverse_rounds';
    readonly startsAt: Instant;
    readonly biddersMax: number;
    readonly rounds: number;
    readonly firstPauseMs: number;
    /** Before each later round. */
    readonly pauseMs: number;
    readonly turnMs: number;
    /** After the last turn; then the names are told with the award. */
    readonly announcementMs: number;
    /** Least by which a bidder improves its own score in a turn. */
    readonly minimalStep: Decrement;
  };

export type ReverseRoundsCommand =
  | PlaceOffer
  /** In its own turn: what the bidder offered before the turn stands. */
  | { readonly type: 'withdraw_turn_offer'; readonly auctionId: string; readonly accountId: string };

export type ReverseRoundsRejection =
  | OfferRejection
  | { readonly code: 'offer_not_improving'; readonly priceMaximum: Ticks | null }
  | { readonly code: 'auction_full'; readonly biddersMaximum: number }
  /** Who made no entry offer has no turns. */
  | { readonly code: 'offer_without_entry' }
  /** `opensAt`: when the bidder's next turn begins; null: it had its last. */
  | { readonly code: 'offer_out_of_turn'; readonly opensAt: Instant | null }
  | { readonly code: 'offer_nothing_to_withdraw' };

type Offered = {
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
  readonly abnormallyLow: boolean;
};

export type ReverseRoundsEvent =
  /** Not shown to anybody else until the rounds start. */
  | (Offered & { readonly type: 'entry_offer_accepted' })
  /** `offers` are shown now. `bidderIds`: whose turns come, the first first. */
  | {
      readonly type: 'rounds_started';
      readonly auctionId: string;
      readonly offers: readonly Offer[];
      readonly bidderIds: readonly string[];
    }
  /** Fewer than two offered: nobody to compete with. */
  | { readonly type: 'rounds_skipped'; readonly auctionId: string; readonly offers: readonly Offer[] }
  /** Not shown to anybody else until the turn ends. */
  | (Offered & { readonly type: 'turn_offer_made' })
  | { readonly type: 'turn_offer_withdrawn'; readonly auctionId: string; readonly accountId: string }
  /** The turn of `accountId` is over; what it offered in it, if it did, is shown now. */
  | {
      readonly type: 'turn_ended';
      readonly auctionId: string;
      readonly accountId: string;
      readonly offer: Offer | null;
    }
  /** The next step of the timetable begins. */
  | {
      readonly type: 'rounds_moved';
      readonly auctionId: string;
      readonly step: number;
      /** The order of the round the step belongs to. */
      readonly bidderIds: readonly string[];
    };

export type ReverseRoundsRoom = {
  phase: 'entry' | 'rounds' | 'announcement';
  /** One published offer per account, best first. */
  lines: readonly OfferLine[];
  /** Accounts of the running round, worst first. */
  order: readonly string[];
  /** Place in the timetable; 0 is the first pause. */
  step: number;
  /** What the bidder in turn has offered in it. */
  pending: Offer | null;
};

/** The format in one word, for the table of all. */
export type ReverseRoundsFormat = {
  terms: ReverseRoundsTerms;
  room: ReverseRoundsRoom;
  command: ReverseRoundsCommand;
  event: ReverseRoundsEvent;
  rejection: ReverseRoundsRejection;
};
