/** What stands beside a listing, as drizzle sees it; the promises are in migrations/0027_listings.sql. */
import type { Assay, CertificateReport } from '@seam/coal';
import type { AssayStatement, ListingInput, ReviewRule, SalesChannel, TermChange } from '@seam/protocol';
import { bigint, boolean, date, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes, json } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const day = (name: string) => date(name, { mode: 'string' });

export const specialSession = pgTable('special_session', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  nameZh: text('name_zh'),
  opensAt: instant('opens_at').notNull(),
  closesAt: instant('closes_at').notNull(),
  createdBy: text('created_by').notNull(),
});
export type SessionRow = typeof specialSession.$inferSelect;

export const listingRule = pgTable('listing_rule', {
  id: text('id').$type<ReviewRule>().primaryKey(),
  enabled: boolean('enabled').notNull(),
  channels: text('channels').array().$type<SalesChannel[]>().notNull(),
  changedBy: text('changed_by'),
  changedAt: instant('changed_at').notNull().defaultNow(),
});
export type RuleRow = typeof listingRule.$inferSelect;

export type ReviewReason = { readonly code: ReviewRule; readonly values: Readonly<Record<string, string>> };
/** A change as it was asked for: a price alone, or the whole terms. */
export type Proposal = { readonly price: string } | { readonly terms: ListingInput };

export const listingReview = pgTable('listing_review', {
  id: text('id').primaryKey(),
  listingId: text('listing_id').notNull(),
  kind: text('kind').$type<'offer' | 'change'>().notNull(),
  reasons: json<readonly ReviewReason[]>('reasons').notNull(),
  baseVersion: integer('base_version').notNull(),
  proposal: json<Proposal>('proposal'),
  changes: json<readonly TermChange[]>('changes').notNull().default([]),
  state: text('state').$type<'pending' | 'confirmed' | 'declined' | 'withdrawn'>().notNull(),
  note: text('note').notNull().default(''),
  submittedBy: text('submitted_by').notNull(),
  submittedAt: instant('submitted_at').notNull().defaultNow(),
  decidedBy: text('decided_by'),
  decidedAt: instant('decided_at'),
});
export type ReviewRow = typeof listingReview.$inferSelect;

export const listingQuota = pgTable('listing_quota', {
  organisationId: text('organisation_id').notNull(),
  channel: text('channel').$type<SalesChannel>().notNull(),
  period: text('period').$type<'day' | 'month' | 'year'>().notNull(),
  limitKg: bigint('limit_kg', { mode: 'bigint' }).notNull(),
  setBy: text('set_by').notNull(),
});
export type QuotaRow = typeof listingQuota.$inferSelect;

export const listingDocument = pgTable('listing_document', {
  id: text('id').primaryKey(),
  listingId: text('listing_id').notNull(),
  kind: text('kind').$type<'certificate_of_analysis' | 'photograph' | 'other'>().notNull(),
  name: text('name').notNull(),
  mime: text('mime').notNull(),
  file: bytes('file').notNull(),
  sha256: bytes('sha256').notNull(),
  visibility: text('visibility').$type<'public' | 'members' | 'own'>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

export const listingAnalysis = pgTable('listing_analysis', {
  id: text('id').primaryKey(),
  listingId: text('listing_id').notNull(),
  mineId: text('mine_id').notNull(),
  documentId: text('document_id'),
  laboratory: text('laboratory').notNull(),
  number: text('number').notNull(),
  sampledOn: day('sampled_on'),
  preparedOn: day('prepared_on'),
  analysedOn: day('analysed_on'),
  issuedOn: day('issued_on').notNull(),
  sampleGrams: integer('sample_grams'),
  sealsSet: json<readonly string[]>('seals_set'),
  sealsFound: json<readonly string[]>('seals_found'),
  declaredClass: text('declared_class'),
  assay: json<Assay>('assay').notNull(),
  statement: json<AssayStatement>('statement').notNull(),
  flags: json<CertificateReport['flags']>('flags').notNull(),
  openChecks: json<CertificateReport['open']>('open_checks').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type CertificateRow = typeof listingAnalysis.$inferSelect;

export const listingUpload = pgTable('listing_upload', {
  id: text('id').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  personId: text('person_id').notNull(),
  name: text('name').notNull(),
  sha256: bytes('sha256').notNull(),
  file: bytes('file'),
  rowCount: integer('row_count').notNull(),
  goodRows: integer('good').notNull(),
  // Not `refused`: that is what tells a refusal from a row.
  refusedRows: integer('refused').notNull(),
  confirmedAt: instant('confirmed_at'),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type UploadRow = typeof listingUpload.$inferSelect;
