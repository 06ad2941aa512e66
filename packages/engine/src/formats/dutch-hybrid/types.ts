/**
 * The words of the Dutch hybrid for one indivisible lot: the price falls until somebody takes it, then
 * the others may go above that price under seal, and the one who took it has the last word.
 */
import type { Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type { AcceptPrice, PriceAccepted, PriceLowered, StepNotCurrent } from '../dutch/types.ts';

/** Basis points are of the starting price; times in ms. */
export type DutchHybridTerms = CommonTerms & {
  readonly format: 'dutch_hybrid';
  readonly stepBasisPoints: number;
  readonly floorBasisPoints: number;
  readonly stepMs: number;
  readonly openingPauseMs: number;
  /** Between the Dutch phase and the sealed one. */
  readonly sealedPauseMs: number;
  readonly sealedMs: number;
  readonly bestBidPauseMs: number;
  readonly bestBidMs: number;
  /** How far the last word must go above the price accepted in the Dutch phase. */
  readonly bestBidIncrement: Ticks;
};

export type HybridPhase =
  'opening_pause' | 'dutch' | 'sealed_pause' | 'sealed' | 'best_bid_pause' | 'best_bid' | 'ended';

/** Under seal, from all but the Dutch winner; in the last phase from that one alone. Null cancels. */
export type OfferPrice = {
  readonly type: 'offer_price';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks | null;
};

export type DutchHybridCommand = AcceptPrice | OfferPrice;

export type DutchHybridRejection =
  | StepNotCurrent
  /** The running phase takes no bid of this kind, or none at all. */
  | { readonly code: 'bid_phase_not_current'; readonly phase: HybridPhase }
  /** Under seal all but the Dutch winner are asked, afterwards only the Dutch winner. */
  | { readonly code: 'bid_phase_of_others'; readonly phase: HybridPhase }
  | { readonly code: 'bid_none_to_cancel' }
  | { readonly code: 'bid_below_increment'; readonly priceMinimum: Ticks }
  | { readonly code: 'bid_above_maximum_increment'; readonly priceMaximum: Ticks };

/** `price` null: the account's offer is cancelled. Nobody else's to see before its phase has ended. */
export type OfferTaken = {
  readonly type: 'offer_taken';
  readonly auctionId: string;
  readonly accountId: string;
  readonly price: Ticks | null;
};

export type HybridPhaseStarted = {
  readonly type: 'hybrid_phase_started';
  readonly auctionId: string;
  readonly phase: HybridPhase;
  /** What the seal gives free, best first, when the sealed phase ends; null at every other change. */
  readonly opened: readonly Offer[] | null;
};

export type DutchHybridEvent = PriceAccepted | PriceLowered | OfferTaken | HybridPhaseStarted;

export type Offer = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly seq: number;
};

export type DutchHybridRoom = {
  phase: HybridPhase;
  /** Of the Dutch phase, from 0. */
  step: number;
  /** Who took the falling price. */
  dutchWinner: Offer | null;
  /** Live sealed offers, in the order of their seq. */
  sealed: readonly Offer[];
  /** The Dutch winner's last word. */
  bestBid: Offer | null;
};
