/** Limits of this slice, each with its reason. */

export const DAY_MS = 86_400_000;
/** Open lots of one company: a large producer has some dozens of mines with some grades each, by day and month. */
export const OPEN_LISTINGS_MAX = 1_000;
/** Documents of one lot: certificates, photographs, a map of the yard. At most 50 MB in the database. */
export const DOCUMENTS_MAX = 10;
/** Certificates of one lot: a lot is sampled again every few thousand tonnes. */
export const CERTIFICATES_MAX = 50;
/** A mine's own past against which a certificate is held (rules: the last 20). */
export const CERTIFICATE_HISTORY = 20;
/** A session is announced for hours or days; a month is no session. */
export const SESSION_DAYS_MAX = 30;
/** Reviews on one page of the centre's desk. */
export const REVIEW_PAGE = 30;
/** An offer stands for at most a year: prices of coal do not hold longer. */
export const VALID_DAYS_MAX = 366;
/** 1,000,000 t is more than any vessel or monthly plan; a lot above it is a typing error. */
export const QUANTITY_KG_MAX = 1_000_000_000n;
/** 1,000,000.00 per tonne, in the weakest currency served about five times the dearest coking coal. */
export const PRICE_MINOR_MAX = 10_000_000_000n;
export const PAGE_DEFAULT = 40;
/** Lots whose landed cost is computed for one sorted page: about 20 µs each. */
export const LANDED_CANDIDATES_MAX = 5_000;
/** Places shown in one answer: more are found by typing a part of the name. */
export const REGISTER_ROWS_MAX = 500;
/** Mines in one answer when the caller names no limit, and at most: a map draws the whole register at once. */
export const MINES_DEFAULT = 500;
export const MINES_MAX = 6_000;
