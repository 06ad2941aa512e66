import type { RatingCriteria } from '@seam/protocol';
import { bigint, boolean, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core';
import { json } from '../../platform/db.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const rating = pgTable('rating', {
  contractId: text('contract_id').notNull(),
  byOrganisation: text('by_organisation').notNull(),
  ofOrganisation: text('of_organisation').notNull(),
  score: smallint('score').notNull(),
  criteria: json<RatingCriteria>('criteria').notNull(),
  comment: text('comment').notNull(),
  personId: text('person_id').notNull(),
  createdAt: at('created_at').notNull(),
  /** Shown from then on, whatever the other side does. */
  shownAt: at('shown_at').notNull(),
});
export type RatingRow = typeof rating.$inferSelect;

/** What the rated side answered. */
export const ratingReply = pgTable('rating_reply', {
  contractId: text('contract_id').notNull(),
  byOrganisation: text('by_organisation').notNull(),
  text: text('text').notNull(),
  personId: text('person_id').notNull(),
  createdAt: at('created_at').notNull(),
});

/** Every decision of staff about words; the last one holds. */
export const ratingModeration = pgTable('rating_moderation', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  contractId: text('contract_id').notNull(),
  byOrganisation: text('by_organisation').notNull(),
  part: text('part').$type<'comment' | 'reply'>().notNull(),
  hidden: boolean('hidden').notNull(),
  reason: text('reason').notNull(),
  personId: text('person_id').notNull(),
  at: at('at').notNull(),
});
