import { bigint, char, date, integer, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytes, json } from '../../platform/db.ts';
import type { InvoiceKind, InvoiceModel } from './model.ts';

const money = (name: string) => bigint(name, { mode: 'bigint' }).notNull();

export const invoiceDocument = pgTable('invoice_document', {
  id: uuid('id').primaryKey(),
  key: text('key').notNull(),
  contractId: text('contract_id').notNull(),
  kind: text('kind').$type<InvoiceKind>().notNull(),
  issuerId: text('issuer_id').notNull(),
  recipientId: text('recipient_id').notNull(),
  year: smallint('year').notNull(),
  serial: integer('serial').notNull(),
  number: text('number').notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  net: money('net'),
  vat: money('vat'),
  gross: money('gross'),
  due: money('due'),
  model: json<InvoiceModel>('model').notNull(),
  ubl: text('ubl').notNull(),
  ublSha256: bytes('ubl_sha256').notNull(),
  issuedOn: date('issued_on', { mode: 'string' }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
});

export type InvoiceDocumentRow = typeof invoiceDocument.$inferSelect;
