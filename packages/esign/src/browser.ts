/** What runs in a party's browser: keys, requests, the check before signing, and verification. No dependency. */
export { fromBase64, fromHex, toBase64, toHex } from './der/bytes.ts';
export type { Refusal } from './refusal.ts';
export { type CheckCode, type Checked, type ToCheck, checkIncrement, signPrepared } from './client/check.ts';
export { signedAttributes } from './cms/attributes.ts';
export { createKey, createPasskeyKey } from './keys/create.ts';
export {
  type KeyEnvelope,
  type PasskeyEnvelope,
  type PassphraseEnvelope,
  isKeyOf,
  parseEnvelope,
  passphraseEnvelope,
} from './keys/envelope.ts';
export { type Passkey, setRecoveryPassphrase, unlockWithPasskey } from './keys/passkey.ts';
export { PASSPHRASE_CHARACTERS_MIN, changePassphrase, unlockKey } from './keys/passphrase.ts';
export type { KeyAlgorithm } from './keys/seal.ts';
export { SIGNATURE_FIELDS, type SignatureField } from './pdf/profile.ts';
export { readTerms } from './pdf/terms.ts';
export {
  type ContractLevel,
  type ContractReport,
  type VerifyOptions,
  verifyContract,
} from './verify/contract.ts';
export type { DocumentTimestampReport } from './verify/document-timestamp.ts';
export type { Finding, FindingCode, Warning, WarningCode } from './verify/findings.ts';
export type { SignatureLevel, SignatureReport } from './verify/signature.ts';
export { sha256 } from './x509/algorithms.ts';
export { type Certificate, readCertificate } from './x509/certificate.ts';
export { type CheckedRequest, type CsrCode, buildCsr, parseCsr, spkiSha256 } from './x509/csr.ts';
export { type Subject, isOrganizationIdentifier } from './x509/name.ts';
