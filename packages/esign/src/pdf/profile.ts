/** The names and numbers of the exchange profile. */

export const SIGNATURE_FIELDS = ['sig_seller', 'sig_buyer', 'sig_centre'] as const;

/** Signed in this order, one after another: each signature covers the ones before it. */
export type SignatureField = (typeof SIGNATURE_FIELDS)[number];

/** Room for the CMS: RSA-3072 with a timestamp token takes 7.0 to 7.3 KB. */
export const CMS_BYTES_MAX = 12_288;

/** The field that the document timestamp adds; it shows nothing and is on no page. */
export const TIMESTAMP_FIELD = 'document_timestamp';

export const TERMS_FILE_NAME = 'terms.json';

export type ByteRange = readonly [number, number, number, number];
