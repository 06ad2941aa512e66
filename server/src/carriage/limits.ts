/** What is believed of transport documents. */
export const DAY_MS = 24 * 3600_000;
/** A month of trains to one buyer, with their corrections. */
export const DOCUMENTS_MAX = 400;
/** An open wagon for coal, loaded, stays below 130 t and empty below 40 t. */
export const WAGON_GROSS_KG_MAX = 130_000n;
/** Contracts older than the clause name no days: as later ones propose. */
export const OBJECTION_DAYS = 3;
/** A document written in another zone may bear tomorrow's date. */
export const ISSUED_AHEAD_MS = DAY_MS;
