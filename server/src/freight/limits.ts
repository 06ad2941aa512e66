/** Limits of this slice, each with its reason. */

/** 500.00 dollars a tonne: several times the dearest coal is carried for round the world. */
export const CHARGE_DOLLAR_CENTS_MAX = 50_000n;
/** A train or a large barge: what a comparison that knows no quantity counts with. */
export const REFERENCE_CONSIGNMENT_KG = 5_000_000n;
/** As much as one may buy at once. */
export const QUANTITY_KG_MAX = 1_000_000_000_000n;
export const PAGE = 40;
/** Slots shown ahead, the current one among them. */
export const SLOTS_AHEAD = 6;
/** Room is not taken further ahead than plans of trains and ships are made. */
export const SLOT_DAYS_AHEAD_MAX = 400;
/** A request for transport that is open longer is forgotten, not answered. */
export const REQUEST_DAYS_MAX = 30;
/** Lines of one CSV file; a tariff of all coal stations of a country is some thousand. */
export const IMPORT_LINES_MAX = 20_000;
/** Places that are looked up again and again while somebody compares lots at his plants. */
export const DESTINATIONS_KEPT = 64;
/** How soon another server's change of a tariff is seen at the latest. */
export const LOOK_MS = 2_000;
