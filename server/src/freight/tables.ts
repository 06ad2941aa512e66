/** Freight as drizzle sees it; the promises are in migrations/0032_freight.sql. */
import type { TransportMode } from '@seam/coal';
import type { QuoteState, TransportState } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { bigint, boolean, date, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes, json } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const whole = (name: string) => bigint(name, { mode: 'bigint' });
const day = (name: string) => date(name, { mode: 'string' });

/** Amounts as text: JSON has no integers of that size. */
export type StoredTerms =
  | { readonly kind: 'per_tonne'; readonly perTonne: string }
  | {
      readonly kind: 'per_tonne_km';
      readonly perThousandTonneKm: string;
      readonly terminal: string;
      readonly minimum: string;
    }
  | {
      readonly kind: 'weight_steps';
      readonly steps: readonly { readonly fromKg: string; readonly perTonne: string }[];
    };
export type CapacityPeriod = 'week' | 'month';

export const freightLane = pgTable('freight_lane', {
  id: text('id').primaryKey(),
  number: whole('number').generatedAlwaysAsIdentity(),
  fromPlaceId: text('from_place_id').notNull(),
  toPlaceId: text('to_place_id').notNull(),
  mode: text('mode').$type<TransportMode>().notNull(),
  carrierId: text('carrier_id'),
  capacityKg: whole('capacity_kg'),
  capacityPer: text('capacity_per').$type<CapacityPeriod>(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
});
export type LaneRow = typeof freightLane.$inferSelect;

export const freightTariff = pgTable('freight_tariff', {
  laneId: text('lane_id').notNull(),
  laneNumber: whole('lane_number').notNull(),
  version: integer('version').notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  terms: json<StoredTerms>('terms').notNull(),
  loading: whole('loading').notNull(),
  unloading: whole('unloading').notNull(),
  lossPermille: integer('loss_permille').notNull(),
  distanceKm: integer('distance_km').notNull(),
  distanceGiven: boolean('distance_given').notNull(),
  hours: integer('hours').notNull(),
  validFrom: day('valid_from').notNull(),
  validTo: day('valid_to'),
  source: text('source').notNull(),
  madeBy: text('made_by').notNull(),
  madeAt: instant('made_at').notNull(),
  endedAt: instant('ended_at'),
});
export type TariffRow = typeof freightTariff.$inferSelect;

export const freightSlot = pgTable('freight_slot', {
  laneId: text('lane_id').notNull(),
  begins: day('begins').notNull(),
  capacityKg: whole('capacity_kg').notNull(),
  takenKg: whole('taken_kg').notNull().default(0n),
});
export type SlotRow = typeof freightSlot.$inferSelect;

export const freightReservation = pgTable('freight_reservation', {
  id: text('id').primaryKey(),
  laneId: text('lane_id').notNull(),
  begins: day('begins').notNull(),
  organisationId: text('organisation_id').notNull(),
  contractId: text('contract_id'),
  quoteId: text('quote_id'),
  quantityKg: whole('quantity_kg').notNull(),
  state: text('state').$type<'held' | 'released'>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  releasedAt: instant('released_at'),
});
export type ReservationRow = typeof freightReservation.$inferSelect;

export const transportRequest = pgTable('transport_request', {
  id: text('id').primaryKey(),
  shipperId: text('shipper_id').notNull(),
  createdBy: text('created_by').notNull(),
  contractId: text('contract_id'),
  fromPlaceId: text('from_place_id').notNull(),
  toPlaceId: text('to_place_id').notNull(),
  mode: text('mode').$type<TransportMode>(),
  quantityKg: whole('quantity_kg').notNull(),
  windowFrom: day('window_from').notNull(),
  windowTo: day('window_to').notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  note: text('note').notNull().default(''),
  state: text('state').$type<TransportState>().notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
});
export type TransportRow = typeof transportRequest.$inferSelect;

export const transportQuote = pgTable('transport_quote', {
  id: text('id').primaryKey(),
  requestId: text('request_id').notNull(),
  carrierId: text('carrier_id').notNull(),
  state: text('state').$type<QuoteState>().notNull(),
  version: integer('version').notNull(),
  acceptedVersion: integer('accepted_version'),
  acceptedBy: text('accepted_by'),
  acceptedAt: instant('accepted_at'),
});
export type QuoteRow = typeof transportQuote.$inferSelect;

/** Kilograms as text. */
export type QuotedSlot = { readonly laneId: string; readonly begins: string; readonly kg: string };

export const transportQuoteVersion = pgTable('transport_quote_version', {
  quoteId: text('quote_id').notNull(),
  version: integer('version').notNull(),
  pricePerTonne: whole('price_per_tonne').notNull(),
  lossPermille: integer('loss_permille').notNull(),
  hours: integer('hours').notNull(),
  slots: json<readonly QuotedSlot[]>('slots').notNull(),
  note: text('note').notNull().default(''),
  validUntil: instant('valid_until').notNull(),
  sha256: bytes('sha256').notNull(),
  madeBy: text('made_by').notNull(),
  madeAt: instant('made_at').notNull(),
});
export type QuoteVersionRow = typeof transportQuoteVersion.$inferSelect;
