/**
 * The trading centre's own legal person, as its certificate and every contract name it. A code with a
 * right check character that no company has; nobody may register under it.
 */
export const CENTRE_LEGAL_ID = '91140000MACENTRE12';
