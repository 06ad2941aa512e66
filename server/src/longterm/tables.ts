import type { CallOffState } from '@seam/protocol';
import { bigint, char, date, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PeriodKind } from './rules/calendar.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const whole = (name: string) => bigint(name, { mode: 'bigint' });
const month = (name: string) => char(name, { length: 7 });
const side = text('side').$type<'seller' | 'buyer'>().notNull();

export const longTerm = pgTable('long_term', {
  contractId: uuid('contract_id').primaryKey(),
  sellerId: text('seller_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  state: text('state').$type<'running' | 'closed'>().notNull().default('running'),
  openedAt: at('opened_at').notNull(),
  closedAt: at('closed_at'),
});

export const callOff = pgTable('call_off', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  n: integer('n').notNull(),
  month: month('month').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  state: text('state').$type<CallOffState>().notNull(),
  requestedBy: text('requested_by').notNull(),
  requestedAt: at('requested_at').notNull(),
  answerBy: at('answer_by').notNull(),
  answeredBy: text('answered_by'),
  answeredAt: at('answered_at'),
  reason: text('reason'),
  pricePerTonne: whole('price_per_tonne'),
  pricedAt: at('priced_at'),
  notSuppliedKg: whole('not_supplied_kg').notNull().default(0n),
  notSuppliedReason: text('not_supplied_reason'),
  liftedKg: whole('lifted_kg'),
  closedAt: at('closed_at'),
});

export const monthMove = pgTable('month_move', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  side,
  fromMonth: month('from_month').notNull(),
  toMonth: month('to_month').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  reason: text('reason').notNull(),
  state: text('state').$type<'proposed' | 'agreed' | 'rejected' | 'withdrawn' | 'lapsed'>().notNull(),
  proposedBy: text('proposed_by').notNull(),
  proposedAt: at('proposed_at').notNull(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
});

export const forceMajeure = pgTable('force_majeure', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  side,
  month: month('month').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  reason: text('reason').notNull(),
  state: text('state').$type<'declared' | 'accepted' | 'contested' | 'refused'>().notNull(),
  declaredBy: text('declared_by').notNull(),
  declaredAt: at('declared_at').notNull(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
});

export const assessment = pgTable('fulfilment_assessment', {
  contractId: uuid('contract_id').notNull(),
  kind: text('kind').$type<PeriodKind>().notNull(),
  period: text('period').notNull(),
  contractedKg: whole('contracted_kg').notNull(),
  excusedKg: whole('excused_kg').notNull(),
  deliveredKg: whole('delivered_kg').notNull(),
  sellerShortKg: whole('seller_short_kg').notNull(),
  buyerShortKg: whole('buyer_short_kg').notNull(),
  sellerOwes: whole('seller_owes').notNull(),
  buyerOwes: whole('buyer_owes').notNull(),
  assessedAt: at('assessed_at').notNull(),
});

export const shortfall = pgTable('shortfall', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  kind: text('kind').$type<PeriodKind>().notNull(),
  period: text('period').notNull(),
  side,
  amount: whole('amount').notNull(),
  state: text('state').$type<'noticed' | 'objected' | 'owed' | 'waived'>().notNull(),
  objectBy: at('object_by').notNull(),
  objection: text('objection'),
  objectedBy: text('objected_by'),
  objectedAt: at('objected_at'),
  decided: whole('decided'),
  decision: text('decision'),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  noticedAt: at('noticed_at').notNull(),
});

export const indexSeries = pgTable('index_series', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  unit: text('unit').notNull(),
  source: text('source').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
});

export const indexValue = pgTable('index_value', {
  seriesId: text('series_id').notNull(),
  month: month('month').notNull(),
  version: integer('version').notNull(),
  value: text('value').notNull(),
  publishedOn: date('published_on', { mode: 'string' }).notNull(),
  note: text('note').notNull(),
  enteredBy: text('entered_by').notNull(),
  enteredAt: at('entered_at').notNull(),
});

export const priceInput = pgTable('call_off_price_input', {
  callOffId: uuid('call_off_id').notNull(),
  name: text('name').notNull(),
  seriesId: text('series_id').notNull(),
  month: month('month').notNull(),
  version: integer('version').notNull(),
});

export const trueUp = pgTable('true_up', {
  id: uuid('id').primaryKey(),
  callOffId: uuid('call_off_id').notNull(),
  seriesId: text('series_id').notNull(),
  month: month('month').notNull(),
  version: integer('version').notNull(),
  fromPrice: whole('from_price').notNull(),
  toPrice: whole('to_price').notNull(),
  amount: whole('amount'),
  createdAt: at('created_at').notNull(),
  computedAt: at('computed_at'),
});

export type LongTermRow = typeof longTerm.$inferSelect;
export type CallOffRow = typeof callOff.$inferSelect;
export type MonthMoveRow = typeof monthMove.$inferSelect;
export type ForceMajeureRow = typeof forceMajeure.$inferSelect;
export type AssessmentRow = typeof assessment.$inferSelect;
export type ShortfallRow = typeof shortfall.$inferSelect;
export type IndexValueRow = typeof indexValue.$inferSelect;
export type PriceInputRow = typeof priceInput.$inferSelect;
export type TrueUpRow = typeof trueUp.$inferSelect;
