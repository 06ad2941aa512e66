/** What keeps the robots polite. Milliseconds unless named otherwise. */

/** How often the switch and the list of auctions are looked at, once for all robots. */
export const LOOK_EVERY_MS = 2_000;
/** After a failed login or call a robot keeps quiet for this long, doubled up to the ceiling. */
export const REST_AFTER_FAILURE_MS = 5_000;
export const REST_CEILING_MS = 120_000;
/** A robot thinks at least and at most this long before a bid; three of them stay far below any rate limit. */
export const THINK_MIN_MS = 2_000;
export const THINK_MAX_MS = 45_000;
/** Auctions one robot bids in at once. */
export const AUCTIONS_MAX = 4;
/** Bids of one robot in one auction, and refusals in a row after which it leaves it alone. */
export const BIDS_MAX = 60;
export const REFUSALS_MAX = 3;
