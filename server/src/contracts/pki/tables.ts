import { bigint, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytes } from '../../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const certificateRequest = pgTable('certificate_request', {
  id: uuid('id').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  personId: text('person_id').notNull(),
  deviceLabel: text('device_label').notNull(),
  csr: bytes('csr').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  keyKind: text('key_kind').notNull(),
  state: text('state').$type<'submitted' | 'issued' | 'refused'>().notNull(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  reason: text('reason'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const certificate = pgTable('certificate', {
  serial: text('serial').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  personId: text('person_id'),
  deviceLabel: text('device_label').notNull(),
  der: bytes('der').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  notBefore: at('not_before').notNull(),
  notAfter: at('not_after').notNull(),
  requestId: uuid('request_id'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const certificateRevocation = pgTable('certificate_revocation', {
  serial: text('serial').primaryKey(),
  reason: text('reason').$type<'key_compromise' | 'superseded' | 'affiliation_changed'>().notNull(),
  requestedBy: text('requested_by').notNull(),
  at: at('at').notNull().defaultNow(),
});

export const certificateLog = pgTable('certificate_log', {
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  serial: text('serial').notNull(),
  leafHash: bytes('leaf_hash').notNull(),
  chainHash: bytes('chain_hash').notNull(),
  at: at('at').notNull().defaultNow(),
});

export type CertificateRow = typeof certificate.$inferSelect;
export type CertificateRequestRow = typeof certificateRequest.$inferSelect;
