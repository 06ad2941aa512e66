import { bigint, customType, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { RevocationReason } from '@seam/protocol';
import { bytes } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';

/** A first or further key; one that follows another in time; one instead of a lost one; one certified elsewhere. */
export type RequestKind = 'key' | 'renewal' | 'replacement' | 'import';

/** bytea[]: written as PostgreSQL's own literal, because the driver knows no arrays of bytes. */
const byteList = customType<{ data: Uint8Array[]; driverData: string | Buffer[] }>({
  dataType: () => 'bytea[]',
  toDriver: (list) => `{${list.map((one) => `"\\\\x${Buffer.from(one).toString('hex')}"`).join(',')}}`,
  fromDriver: (list) => {
    assert(typeof list !== 'string', 'the driver gives an array of bytes');
    return list.map((one) => new Uint8Array(one));
  },
});

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const certificateRequest = pgTable('certificate_request', {
  id: uuid('id').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  personId: text('person_id').notNull(),
  deviceLabel: text('device_label').notNull(),
  csr: bytes('csr').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  keyKind: text('key_kind').notNull(),
  kind: text('kind').$type<RequestKind>().notNull(),
  replaces: text('replaces'),
  state: text('state').$type<'submitted' | 'approved' | 'issued' | 'refused'>().notNull(),
  approvedBy: text('approved_by'),
  approvedAt: at('approved_at'),
  fingerprintConfirmedAt: at('fingerprint_confirmed_at'),
  imported: bytes('imported'),
  importedChain: byteList('imported_chain'),
  anchorSha256: text('anchor_sha256'),
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
  /** Null: issued by the exchange's own authority. */
  anchorSha256: text('anchor_sha256'),
  chain: byteList('chain'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const certificateRevocation = pgTable('certificate_revocation', {
  serial: text('serial').primaryKey(),
  reason: text('reason').$type<RevocationReason>().notNull(),
  requestedBy: text('requested_by').notNull(),
  evidence: text('evidence'),
  at: at('at').notNull().defaultNow(),
});

export const certificateLog = pgTable('certificate_log', {
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  serial: text('serial').notNull(),
  leafHash: bytes('leaf_hash').notNull(),
  chainHash: bytes('chain_hash').notNull(),
  holder: text('holder'),
  at: at('at').notNull().defaultNow(),
});

export type CertificateRow = typeof certificate.$inferSelect;
export type CertificateRequestRow = typeof certificateRequest.$inferSelect;
