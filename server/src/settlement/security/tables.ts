import type { Currency } from '@seam/units';
import { bigint, char, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const FORFEITURE_STATES = ['noticed', 'cured', 'forfeited', 'withdrawn', 'reversed'] as const;

export const forfeiture = pgTable('forfeiture', {
  id: uuid('id').primaryKey(),
  contractId: text('contract_id').notNull(),
  debtorId: text('debtor_id').notNull(),
  creditorId: text('creditor_id').notNull(),
  currency: char('currency', { length: 3 }).$type<Currency>().notNull(),
  amount: bigint('amount', { mode: 'bigint' }).notNull(),
  due: bigint('due', { mode: 'bigint' }),
  reason: text('reason').notNull(),
  noticedBy: text('noticed_by').notNull(),
  noticedAt: at('noticed_at').notNull(),
  cureUntil: at('cure_until').notNull(),
  acknowledgedBy: text('acknowledged_by'),
  acknowledgedAt: at('acknowledged_at'),
  state: text('state').$type<(typeof FORFEITURE_STATES)[number]>().notNull().default('noticed'),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  decision: text('decision'),
  reversalBy: text('reversal_by'),
  reversalReason: text('reversal_reason'),
  reversedBy: text('reversed_by'),
  reversedAt: at('reversed_at'),
});
export type ForfeitureRow = typeof forfeiture.$inferSelect;
