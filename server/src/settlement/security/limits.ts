/** From notice to decision: a transfer ordered on the day of the notice arrives, over holidays too. */
export const CURE_BUSINESS_DAYS = 3;
/** Of the published time to release. */
export const RELEASE_WINDOW_DAYS = 90;
