/** The words of the multi-unit Dutch auction: the price falls step by step, who accepts it buys. */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';

export type DutchTerms = CommonTerms & {
  readonly format: 'dutch';
  /** Each buyer its own accepted price, or all the last (lowest) one that was accepted. */
  readonly pricing: 'pay_as_accepted' | 'uniform_last';
  readonly floorPrice: Ticks;
  /** The price of step k is `startingPrice - k * priceDecrement`, never below the floor. */
  readonly priceDecrement: Ticks;
  readonly stepMs: number;
};

/**
 * Accepts the price of step `step` for up to `quantity` lots. Both step and price must be the current
 * ones: nobody buys at a price that was not on its screen.
 */
export type AcceptPrice = {
  readonly type: 'accept_price';
  readonly auctionId: string;
  readonly accountId: string;
  readonly step: number;
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Less than this is not wanted; 0 or 1: whatever is left. */
  readonly minimumAcceptable: Lots;
};

/** The step named has ended or not begun; `step` at `price` is the one that may be accepted. */
export type StepNotCurrent = {
  readonly code: 'bid_step_not_current';
  readonly step: number;
  readonly price: Ticks;
};

export type DutchRejection =
  | StepNotCurrent
  /** Fewer lots are left than the least that was wanted. */
  | { readonly code: 'bid_remaining_insufficient'; readonly quantityMaximum: Lots }
  | { readonly code: 'bid_minimum_acceptable_invalid'; readonly maximum: Lots };

export type PriceAccepted = {
  readonly type: 'price_accepted';
  readonly auctionId: string;
  readonly accountId: string;
  readonly step: number;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  /** What it buys: the quantity, or what was left of the lot. */
  readonly allocated: Lots;
  /** Lots left for the others. */
  readonly remaining: Lots;
};

export type PriceLowered = {
  readonly type: 'price_lowered';
  readonly auctionId: string;
  readonly step: number;
  readonly price: Ticks;
};

export type DutchEvent = PriceAccepted | PriceLowered;

/** A sale, in the order of `seq`. */
export type Acceptance = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly seq: number;
};

export type DutchRoom = {
  /** From 0; its price is `priceAtStep(terms, step)`. */
  step: number;
  remaining: Lots;
  acceptances: readonly Acceptance[];
};
