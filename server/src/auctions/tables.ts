import type { AuctionTerms, Awarding, Merit } from '@seam/engine';
import type { AuctionStateText } from '@seam/protocol';
import {
  bigint,
  boolean,
  char,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes, json } from '../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const seq = (name: string) => bigint(name, { mode: 'number' });
/** Minor units, or kilograms. */
const money = (name: string) => bigint(name, { mode: 'bigint' });

export const auction = pgTable('auction', {
  id: text('id').primaryKey(),
  /** Of a sale the lot, of a purchase the request: one of the two. */
  listingId: text('listing_id'),
  requestId: text('request_id'),
  /** Who put it up: the seller, or in a purchase the buyer. */
  ownerId: text('owner_id').notNull(),
  title: text('title').notNull(),
  state: text('state').$type<AuctionStateText>().notNull(),
  terms: json<AuctionTerms>('terms').notNull(),
  currency: char('currency', { length: 3 }).notNull(),
  closesAt: at('closes_at').notNull(),
  opensAt: at('opens_at').notNull(),
  extensions: integer('extensions').notNull().default(0),
  marginalTicks: integer('marginal_ticks'),
  bestTicks: integer('best_ticks'),
  bidCount: integer('bid_count').notNull().default(0),
  bidderCount: integer('bidder_count').notNull().default(0),
  lastSeq: seq('last_seq'),
  closedSeq: seq('closed_seq'),
  closedHash: bytes('closed_hash'),
  reason: text('reason'),
  awarding: json<Awarding>('awarding'),
  heldAgain: boolean('held_again').notNull().default(false),
  standstillReason: text('standstill_reason'),
  requestedBy: text('requested_by').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const auctionBid = pgTable(
  'auction_bid',
  {
    auctionId: text('auction_id').notNull(),
    seq: seq('seq').notNull(),
    at: at('at').notNull(),
    accountId: text('account_id').notNull(),
    priceTicks: integer('price_ticks').notNull(),
    quantityLots: integer('quantity_lots').notNull(),
    minimumLots: integer('minimum_lots').notNull(),
    /** What an offer declared besides its price. */
    merit: json<Merit>('merit'),
  },
  (table) => [primaryKey({ columns: [table.auctionId, table.seq] })],
);

export const auctionAward = pgTable(
  'auction_award',
  {
    auctionId: text('auction_id').notNull(),
    accountId: text('account_id').notNull(),
    priceTicks: integer('price_ticks').notNull(),
    quantityLots: integer('quantity_lots').notNull(),
    bidSeq: seq('bid_seq').notNull(),
    number: integer('number').notNull(),
  },
  (table) => [primaryKey({ columns: [table.auctionId, table.number] })],
);

/** Against an award while it is provisional. */
export const auctionComplaint = pgTable(
  'auction_complaint',
  {
    auctionId: text('auction_id').notNull(),
    number: integer('number').notNull(),
    /** Null: the centre's own. */
    organisationId: text('organisation_id'),
    personId: text('person_id').notNull(),
    reason: text('reason').notNull(),
    filedAt: at('filed_at').notNull().defaultNow(),
    proposed: text('proposed').$type<'void' | 'hold_again'>(),
    proposedReason: text('proposed_reason'),
    proposedBy: text('proposed_by'),
    decision: text('decision').$type<'dismiss' | 'void' | 'hold_again'>(),
    decisionReason: text('decision_reason'),
    decidedBy: text('decided_by'),
    decidedAt: at('decided_at'),
  },
  (table) => [primaryKey({ columns: [table.auctionId, table.number] })],
);

export const auctionSecurityOutcome = pgTable(
  'auction_security_outcome',
  {
    auctionId: text('auction_id').notNull(),
    accountId: text('account_id').notNull(),
    released: money('released').notNull(),
    retained: money('retained').notNull(),
    forfeitProposed: money('forfeit_proposed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.auctionId, table.accountId] })],
);

export const auctionSecurity = pgTable('auction_security', {
  id: uuid('id').primaryKey(),
  auctionId: text('auction_id').notNull(),
  accountId: text('account_id').notNull(),
  personId: text('person_id').notNull(),
  amount: money('amount').notNull(),
  source: text('source').$type<'free' | 'standing_deposit'>().notNull().default('free'),
  state: text('state').$type<'held' | 'allocated' | 'returned'>().notNull(),
  reason: text('reason'),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** The lot from which a bidder of a purchase supplies what it wins. */
export const auctionSupply = pgTable(
  'auction_supply',
  {
    auctionId: text('auction_id').notNull(),
    accountId: text('account_id').notNull(),
    listingId: text('listing_id').notNull(),
    quantityKg: money('quantity_kg').notNull(),
    personId: text('person_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.auctionId, table.accountId] })],
);

export type AuctionRow = typeof auction.$inferSelect;
