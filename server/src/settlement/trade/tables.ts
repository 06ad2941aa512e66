import type { SettlementState } from '@seam/protocol';
import { bigint, boolean, char, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../../platform/db.ts';
import type { InvoiceDetail } from './rules.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const money = (name: string) => bigint(name, { mode: 'bigint' });

export const settlement = pgTable('settlement', {
  contractId: text('contract_id').primaryKey(),
  sellerId: text('seller_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  state: text('state').$type<SettlementState>().notNull(),
  provisionalAmount: money('provisional_amount').notNull(),
  provisionalDueAt: at('provisional_due_at').notNull(),
  resultDueAt: at('result_due_at'),
  releaseBasisPoints: integer('release_basis_points').notNull().default(0),
  releasedAmount: money('released_amount').notNull().default(0n),
  /** A challenge of the certificate is not decided yet. */
  qualityOpen: boolean('quality_open').notNull().default(false),
  finalAmount: money('final_amount'),
  feeAmount: money('fee_amount'),
  taxAmount: money('tax_amount'),
  payoutAmount: money('payout_amount'),
  payoutPaymentId: text('payout_payment_id'),
  reason: text('reason'),
  openedAt: at('opened_at').notNull().defaultNow(),
  closedAt: at('closed_at'),
});

export const invoice = pgTable('invoice', {
  id: uuid('id').primaryKey(),
  contractId: text('contract_id').notNull(),
  kind: text('kind').$type<'provisional' | 'final'>().notNull(),
  number: text('number').notNull(),
  amount: money('amount').notNull(),
  detail: json<InvoiceDetail>('detail').notNull(),
  issuedAt: at('issued_at').notNull().defaultNow(),
});

export const release = pgTable('settlement_release', {
  ticketId: text('ticket_id').primaryKey(),
  contractId: text('contract_id').notNull(),
  netKg: bigint('net_kg', { mode: 'bigint' }).notNull(),
  amount: money('amount').notNull(),
  releasedAt: at('released_at').notNull(),
});

/** What a final invoice was corrected by. */
export const note = pgTable('settlement_note', {
  id: uuid('id').primaryKey(),
  contractId: text('contract_id').notNull(),
  kind: text('kind').$type<'credit_note' | 'debit_note'>().notNull(),
  cause: text('cause').$type<'quality' | 'dispute'>().notNull(),
  amount: money('amount').notNull(),
  detail: json<InvoiceDetail>('detail').notNull(),
  issuedAt: at('issued_at').notNull(),
});

export type SettlementRow = typeof settlement.$inferSelect;
