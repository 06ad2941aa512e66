import { boolean, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytes } from '../../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const contractVersion = pgTable('contract_version', {
  contractId: uuid('contract_id').notNull(),
  version: smallint('version').notNull(),
  firstRevision: smallint('first_revision').notNull(),
  terms: text('terms').notNull(),
  termsSha256: bytes('terms_sha256').notNull(),
  proposalId: uuid('proposal_id'),
  sellerHadSigned: boolean('seller_had_signed').notNull().default(false),
  issuedAt: at('issued_at').notNull(),
});

export type ProposalState =
  'open' | 'accepted' | 'rejected' | 'countered' | 'withdrawn' | 'expired' | 'overtaken';

export const contractProposal = pgTable('contract_proposal', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  baseVersion: smallint('base_version').notNull(),
  baseTermsSha256: bytes('base_terms_sha256').notNull(),
  side: text('side').$type<'seller' | 'buyer'>().notNull(),
  personId: text('person_id').notNull(),
  changes: text('changes').notNull(),
  reason: text('reason').notNull(),
  sha256: bytes('sha256').notNull(),
  counters: uuid('counters'),
  state: text('state').$type<ProposalState>().notNull(),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
  decidedAt: at('decided_at'),
  decidedBy: text('decided_by'),
  answer: text('answer'),
});

export type ProposalRow = typeof contractProposal.$inferSelect;
export type VersionRow = typeof contractVersion.$inferSelect;
