/** Negotiations as drizzle sees them; the promises are in migrations/0030_negotiation.sql. */
import type { ENTRY_KINDS, NEGOTIATION_STATES, NegotiationOfferState } from '@seam/protocol';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes } from '../platform/db.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export type Side = 'buyer' | 'seller';
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const negotiation = pgTable('negotiation', {
  id: text('id').primaryKey(),
  listingId: text('listing_id').notNull(),
  requestId: text('request_id'),
  responseId: text('response_id'),
  buyerId: text('buyer_id').notNull(),
  sellerId: text('seller_id').notNull(),
  openedBy: text('opened_by').notNull(),
  state: text('state').$type<(typeof NEGOTIATION_STATES)[number]>().notNull().default('open'),
  entries: integer('entries').notNull().default(0),
  head: bytes('head'),
  offers: integer('offers').notNull().default(0),
  buyerRead: integer('buyer_read').notNull().default(0),
  sellerRead: integer('seller_read').notNull().default(0),
  saleId: text('sale_id'),
  contractId: text('contract_id'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
export type NegotiationRow = typeof negotiation.$inferSelect;

export const entry = pgTable('negotiation_entry', {
  negotiationId: text('negotiation_id').notNull(),
  n: integer('n').notNull(),
  kind: text('kind').$type<EntryKind>().notNull(),
  side: text('side').$type<Side>(),
  personId: text('person_id'),
  at: instant('at').notNull(),
  body: text('body').notNull(),
  prevHash: bytes('prev_hash'),
  hash: bytes('hash').notNull(),
});
export type EntryRow = typeof entry.$inferSelect;

export const offer = pgTable('negotiation_offer', {
  id: text('id').primaryKey(),
  negotiationId: text('negotiation_id').notNull(),
  version: integer('version').notNull(),
  side: text('side').$type<Side>().notNull(),
  personId: text('person_id').notNull(),
  listingId: text('listing_id').notNull(),
  terms: text('terms').notNull(),
  sha256: bytes('sha256').notNull(),
  draft: text('draft').notNull(),
  state: text('state').$type<NegotiationOfferState>().notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  decidedAt: instant('decided_at'),
  decidedBy: text('decided_by'),
});
export type OfferRow = typeof offer.$inferSelect;

export const attachment = pgTable('negotiation_attachment', {
  id: text('id').primaryKey(),
  negotiationId: text('negotiation_id').notNull(),
  side: text('side').$type<Side>().notNull(),
  name: text('name').notNull(),
  mediaType: text('media_type').notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  sha256: bytes('sha256').notNull(),
  file: bytes('file').notNull(),
  createdAt: instant('created_at').notNull(),
});
