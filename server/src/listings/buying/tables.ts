/** Buyers' postings as drizzle sees them; the promises are in migrations/0027_listings.sql. */
import type { CoalRank } from '@seam/coal';
import type { BuyQuality } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { bigint, date, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { json } from '../../platform/db.ts';
import type { ListingRow } from '../tables.ts';

const kilograms = (name: string) => bigint(name, { mode: 'bigint' });

export const buyListing = pgTable('buy_listing', {
  id: text('id').primaryKey(),
  buyerId: text('buyer_id').notNull(),
  createdBy: text('created_by').notNull(),
  state: text('state').$type<'published' | 'filled' | 'withdrawn' | 'expired'>().notNull(),
  version: integer('version').notNull().default(1),
  coalRanks: text('coal_ranks').array().$type<CoalRank[]>().notNull(),
  limits: json<BuyQuality>('limits').notNull(),
  quantityKg: kilograms('quantity_kg').notNull(),
  remainingKg: kilograms('remaining_kg').notNull(),
  minimumKg: kilograms('minimum_kg').notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  pricePerTonne: bigint('price_per_tonne', { mode: 'bigint' }).notNull(),
  deliveryTerm: text('delivery_term').$type<NonNullable<ListingRow['deliveryTerm']>>().notNull(),
  deliveryPlaceId: text('delivery_place_id').notNull(),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  note: text('note').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true, mode: 'date' }).notNull(),
});
export type BuyRow = typeof buyListing.$inferSelect;
