/** What a verification may find. A code is public API; `detail` is one line for a person. */
export type FindingCode =
  | 'NOT_EXCHANGE_PROFILE'
  | 'NO_SIGNATURE'
  | 'SIGNATURE_MISSING'
  | 'TRAILING_OR_TRUNCATED_DATA'
  | 'UNSIGNED_REVISION_BEFORE_FIRST_SIGNATURE'
  | 'MODIFIED_AFTER_SIGNING'
  | 'UNEXPECTED_CHANGE_IN_INCREMENT'
  | 'BYTERANGE_SYNTAX'
  | 'BYTERANGE_NOT_WHOLE_REVISION'
  | 'DIGEST_MISMATCH'
  | 'CMS_MALFORMED'
  | 'CMS_TRAILING_DATA'
  | 'CMS_PROFILE'
  | 'SIGNATURE_INVALID'
  | 'ATTR_SIGNING_CERT_V2_MISSING'
  | 'SIGNING_CERT_MISMATCH'
  | 'WRONG_SIGNER'
  | 'SIGNER_IS_CA'
  | 'EXT_KEY_USAGE'
  | 'UNKNOWN_CRITICAL_EXTENSION'
  | 'UNTRUSTED_ISSUER'
  | 'CERT_SIGNATURE_INVALID'
  | 'NOT_A_CA'
  | 'CERT_NOT_VALID_AT_TIME'
  | 'CERT_REVOKED'
  | 'REVOCATION_DATA_MISSING'
  | 'TST_MALFORMED'
  | 'TST_IMPRINT_MISMATCH'
  | 'TST_SIGNATURE_INVALID'
  | 'TSA_EKU'
  | 'TIMESTAMP_MISSING'
  | 'TIMESTAMPS_NOT_RISING'
  | 'DOCUMENT_TIMESTAMP_MISSING';

/**
 * What in the security store is passed over. Anybody can append a store, so what is bogus in it proves
 * nothing and breaks nothing.
 */
export type WarningCode =
  'OCSP_RESPONDER_UNAUTHORISED' | 'OCSP_SIGNATURE_INVALID' | 'CRL_SIGNATURE_INVALID' | 'STORE_UNREADABLE';

export type Finding = { readonly code: FindingCode; readonly detail: string };

export type Warning = { readonly code: WarningCode; readonly detail: string };

export const finding = (code: FindingCode, detail: string): Finding => ({ code, detail });
