/**
 * What may follow the close before an award is done with: a standstill in which it is provisional, and
 * bidders who wait in case a winner falls away. Both are optional; without them the close is the end.
 *
 * An award goes provisional (standstill only) → pending → confirmed → concluded, or falls: declined by
 * its winner, lapsed, released without the winner's fault. What falls by its winner goes to those who wait.
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import type { Award, MinorText, UnsoldReason } from '../types.ts';

export type StandstillTerms = {
  /** How long after the close the award stays provisional and complaints are heard, ms. */
  readonly periodMs: number;
};

export type WaitingTerms = {
  /** How many of the next best bidders keep their security and wait; 0: winners have deadlines, nobody waits. */
  readonly biddersMaximum: number;
  /** A winner that has not confirmed so long after its award became final has lapsed, ms. */
  readonly confirmMs: number;
  /** A confirmed award whose contract is not signed so long after may be given up for lapsed, ms. */
  readonly signMs: number;
  /** A waiting bidder may leave so long after the close, ms; null: only when it is released. */
  readonly withdrawAfterMs: number | null;
};

export type AfterCloseTerms = {
  /** Absent: the award is final at the close. */
  readonly standstill?: StandstillTerms;
  /** Absent: nobody waits, and what a winner owes is a matter of its contract alone. */
  readonly waiting?: WaitingTerms;
};

/** Best first; what it would take besides what it has won, at the price it would pay. */
export type WaitingBid = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Fewer lots than this, of those that fall away, it does not take. */
  readonly minimumAcceptable: Lots;
  readonly bidSeq: number;
};

export type AwardState =
  'provisional' | 'pending' | 'confirmed' | 'concluded' | 'declined' | 'lapsed' | 'released';

/** `number` counts from 1 within the auction: one bid may win twice, at the close and by waiting. */
export type NumberedAward = Award & { readonly number: number };

export type AwardLine = NumberedAward & {
  readonly state: AwardState;
  /** Until when it must be confirmed (pending) or its contract signed (confirmed); null otherwise. */
  readonly dueAt: Instant | null;
};

/** Who would win, and wait, if the owner took what it asked for as a reserve off. */
export type BelowReserve = { readonly awards: readonly Award[]; readonly waiting: readonly WaitingBid[] };

type InAuction = { readonly auctionId: string };
type OfAward = InAuction & { readonly accountId: string; readonly number: number };

/** Who may give which is settled outside: the winner, the owner, the exchange. */
export type AwardingCommand =
  /** Made by the host from due deadlines. */
  | (InAuction & { readonly type: 'end_standstill'; readonly deadline: Instant })
  | (InAuction & { readonly type: 'lapse_awards'; readonly deadline: Instant })
  /** By the exchange: a complaint cannot be decided before the standstill would end. */
  | (InAuction & { readonly type: 'extend_standstill'; readonly until: Instant; readonly reason: string })
  /** By the exchange, in the standstill: the auction has no result, and is held again or not. */
  | (InAuction & {
      readonly type: 'uphold_complaint';
      readonly remedy: 'void' | 'hold_again';
      readonly reason: string;
    })
  /** By the owner, in the standstill of an auction whose reserve was not met. */
  | (InAuction & { readonly type: 'waive_reserve' })
  /** By the winner. */
  | (OfAward & { readonly type: 'confirm_award' })
  | (OfAward & { readonly type: 'decline_award' })
  /** By the exchange: both parties have signed the contract. */
  | (OfAward & { readonly type: 'conclude_award' })
  /** By the exchange: the contract was not signed in time, and cannot be any more. */
  | (OfAward & { readonly type: 'lapse_award' })
  /** By the exchange: it falls without its winner's fault, and the quantity stays with the owner. */
  | (OfAward & { readonly type: 'release_award'; readonly reason: string })
  /** By a waiting bidder. */
  | (InAuction & { readonly type: 'withdraw_waiting'; readonly accountId: string });

export type AwardingRejection =
  /** The standstill ended at `endedAt`; what follows it may not be journaled yet. */
  | { readonly code: 'standstill_over'; readonly endedAt: Instant }
  | { readonly code: 'standstill_not_longer'; readonly endsAt: Instant }
  /** No bid is below the reserve, or none of those still fits under its bidder's cap. */
  | { readonly code: 'reserve_nothing_below' }
  /** No such award of this account. */
  | { readonly code: 'award_unknown' }
  | { readonly code: 'award_state_conflict'; readonly state: AwardState }
  /** Its winner has until `dueAt`. */
  | { readonly code: 'award_not_due'; readonly dueAt: Instant }
  | { readonly code: 'waiting_unknown' }
  /** `allowedAt`: from when it may leave; null: never by itself. */
  | { readonly code: 'waiting_withdrawal_early'; readonly allowedAt: Instant | null };

export type AwardingEvent =
  /**
   * Bidding is over; the result is provisional until `standstillEndsAt` (null: final in this very entry).
   * `awards` is empty when the reserve was not met, which is then the `reason`.
   */
  | (InAuction & {
      readonly type: 'auction_closed';
      readonly standstillEndsAt: Instant | null;
      readonly awards: readonly Award[];
      readonly unsold: Lots;
      readonly reason: UnsoldReason | null;
      readonly belowReserve: BelowReserve | null;
      readonly waiting: readonly WaitingBid[];
      /** Kept of these accounts' security whatever becomes of the awards. */
      readonly penalties: readonly { readonly accountId: string; readonly amount: MinorText }[];
    })
  | (InAuction & { readonly type: 'standstill_extended'; readonly endsAt: Instant; readonly reason: string })
  /** `auction_voided` follows. */
  | (InAuction & {
      readonly type: 'complaint_upheld';
      readonly remedy: 'void' | 'hold_again';
      readonly reason: string;
    })
  | (InAuction & { readonly type: 'reserve_waived'; readonly unsold: Lots } & BelowReserve)
  /** An award is final, at the end of the standstill or because it came to a waiting bidder. */
  | (InAuction & NumberedAward & { readonly type: 'award_pending'; readonly dueAt: Instant })
  | (OfAward & { readonly type: 'award_confirmed'; readonly dueAt: Instant })
  | (OfAward & { readonly type: 'award_concluded' })
  | (OfAward & { readonly type: 'award_declined'; readonly quantity: Lots })
  | (OfAward & { readonly type: 'award_lapsed'; readonly quantity: Lots })
  | (OfAward & { readonly type: 'award_released'; readonly quantity: Lots; readonly reason: string })
  /** It waits no more: it left, or there is nothing left to wait for. */
  | (InAuction & {
      readonly type: 'waiting_released';
      readonly accountId: string;
      readonly reason: 'withdrew' | 'not_needed';
    })
  /**
   * Not given back, and not for a contract: the winner let its award fall. Whether it is forfeited is decided
   * elsewhere, after a notice and time to object.
   */
  | (InAuction & {
      readonly type: 'bid_security_forfeit_proposed';
      readonly accountId: string;
      readonly amount: MinorText;
    })
  /** Every award is concluded or has fallen, and nobody waits. */
  | (InAuction & { readonly type: 'auction_completed' });
