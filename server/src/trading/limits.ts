/** A seller has a day to name the coal of a trade; then staff asks. */
export const NOMINATE_WITHIN_MS = 24 * 3_600_000;

/** Trades of a company, and of the queue of staff, shown at once. */
export const TRADES_SHOWN = 200;

/** What staff did to a market, shown at once: months of an ordinary one. */
export const ACTIONS_SHOWN = 50;
