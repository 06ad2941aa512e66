/** Bounds of the order book, with the sum that gave each. */

/** One entry of the journal stays near 20 KB. */
export const ORDERS_PER_BATCH_MAX = 50;

/** Resting orders of one account: a ladder on both sides many times over. */
export const ORDERS_PER_ACCOUNT_MAX = 10_000;

/** Phases known ahead: a quarter of daily sessions with seven phases each. */
export const PHASES_MAX = 500;

/** One day: a longer call, window or pause is a typing error. */
export const PHASE_MS_MAX = 86_400_000;

/** Ten minutes: nobody waits longer for a price that may come at any moment. */
export const RANDOM_WINDOW_MS_MAX = 600_000;

/** A year and a day: no delivery period is quoted earlier. */
export const GOOD_TILL_MS_MAX = 366 * 86_400_000;

/** An hour: a connection that is gone for longer has no orders to protect. */
export const DISCONNECT_MS_MAX = 3_600_000;

/** Texts for the display. */
export const TEXT_LENGTH_MAX = 200;

/** Lots of one order: as many as `Lots` holds. */
export const ORDER_LOTS_MAX = 1_000_000_000;
