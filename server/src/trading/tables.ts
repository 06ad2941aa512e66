/** Order books as drizzle sees them; the promises are in migrations/0015_trading.sql. */
import type { BlockScope, InstrumentTerms, MarketMode, Phase } from '@seam/engine';
import { bigint, char, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const seq = (name: string) => bigint(name, { mode: 'number' });
const money = (name: string) => bigint(name, { mode: 'bigint' });

export const instrument = pgTable('instrument', {
  id: text('id').primaryKey(),
  terms: json<InstrumentTerms>('terms').notNull(),
  listedBy: text('listed_by').notNull(),
  listedAt: at('listed_at').notNull(),
  phase: text('phase').$type<Phase>().notNull(),
  mode: text('mode').$type<MarketMode>().notNull(),
  reason: text('reason'),
  stoppedSeq: seq('stopped_seq'),
  lastSeq: seq('last_seq').notNull(),
});

export const instrumentPhase = pgTable(
  'instrument_phase',
  {
    instrumentId: text('instrument_id').notNull(),
    startsAt: at('starts_at').notNull(),
    phase: text('phase').$type<Phase>().notNull(),
    noCancelMs: integer('no_cancel_ms').notNull(),
    randomWindowMs: integer('random_window_ms'),
    commitment: text('commitment'),
    seed: text('seed'),
  },
  (table) => [primaryKey({ columns: [table.instrumentId, table.startsAt] })],
);

export const marketBlock = pgTable(
  'market_block',
  {
    instrumentId: text('instrument_id').notNull(),
    scopeKey: text('scope_key').notNull(),
    scope: json<BlockScope>('scope').notNull(),
    reason: text('reason').notNull(),
    setSeq: seq('set_seq').notNull(),
    setAt: at('set_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.instrumentId, table.scopeKey] })],
);

export const marketTrade = pgTable(
  'market_trade',
  {
    instrumentId: text('instrument_id').notNull(),
    tradeNumber: integer('trade_number').notNull(),
    seq: seq('seq').notNull(),
    at: at('at').notNull(),
    buyerId: text('buyer_id').notNull(),
    sellerId: text('seller_id').notNull(),
    priceTicks: integer('price_ticks').notNull(),
    quantityLots: integer('quantity_lots').notNull(),
    taker: text('taker').$type<'buy' | 'sell' | 'call'>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.instrumentId, table.tradeNumber] })],
);

export const tradeNomination = pgTable('trade_nomination', {
  id: uuid('id').primaryKey(),
  instrumentId: text('instrument_id').notNull(),
  tradeNumber: integer('trade_number').notNull(),
  buyerId: text('buyer_id').notNull(),
  sellerId: text('seller_id').notNull(),
  state: text('state').$type<'to_nominate' | 'contracted'>().notNull(),
  nominateBy: at('nominate_by').notNull(),
  overdueAt: at('overdue_at'),
  listingId: text('listing_id'),
  contractId: uuid('contract_id'),
  nominatedBy: text('nominated_by'),
  nominatedAt: at('nominated_at'),
});

export const exposure = pgTable('exposure', {
  id: uuid('id').primaryKey(),
  instrumentId: text('instrument_id').notNull(),
  accountId: text('account_id').notNull(),
  personId: text('person_id').notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  amount: money('amount').notNull(),
  state: text('state').$type<'held' | 'allocated' | 'returned'>().notNull(),
  reason: text('reason'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export type InstrumentRow = typeof instrument.$inferSelect;
export type ExposureRow = typeof exposure.$inferSelect;
