/** Limits of this slice, each with its reason. */

/** Orders kept: eight bytes a lot each, two hundred megabytes at a million lots when all are asked for. */
export const ORDERS_MAX = 24;
/** Sets kept in the order of places, for each order: of a million lots eighty, of a hundred thousand eight hundred. */
export const PLACED_BYTES_MAX = 10_000_000;
/** Places to which costs and distances are kept: eight bytes a site each. */
export const DESTINATIONS_MAX = 200;
/** Circles kept: a bit a lot each, eight megabytes at a million lots. */
export const CIRCLES_MAX = 64;
/** Places looked up by id and remembered: a place never changes. */
export const PLACES_MAX = 5_000;
export const PAGE_DEFAULT = 40;
/** How often the database is asked what changed: a lot is found after half of it and a read. */
export const LOOK_EVERY_MS = 150;
/** An answer older than this is not given: better none than the price of yesterday. */
export const BEHIND_MAX_MS = 1_000;
/** Rows of one read: some megabytes, and the processor free for others between two of them. */
export const READ_ROWS = 5_000;
/** Searches one person keeps: each change of a lot is held against all of them. */
export const SAVED_MAX = 50;
export const ALERTS_PAGE = 40;
export const COMPARED_MAX = 8;
/** Lots held against the saved searches in one transaction. */
export const ALERT_ROWS = 2_000;
/** How often changes are held against the saved searches: an alert is no quote, a second is soon. */
export const ALERTS_EVERY_MS = 1_000;
/** Dots of one map: more lie on each other. */
export const MAP_SITES_MAX = 500;
/** Places of a company to choose from: more are no choice. */
export const OWN_PLACES_MAX = 100;
