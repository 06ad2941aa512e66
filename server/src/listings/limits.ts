/** Limits of this slice, each with its reason. */

/** Open lots of one company: a large producer has some dozens of mines with some grades each. */
export const OPEN_LISTINGS_MAX = 500;
/** An offer stands for at most a year: prices of coal do not hold longer. */
export const VALID_DAYS_MAX = 366;
/** 1,000,000 t is more than any vessel or monthly plan; a lot above it is a typing error. */
export const QUANTITY_KG_MAX = 1_000_000_000n;
/** 1,000,000.00 per tonne, in the weakest currency served about five times the dearest coking coal. */
export const PRICE_MINOR_MAX = 10_000_000_000n;
export const PAGE_DEFAULT = 40;
/** Lots whose landed cost is computed for one sorted page: about 20 µs each. */
export const LANDED_CANDIDATES_MAX = 5_000;
/** Rows of a register shown in one answer: more are found by typing a part of the name. */
export const REGISTER_ROWS_MAX = 500;
