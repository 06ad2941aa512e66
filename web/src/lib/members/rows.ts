/** Rows for further people: one each for the roles that a company needs to finish a sale. */
export const PERSON_ROWS = [0, 1, 2] as const;
/** What each row suggests. */
export const ROW_ROLES = ['trader', 'signatory', 'finance'] as const;
/** Rows of beneficial owners: with four of a quarter or more, all of a company is named. */
export const OWNER_ROWS = [0, 1, 2, 3] as const;
export const RELATED_ROWS = [0, 1] as const;
