import type { CalculationStep, DeliveryDocumentInput, DeliveryDocumentKind } from '@seam/protocol';
import { bigint, boolean, char, date, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytes, json } from '../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const whole = (name: string) => bigint(name, { mode: 'bigint' });

export type Place = 'loading' | 'discharge';
export type DocumentState = 'open' | 'stands' | 'objected' | 'superseded' | 'rejected';
/** As entered, and what was computed from it. */
export type StoredFacts = Pick<
  DeliveryDocumentInput,
  'railReceipt' | 'billOfLading' | 'draftSurvey' | 'statementOfFacts'
> & { readonly steps: readonly CalculationStep[] };

export const deliveryDocument = pgTable('delivery_document', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  kind: text('kind').$type<DeliveryDocumentKind>().notNull(),
  place: text('place').$type<Place>().notNull(),
  number: text('number').notNull(),
  issuedOn: date('issued_on', { mode: 'string' }).notNull(),
  version: integer('version').notNull(),
  supersedes: uuid('supersedes'),
  receives: uuid('receives'),
  facts: json<StoredFacts>('facts').notNull(),
  netKg: whole('net_kg'),
  counts: boolean('counts').notNull(),
  fileName: text('file_name').notNull(),
  fileType: text('file_type').notNull(),
  fileSha256: bytes('file_sha256').notNull(),
  file: bytes('file').notNull(),
  enteredFor: text('entered_for').$type<'seller' | 'buyer' | 'carrier' | 'surveyor'>().notNull(),
  enteredBy: text('entered_by').notNull(),
  enteredAt: at('entered_at').notNull(),
  objectBy: at('object_by').notNull(),
  state: text('state').$type<DocumentState>().notNull(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  reason: text('reason'),
});
export type DocumentRow = Omit<typeof deliveryDocument.$inferSelect, 'file'>;

export const carriageClaim = pgTable('carriage_claim', {
  id: uuid('id').primaryKey(),
  key: text('key').notNull(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  documentId: uuid('document_id'),
  kind: text('kind').$type<'transit_loss' | 'demurrage' | 'fulfilment'>().notNull(),
  debtorId: text('debtor_id').notNull(),
  creditorId: text('creditor_id').notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  amount: whole('amount').notNull(),
  steps: json<readonly CalculationStep[]>('steps').notNull(),
  noticedAt: at('noticed_at').notNull(),
  objectBy: at('object_by').notNull(),
  state: text('state').$type<'noticed' | 'objected' | 'owed' | 'waived' | 'withdrawn'>().notNull(),
  objection: text('objection'),
  objectedBy: text('objected_by'),
  objectedAt: at('objected_at'),
  decided: whole('decided'),
  decision: text('decision'),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
});
export type ClaimRow = typeof carriageClaim.$inferSelect;
