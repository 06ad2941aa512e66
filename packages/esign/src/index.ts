/** Everything, for the server: the browser's part, and the CA, the writer and the renderer beside it. */
export * from './browser.ts';
export {
  type Addresses,
  type CertificateRole,
  type CertifiedSubject,
  type Issuer,
  type Validity,
  createRoot,
  issueCertificate,
  issueIssuingCa,
  serialOf,
} from './ca/authority.ts';
export { type Revocation, type RevocationReason, createCrl } from './ca/crl.ts';
export {
  type OcspAnswer,
  type OcspRequest,
  type OcspResponseInput,
  createOcspResponse,
  ocspCertId,
  ocspCertIdOf,
  ocspError,
  readOcspRequest,
} from './ca/ocsp.ts';
export {
  type KeySize,
  type Signer,
  generatePrivateKey,
  signerFromKey,
  signerFromPkcs8,
} from './ca/signer.ts';
export { type TimestampInput, createTimestampToken } from './ca/timestamp.ts';
export {
  type TimestampAnswer,
  type TimestampFailure,
  type TimestampResponseCode,
  answerTimestampQuery,
  createTimestampQuery,
  readTimestampResponse,
} from './ca/timestamp-query.ts';
export { type CmsParts, assembleCms } from './cms/assemble.ts';
export { toPem } from './der/bytes.ts';
export { loadFont } from './node/load-font.ts';
export { unprintable } from './node/printable.ts';
export { type CompleteCode, type CompleteInput, completeSignature, isSignatureOver } from './pdf/complete.ts';
export { addDocumentTimestamp } from './pdf/document-timestamp.ts';
export { type DssContent, addDss } from './pdf/dss.ts';
export { embedCms } from './pdf/place.ts';
export {
  type PrepareCode,
  type PrepareInput,
  type PreparedSignature,
  prepareSignature,
} from './pdf/prepare.ts';
export { type ByteRange, CMS_BYTES_MAX } from './pdf/profile.ts';
export type { AppearanceText } from './render/appearance.ts';
export { type RenderedContract, renderContract } from './render/contract.ts';
export type {
  Bilingual,
  ContractClause,
  ContractDocument,
  ContractParty,
  ContractTable,
} from './render/document.ts';
export type { FontSet } from './render/font.ts';
export { type Paper, type PaperSide, type RenderedPaper, renderPaper } from './render/paper.ts';
export { verifyToken } from './verify/token.ts';
export type { OcspCertId, OcspHash } from './x509/ocsp-id.ts';
