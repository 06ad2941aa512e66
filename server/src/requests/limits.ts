/** Limits of this slice, each with its reason. */

/** Open requests of one company: a utility with some dozens of plants asks for some lots each. */
export const OPEN_REQUESTS_MAX = 200;
export const PAGE = 40;
/** What a buyer reads through; what fits comes first. */
export const SUGGESTIONS_MAX = 60;
/** Near misses shown after what fits: they say which limit costs the choice. */
export const NEAR_MISSES_MAX = 15;
