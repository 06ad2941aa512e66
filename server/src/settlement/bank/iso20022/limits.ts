/** Bounds of what a bank may send us, each with the reason for its size. */

/** A notification or status report has a few entries of about 2 kB each: 1 MiB is hundreds of them. */
export const MESSAGE_BYTES_MAX = 1024 * 1024;
/** A day of 4,000 entries at about 2 kB. Above it the bank must page, as camt.053 allows. */
export const STATEMENT_BYTES_MAX = 8 * 1024 * 1024;
/** The deepest path in the schemas we read is 14 elements. */
export const DEPTH_MAX = 32;
export const ENTRIES_MAX = 10_000;
/** Escaped characters in one message: more than there are bytes for them cannot occur. */
export const ENTITIES_MAX = STATEMENT_BYTES_MAX / 4;
