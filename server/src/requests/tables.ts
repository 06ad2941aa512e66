/** Requests and responses as drizzle sees them; the promises are in migrations/0006_requests.sql. */
import type { CoalRank, EnergyUnit, Limit } from '@seam/coal';
import type { RequestState, ResponseState } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { bigint, date, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const whole = (name: string) => bigint(name, { mode: 'bigint' });

/** A limit, and for heat how the buyer wrote it: J/g would not give 5,500 kcal/kg back. */
export type StoredLimit = Limit & {
  readonly typed?: { readonly unit: EnergyUnit; readonly minimum?: string; readonly maximum?: string };
};

export const request = pgTable('request', {
  id: text('id').primaryKey(),
  buyerId: text('buyer_id').notNull(),
  createdBy: text('created_by').notNull(),
  state: text('state').$type<RequestState>().notNull(),
  coalRanks: text('coal_ranks').array().$type<CoalRank[]>().notNull(),
  limits: json<readonly StoredLimit[]>('limits').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  minimumKg: whole('minimum_kg').notNull(),
  contractedKg: whole('contracted_kg').notNull().default(0n),
  /** What auctions may still buy. */
  auctionedKg: whole('auctioned_kg').notNull().default(0n),
  plantPlaceId: text('plant_place_id').notNull(),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  priceCeiling: whole('price_ceiling'),
  note: text('note').notNull().default(''),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type RequestRow = typeof request.$inferSelect;

export const response = pgTable('response', {
  id: text('id').primaryKey(),
  requestId: text('request_id').notNull(),
  sellerId: text('seller_id').notNull(),
  createdBy: text('created_by').notNull(),
  listingId: text('listing_id').notNull(),
  state: text('state').$type<ResponseState>().notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  pricePerTonne: whole('price_per_tonne').notNull(),
  note: text('note').notNull().default(''),
  validUntil: instant('valid_until').notNull(),
  saleId: text('sale_id'),
  contractId: text('contract_id'),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type ResponseRow = typeof response.$inferSelect;
