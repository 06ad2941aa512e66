/**
 * The numbers the order book speaks in. Everything that goes in or comes out is a 32-bit integer: the book
 * knows no products, currencies or phases; the market layer above it turns these into names and money.
 */

export const BUY = 0;
export const SELL = 1;
export type Side = typeof BUY | typeof SELL;

/** How an order is to be treated: the bits of `flags`. None set: a plain limit order that may rest. */
export const FLAG = {
  /** What does not execute on entry is cancelled. */
  IMMEDIATE_OR_CANCEL: 1,
  /** Executes in full on entry or not at all. */
  FILL_OR_KILL: 2,
  /** Refused where it would take. */
  POST_ONLY: 4,
  /** Settles against a bilateral credit line; without it the trade goes through escrow. Kept with the order. */
  CREDIT: 8,
  /** A call phase: the order rests without matching, even locked or crossed. */
  COLLECT: 16,
  /** An amend that gives up its place in any case. */
  REQUEUE: 32,
} as const;

/** What happened. Events of one call start with ACCEPTED, AMENDED, CANCELLED or REFUSED, save for an uncross. */
export const EVENT = {
  /** The order is taken in. INFO: the quantity that rests after this call. */
  ACCEPTED: 1,
  /** ORDER took from OTHER at the maker's price. INFO: what is left of OTHER. */
  TRADE: 2,
  /** QTY of ORDER is gone without a trade. INFO: the reason. OTHER: what would have been available (FOK, minimum). */
  CANCELLED: 3,
  /** QTY is the new remaining quantity. OTHER: 1 when the place is kept. INFO: what rests after this call. */
  AMENDED: 4,
  /** Nothing changed. INFO: the reason. OTHER (least) and QTY (most): what would be accepted instead of it. */
  REFUSED: 5,
  /** ORDER would have taken QTY of OTHER, of the same owner group. Said once an order, for the first it met. */
  SELF_TRADE_SKIPPED: 6,
  /** Both sides rested: buy ORDER and sell OTHER meet at the call auction's price. INFO: what is left of OTHER. */
  AUCTION_TRADE: 7,
} as const;

/** Why an order ended without a trade (INFO of CANCELLED). Any other positive number is the caller's own. */
export const CANCEL = {
  BY_OWNER: 1,
  /** The remainder of an immediate-or-cancel order. */
  IMMEDIATE_OR_CANCEL: 2,
  FILL_OR_KILL: 3,
  /** Less than the minimum quantity was available on entry. */
  MINIMUM_QUANTITY: 4,
  /** It would rest against an order of its own owner group. */
  SELF_TRADE: 5,
  EXPIRED: 6,
  /** Kill switch, halt, disconnect: by whoever controls the market. */
  CONTROLLED: 7,
} as const;

/** Why nothing was done (INFO of REFUSED). LEAST..MOST is what would be accepted in place of what was asked. */
export const REFUSE = {
  /** No such order rests here, or not of this account: the two are not told apart. */
  UNKNOWN_ORDER: 1,
  /** Quantity outside LEAST..MOST. */
  QUANTITY: 2,
  /** Price outside LEAST..MOST ticks. */
  PRICE_BAND: 3,
  /** Price times quantity is too much: at this price MOST lots (0: none). */
  NOTIONAL: 4,
  /** The account's exposure limit: at this price MOST lots (0: none). */
  EXPOSURE: 5,
  /** It would take at LEAST; at MOST it would not. */
  POST_ONLY: 6,
  /** Minimum quantity above the quantity, or together with a call phase. */
  MINIMUM_QUANTITY: 7,
  /** Immediate-or-cancel, fill-or-kill and post-only have no meaning in a call phase. */
  NOT_IN_CALL: 8,
} as const;

/** Width of one event in the event buffer, and the place of its fields. */
export const EVENT_STRIDE = 6;
export const TYPE = 0;
export const ORDER = 1;
export const OTHER = 2;
export const PRICE = 3;
export const QTY = 4;
export const INFO = 5;

/** 2^31 - 1: the most a field of the pool can hold. Levels add up in doubles and stay exact. */
export const QUANTITY_MAX = 2_147_483_647;
/** 2^30: a price, its negative and the sum of two stay 32-bit integers. */
export const PRICE_MAX = 1_073_741_824;
/** 2^52 tick-lots: an exposure and one more order still add up exactly in a double. */
export const AMOUNT_MAX = 4_503_599_627_370_496;
/** 2^22 ticks between the best and the worst resting order of one side: at most 128 MiB of levels. */
export const SPAN_MAX = 4_194_304;
/** Any account: for cancels by whoever controls the market. */
export const ANY_ACCOUNT = -1;
/** The owner group without self-trade prevention: for replaying foreign records only. */
export const NO_GROUP = 0;

export type BookOptions = {
  /** Lowest and highest price accepted, ticks. Absent: 1 to 16,384. */
  readonly band?: { readonly low: number; readonly high: number };
  /** Largest price times quantity of one order, tick-lots. Absent: AMOUNT_MAX. */
  readonly notionalMax?: number;
  /** False: no limit on exposure until one is set, so that it may leave what adds up exactly (replays). */
  readonly exposure?: boolean;
  /** Orders the pool starts with; it doubles when full. Absent: 1,024. */
  readonly capacity?: number;
};

/** A resting order as read from the book. */
export type RestingOrder = {
  readonly id: number;
  readonly account: number;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  /** Settles on a bilateral credit line. */
  readonly credit: boolean;
};

/** All orders at one price: total lots and how many orders. */
export type Level = { readonly price: number; readonly quantity: number; readonly orders: number };
