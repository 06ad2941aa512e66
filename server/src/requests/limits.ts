/** Limits of this slice, each with its reason. */

/** Open requests of one company: a utility with some dozens of plants asks for some lots each. */
export const OPEN_REQUESTS_MAX = 200;
/** Drafts of one company: what is kept for later is looked through by eye. */
export const DRAFTS_MAX = 100;
export const PAGE = 40;
/** What a buyer reads through; what fits comes first. */
export const SUGGESTIONS_MAX = 60;
/** Near misses shown after what fits: they say which limit costs the choice. */
export const NEAR_MISSES_MAX = 15;
/** Things a lot may miss and still be a near miss. */
export const NEAR_MISSES = 2;
/** Rows of one read while lots in doubt are looked up. */
export const READ_AT_ONCE = 2_000;
/** Own lots a producer is shown against a request. */
export const OWN_LOTS_MAX = 100;
/** Lots a blend is made of: what a solver answers within a second. */
export const BLEND_LOTS_MAX = 2_000;
/** Producers one request may ask: a buyer who asks more has asked everybody. */
export const INVITED_MAX = 500;
/** Members of one pool, each a contract of every lot that is awarded. */
export const POOL_MEMBERS_MAX = 50;
export const OPEN_POOLS_MAX = 20;
/** Of one request or all members of a pool: as much as one lot may be. */
export const QUANTITY_KG_MAX = 1_000_000_000n;
