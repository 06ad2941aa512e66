/** A seller has a day to name the coal of a trade; then staff asks. */
export const NOMINATE_WITHIN_MS = 24 * 3_600_000;

/** Trades of a company, and of the queue of staff, shown at once. */
export const TRADES_SHOWN = 200;
