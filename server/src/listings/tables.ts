/** Mines, places and listings as drizzle sees them; the promises are in migrations/0005 and 0027. */
import type { Assay, AuditFlag, Basis, CoalRank, EnergyUnit } from '@seam/coal';
import type { ListingState, SalesChannel } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { bigint, date, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const kilograms = (name: string) => bigint(name, { mode: 'bigint' });

export const mine = pgTable('mine', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  nameZh: text('name_zh'),
  country: text('country').notNull(),
  region: text('region').notNull(),
  latitude: doublePrecision('latitude'),
  longitude: doublePrecision('longitude'),
  source: text('source').notNull(),
  externalId: text('external_id'),
  createdBy: text('created_by'),
  operator: text('operator').notNull().default(''),
  status: text('status').notNull().default(''),
});
export type MineRow = typeof mine.$inferSelect;

export const place = pgTable('place', {
  id: text('id').primaryKey(),
  kind: text('kind').$type<'mine_mouth' | 'port' | 'station' | 'plant'>().notNull(),
  name: text('name').notNull(),
  nameZh: text('name_zh'),
  country: text('country').notNull(),
  latitude: doublePrecision('latitude'),
  longitude: doublePrecision('longitude'),
  mineId: text('mine_id'),
  source: text('source').notNull(),
  externalId: text('external_id'),
  createdBy: text('created_by'),
});
export type PlaceRow = typeof place.$inferSelect;

export const importedCompany = pgTable('imported_company', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  country: text('country').notNull(),
  source: text('source').notNull(),
  externalId: text('external_id').notNull(),
});

/** Statements that few listings have, as packages/coal holds them. */
export type AssayMore = Pick<Assay, 'fixedCarbon' | 'hydrogen' | 'ashFusion' | 'also'>;

/** What a receipt says beyond the coal: who bought it, for which plant, in which month. */
export type ImportRecord = {
  readonly month: string;
  readonly purchase: string;
  readonly contractExpiry: string | null;
  readonly buyer: string;
  readonly plant: string;
  readonly region: string;
};

/** Kilograms as text: JSON has no integers of that size. */
export type MonthPart = { readonly month: string; readonly kg: string };

export const listing = pgTable('listing', {
  id: text('id').primaryKey(),
  sellerId: text('seller_id').notNull(),
  createdBy: text('created_by'),
  source: text('source').$type<'member' | 'eia923'>().notNull(),
  importKey: text('import_key'),
  importRecord: json<ImportRecord>('import_record'),
  state: text('state').$type<ListingState>().notNull(),
  version: integer('version').notNull().default(1),
  mineId: text('mine_id').notNull(),
  loadPlaceId: text('load_place_id'),
  coalRank: text('coal_rank').$type<CoalRank>().notNull(),
  totalMoistureBp: integer('total_moisture_bp').notNull(),
  inherentMoistureBp: integer('inherent_moisture_bp'),
  ashBp: integer('ash_bp').notNull(),
  ashBasis: text('ash_basis').$type<Basis>().notNull(),
  volatileBp: integer('volatile_bp'),
  volatileBasis: text('volatile_basis').$type<Basis>(),
  sulphurBp: integer('sulphur_bp').notNull(),
  sulphurBasis: text('sulphur_basis').$type<Basis>().notNull(),
  calorificJPerG: integer('calorific_j_per_g').notNull(),
  calorificKind: text('calorific_kind').$type<'gross' | 'net'>().notNull(),
  calorificBasis: text('calorific_basis').$type<Basis>().notNull(),
  calorificTyped: text('calorific_typed').notNull(),
  calorificUnit: text('calorific_unit').$type<EnergyUnit>().notNull(),
  hardgroveIndex: integer('hardgrove_index'),
  sizeMinMm: integer('size_min_mm'),
  sizeMaxMm: integer('size_max_mm'),
  assayMore: json<AssayMore>('assay_more').notNull(),
  auditFlags: json<readonly AuditFlag[]>('audit_flags').notNull(),
  searchNetArJPerG: integer('search_net_ar_j_per_g'),
  searchAshArBp: integer('search_ash_ar_bp'),
  searchSulphurArBp: integer('search_sulphur_ar_bp'),
  quantityKg: kilograms('quantity_kg').notNull(),
  remainingKg: kilograms('remaining_kg').notNull(),
  currency: text('currency').$type<Currency>(),
  pricePerTonne: bigint('price_per_tonne', { mode: 'bigint' }),
  startPrice: bigint('start_price', { mode: 'bigint' }),
  saleMethod: text('sale_method').$type<'fixed_price' | 'auction'>(),
  deliveryTerm: text('delivery_term').$type<'ex_mine' | 'fob' | 'fca' | 'cif' | 'cfr' | 'for_rail'>(),
  deliveryPlaceId: text('delivery_place_id'),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  transport: text('transport').$type<'road' | 'rail' | 'river' | 'sea' | 'conveyor'>().notNull(),
  note: text('note').notNull().default(''),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
  stateReason: text('state_reason').notNull().default(''),
  publishedAt: instant('published_at'),
  versionBy: text('version_by'),
  versionAt: instant('version_at').notNull().defaultNow(),
  channel: text('channel').$type<SalesChannel>().default('spot'),
  tradingDay: date('trading_day', { mode: 'string' }),
  sessionId: text('session_id'),
  opensAt: instant('opens_at'),
  monthSplit: json<readonly MonthPart[]>('month_split'),
});
export type ListingRow = typeof listing.$inferSelect;
export type NewListingRow = typeof listing.$inferInsert;
