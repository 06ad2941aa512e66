/** Requests, answers and pools as drizzle sees them; the promises are in migrations 0006 and 0029. */
import type { CoalRank, EnergyUnit, Limit } from '@seam/coal';
import type { PoolState, RequestState, ResponseInput, ResponseState } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { bigint, date, integer, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';
import type { NamedAccount } from './ports.ts';

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
  audience: text('audience').$type<'public' | 'invited'>().notNull().default('public'),
  account: json<NamedAccount>('account'),
  coalRanks: text('coal_ranks').array().$type<CoalRank[]>().notNull(),
  limits: json<readonly StoredLimit[]>('limits').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  minimumKg: whole('minimum_kg').notNull(),
  contractedKg: whole('contracted_kg').notNull().default(0n),
  /** What auctions may still buy. */
  auctionedKg: whole('auctioned_kg').notNull().default(0n),
  /** Under way. */
  negotiations: integer('negotiations').notNull().default(0),
  plantPlaceId: text('plant_place_id').notNull(),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  priceCeiling: whole('price_ceiling'),
  ceilingAt: text('ceiling_at').$type<'listed' | 'delivered'>().notNull().default('listed'),
  note: text('note').notNull().default(''),
  matchedLots: integer('matched_lots'),
  matchedAt: instant('matched_at'),
  poolId: text('pool_id'),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type RequestRow = typeof request.$inferSelect;

export const invitation = pgTable('request_invitation', {
  requestId: text('request_id').notNull(),
  organisationId: text('organisation_id').notNull(),
  invitedBy: text('invited_by').notNull(),
  invitedAt: instant('invited_at').notNull().defaultNow(),
  declinedAt: instant('declined_at'),
  declineReason: text('decline_reason'),
});

export const response = pgTable('response', {
  id: text('id').primaryKey(),
  requestId: text('request_id').notNull(),
  sellerId: text('seller_id').notNull(),
  createdBy: text('created_by').notNull(),
  state: text('state').$type<ResponseState>().notNull(),
  version: integer('version').notNull().default(1),
  account: json<NamedAccount>('account'),
  note: text('note').notNull().default(''),
  shortlistedAt: instant('shortlisted_at'),
  shortlistNote: text('shortlist_note').notNull().default(''),
  reason: text('reason'),
  validUntil: instant('valid_until').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});
export type ResponseRow = typeof response.$inferSelect;

export const responseLot = pgTable('response_lot', {
  responseId: text('response_id').notNull(),
  listingId: text('listing_id').notNull(),
  place: smallint('place').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  minimumKg: whole('minimum_kg').notNull(),
  pricePerTonne: whole('price_per_tonne').notNull(),
  takenKg: whole('taken_kg').notNull().default(0n),
});
export type ResponseLotRow = typeof responseLot.$inferSelect;

export const responseVersion = pgTable('response_version', {
  responseId: text('response_id').notNull(),
  version: integer('version').notNull(),
  content: json<ResponseInput>('content').notNull(),
  madeBy: text('made_by').notNull(),
});

export const award = pgTable('request_award', {
  requestId: text('request_id').notNull(),
  responseId: text('response_id'),
  listingId: text('listing_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  saleId: text('sale_id').notNull(),
  contractId: text('contract_id').notNull(),
});
export type AwardRow = typeof award.$inferSelect;

export const pool = pgTable('request_pool', {
  id: text('id').primaryKey(),
  openedBy: text('opened_by').notNull(),
  createdBy: text('created_by').notNull(),
  state: text('state').$type<PoolState>().notNull(),
  name: text('name').notNull(),
  coalRanks: text('coal_ranks').array().$type<CoalRank[]>().notNull(),
  limits: json<readonly StoredLimit[]>('limits').notNull(),
  minimumKg: whole('minimum_kg').notNull(),
  placeId: text('place_id'),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  priceCeiling: whole('price_ceiling'),
  ceilingAt: text('ceiling_at').$type<'listed' | 'delivered'>().notNull().default('listed'),
  note: text('note').notNull().default(''),
  deadline: instant('deadline').notNull(),
  requestId: text('request_id'),
  reason: text('reason'),
  createdAt: instant('created_at').notNull().defaultNow(),
  closedAt: instant('closed_at'),
});
export type PoolRow = typeof pool.$inferSelect;

export const poolMember = pgTable('request_pool_member', {
  poolId: text('pool_id').notNull(),
  organisationId: text('organisation_id').notNull(),
  joinedBy: text('joined_by').notNull(),
  quantityKg: whole('quantity_kg').notNull(),
  awardedKg: whole('awarded_kg').notNull().default(0n),
  placeId: text('place_id').notNull(),
  account: json<NamedAccount>('account'),
  joinedAt: instant('joined_at').notNull().defaultNow(),
});
export type PoolMemberRow = typeof poolMember.$inferSelect;
