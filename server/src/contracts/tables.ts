import { bigint, char, integer, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { CalorificValue } from '@seam/coal';
import type { ContractReport, SignatureField } from '@seam/esign';
import type { PasskeyAssertion, ProofKind } from '@seam/protocol';
import { bytes, json } from '../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const sale = pgTable('sale', {
  id: uuid('id').primaryKey(),
  originKey: text('origin_key').notNull(),
  originKind: text('origin_kind').$type<'auction' | 'request' | 'listing' | 'order_book'>().notNull(),
  originId: text('origin_id').notNull(),
  listingId: text('listing_id').notNull(),
  /** The version of the lot that was sold; the table fills it in. Null for sales before versions were kept. */
  listingVersion: integer('listing_version'),
  sellerId: text('seller_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  quantityKg: bigint('quantity_kg', { mode: 'bigint' }).notNull(),
  pricePerTonne: bigint('price_per_tonne', { mode: 'bigint' }).notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  /** Null: what the listing promises. */
  promisedHeat: json<CalorificValue>('promised_heat'),
  /** Canonical terms that both parties agreed on; null: the listing and the standard terms. */
  agreedTerms: text('agreed_terms'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const contract = pgTable('contract', {
  id: uuid('id').primaryKey(),
  saleId: uuid('sale_id').notNull(),
  number: text('number').notNull(),
  sellerId: text('seller_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  state: text('state').notNull(),
  kind: text('kind').$type<'contract' | 'amendment'>().notNull().default('contract'),
  /** Counts the documents put before the parties until one is signed. */
  version: smallint('version').notNull().default(1),
  amendsContractId: uuid('amends_contract_id'),
  amendmentNumber: smallint('amendment_number'),
  terms: text('terms'),
  termsSha256: bytes('terms_sha256'),
  signBy: at('sign_by'),
  voidedReason: text('voided_reason'),
  voidCause: text('void_cause').$type<'declined' | 'lapsed' | 'refused' | 'withdrawn'>(),
  voidBy: text('void_by').$type<'seller' | 'buyer' | 'centre'>(),
  boundAt: at('bound_at'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const contractRevision = pgTable('contract_revision', {
  contractId: uuid('contract_id').notNull(),
  n: smallint('n').notNull(),
  /** Of the contract when it was stored: set by the database. */
  version: smallint('version').notNull().default(1),
  kind: text('kind').notNull(),
  sha256: bytes('sha256').notNull(),
  prevSha256: bytes('prev_sha256'),
  /** The whole file, of a revision that begins a document; of any other only where it was kept so once. */
  file: bytes('file'),
  /** What it appends to the file of the revision before. */
  appended: bytes('appended'),
  signedBy: text('signed_by'),
  certificateSerial: text('certificate_serial'),
  signedAt: at('signed_at'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const signingSession = pgTable('signing_session', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  field: text('field').$type<'sig_seller' | 'sig_buyer'>().notNull(),
  baseRevision: smallint('base_revision').notNull(),
  personId: text('person_id').notNull(),
  certificateSerial: text('certificate_serial').notNull(),
  /** The whole document to sign, of a session from before only the rest was kept. */
  prepared: bytes('prepared'),
  /** What the document to sign appends to its base. */
  appended: bytes('appended'),
  digest: bytes('digest').notNull(),
  state: text('state').$type<'open' | 'signed_waiting' | 'used' | 'declined' | 'dropped'>().notNull(),
  expiresAt: at('expires_at').notNull(),
  proofKind: text('proof_kind').$type<ProofKind>().notNull(),
  proofAt: at('proof_at'),
  loginSessionId: text('login_session_id'),
  ip: text('ip'),
  userAgent: text('user_agent'),
  clientBundleSha256: text('client_bundle_sha256'),
  assertion: json<PasskeyAssertion>('assertion'),
  signature: bytes('signature'),
  keptAt: at('kept_at'),
  delayedAt: at('delayed_at'),
  droppedBecause: text('dropped_because'),
});

export const contractSignature = pgTable('contract_signature', {
  contractId: uuid('contract_id').notNull(),
  revision: smallint('revision').notNull(),
  field: text('field').$type<SignatureField>().notNull(),
  sessionId: uuid('session_id'),
  cms: bytes('cms').notNull(),
  value: bytes('value').notNull(),
  token: bytes('token').notNull(),
  stampedAt: at('stamped_at').notNull(),
  certificateSerial: text('certificate_serial').notNull(),
  personId: text('person_id'),
  proofKind: text('proof_kind').$type<ProofKind>(),
  proofAt: at('proof_at'),
  assertion: json<PasskeyAssertion>('assertion'),
  ip: text('ip'),
  userAgent: text('user_agent'),
  clientBundleSha256: text('client_bundle_sha256'),
  handedInAt: at('handed_in_at').notNull(),
});

export const contractArchive = pgTable('contract_archive', {
  contractId: uuid('contract_id').primaryKey(),
  finalRevision: smallint('final_revision').notNull(),
  finalSha256: bytes('final_sha256').notNull(),
  level: text('level').$type<'B-LTA'>().notNull(),
  report: json<ContractReport>('report').notNull(),
  documentToken: bytes('document_token').notNull(),
  journalShard: integer('journal_shard'),
  journalSeq: bigint('journal_seq', { mode: 'bigint' }),
  journalHash: bytes('journal_hash'),
  archivedAt: at('archived_at').notNull(),
});

export const contractArchiveItem = pgTable('contract_archive_item', {
  contractId: uuid('contract_id').notNull(),
  kind: text('kind').$type<'certificate' | 'crl' | 'ocsp'>().notNull(),
  n: smallint('n').notNull(),
  der: bytes('der').notNull(),
});

export const contractRefusal = pgTable('contract_refusal', {
  contractId: uuid('contract_id').primaryKey(),
  reason: text('reason').notNull(),
  proposedBy: text('proposed_by').notNull(),
  proposedAt: at('proposed_at').notNull(),
  confirmedBy: text('confirmed_by'),
  confirmedAt: at('confirmed_at'),
});

export type SaleRow = typeof sale.$inferSelect;
export type ContractRow = typeof contract.$inferSelect;
export type SessionRow = typeof signingSession.$inferSelect;
