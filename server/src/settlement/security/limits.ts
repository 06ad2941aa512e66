const DAY_MS = 24 * 3600_000;

/** From notice to decision: a transfer ordered on the day of the notice arrives, over a weekend too. */
export const CURE_MS = 3 * DAY_MS;
/** Of the published time to release. */
export const RELEASE_WINDOW_DAYS = 90;
