/** What deps.ts and other slices may use of contracts. */
export { type Authorities, openAuthorities } from './pki/authorities.ts';
export type { CertifiedPerson } from './pki/certified-person.ts';
export { openKeyVault } from './pki/key-vault.ts';
export { readRootKey } from './pki/root-key.ts';
export { publishRootList } from './pki/root-list.ts';
export { ownCertificateAuthority } from './pki/certificate-authority.ts';
export { timestampAuthority } from './pki/timestamp-authority.ts';
export { ownTimestampAuthority } from './pki/timestamps.ts';
export type { ContractPorts, JournalEntryOf } from './ports.ts';
export { type ContractFiles, openContractFiles } from './files/files.ts';
export { type Press, openPress } from './press/press.ts';
export { type BindingContract, bindingContract } from './effective.ts';
export { type ContractFacts, contractFacts } from './facts.ts';
export { contractDelivery, isCalledOff, openDelivery } from './deliveries.ts';
export { contractTermsRoutes } from './negotiation/routes.ts';
export { checkDraftPrintable } from './printable.ts';
export { contractBeforehand } from './beforehand.ts';
export { type DraftOf, type DraftTerms, draftTerms } from './draft.ts';
export { contractOfOrigin } from './queries.ts';
export { contractRoutes } from './routes.ts';
export type { SealingDeps, SignerProof } from './signing/deps.ts';
export { hasSigningCertificate, openContracts } from './open-business.ts';
export { type NewSale, createSale } from './sales.ts';
export type {
  ChosenTerms,
  ContractTerms,
  GoodsTerms,
  LibraryTerms,
  PartyTerms,
  TermsProblem,
} from './terms.ts';
export { changedParameters, contractValue, redline } from './terms.ts';
export { measureText as measureLabel } from './templates/quality-text.ts';
export type { CarriageTerms, FormulaTerms, FulfilmentTerms, QuotationTerms } from './templates/terms.ts';
export { QUOTATIONS_IN_TERMS_MAX } from './templates/clauses/price.ts';
export { formulaPrice, formulaPricePerTonne } from './templates/formula-price.ts';
export { STANDARD } from './templates/standard.ts';
export { type Voided, voidContract } from './void.ts';
export { contractWork } from './work.ts';
