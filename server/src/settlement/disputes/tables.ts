import type {
  DISPUTE_CAUSES,
  DISPUTE_REJECTIONS,
  DisputeOutcome,
  DisputeState,
  DisputeStep,
} from '@seam/protocol';
import { bigint, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Side } from './rules.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const money = (name: string) => bigint(name, { mode: 'bigint' });

export const dispute = pgTable('settlement_dispute', {
  id: uuid('id').primaryKey(),
  contractId: text('contract_id').notNull(),
  number: integer('number').notNull(),
  side: text('side').$type<Side>().notNull(),
  personId: text('person_id').notNull(),
  cause: text('cause').$type<(typeof DISPUTE_CAUSES)[number]>().notNull(),
  statement: text('statement').notNull(),
  computed: money('computed'),
  claimed: money('claimed').notNull(),
  low: money('low').notNull(),
  high: money('high').notNull(),
  undisputedPaid: money('undisputed_paid').notNull().default(0n),
  fee: money('fee').notNull(),
  state: text('state').$type<DisputeState>().notNull(),
  filedAt: at('filed_at').notNull(),
  dueAt: at('due_at'),
  evidenceUntil: at('evidence_until'),
  buyerDoneAt: at('buyer_done_at'),
  sellerDoneAt: at('seller_done_at'),
  buyerAcceptedAt: at('buyer_accepted_at'),
  sellerAcceptedAt: at('seller_accepted_at'),
  rejection: text('rejection').$type<(typeof DISPUTE_REJECTIONS)[number]>(),
  rejectionText: text('rejection_text'),
  appealSide: text('appeal_side').$type<Side>(),
  appealText: text('appeal_text'),
  appealFee: money('appeal_fee'),
  amount: money('amount'),
  outcome: text('outcome').$type<DisputeOutcome>(),
  endedAt: at('ended_at'),
});
export type DisputeRow = typeof dispute.$inferSelect;

export const proposal = pgTable('dispute_proposal', {
  disputeId: uuid('dispute_id').notNull(),
  number: integer('number').notNull(),
  instance: integer('instance').$type<1 | 2>().notNull(),
  amount: money('amount').notNull(),
  compensation: money('compensation').notNull().default(0n),
  owedBy: text('owed_by').$type<Side>(),
  reasons: text('reasons').notNull(),
  proposedBy: text('proposed_by').notNull(),
  proposedAt: at('proposed_at').notNull(),
});
export type ProposalRow = typeof proposal.$inferSelect;

export const decision = pgTable('dispute_decision', {
  disputeId: uuid('dispute_id').notNull(),
  instance: integer('instance').$type<1 | 2>().notNull(),
  proposal: integer('proposal').notNull(),
  confirmedBy: text('confirmed_by').notNull(),
  at: at('at').notNull(),
});

export const offer = pgTable('dispute_offer', {
  disputeId: uuid('dispute_id').notNull(),
  number: integer('number').notNull(),
  side: text('side').$type<Side>().notNull(),
  personId: text('person_id').notNull(),
  amount: money('amount').notNull(),
  at: at('at').notNull(),
});

export const step = pgTable('dispute_step', {
  id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  disputeId: uuid('dispute_id').notNull(),
  move: text('move').$type<DisputeStep>().notNull(),
  side: text('side').$type<Side | 'centre'>(),
  personId: text('person_id'),
  at: at('at').notNull(),
});
