import type { CertificateFlag, CertifiedQuality } from '@seam/coal';
import type { InspectionState } from '@seam/protocol';
import { bigint, boolean, date, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';
import type { QualityDecision } from './decide.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export type SamplingPlan = {
  readonly unit: 'delivery';
  readonly lots: number;
  readonly lotKg: string;
  /** Of each lot. */
  readonly increments: number;
  readonly source: string;
};

export const inspection = pgTable('quality_inspection', {
  deliveryOrderId: uuid('delivery_order_id').primaryKey(),
  contractId: text('contract_id').notNull(),
  state: text('state').$type<InspectionState>().notNull(),
  plan: json<SamplingPlan>('plan').notNull(),
  flags: json<readonly CertificateFlag[]>('flags').notNull().default([]),
  challengeDueAt: at('challenge_due_at'),
  challengedBy: text('challenged_by'),
  finalQuality: json<CertifiedQuality>('final_quality'),
  decisions: json<readonly QualityDecision[]>('decisions').notNull().default([]),
});
export type InspectionRow = typeof inspection.$inferSelect;

export const qualityEvent = pgTable('quality_event', {
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  n: integer('n').notNull(),
  move: text('move').notNull(),
  state: text('state').$type<InspectionState>().notNull(),
  personId: text('person_id').notNull(),
  organisationId: text('organisation_id'),
  detail: text('detail').notNull(),
  at: at('at').notNull(),
});

export const sample = pgTable('quality_sample', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  kind: text('kind').$type<'laboratory' | 'reserve'>().notNull(),
  seal: text('seal').notNull(),
  grams: integer('grams').notNull(),
  takenAt: at('taken_at').notNull(),
  takenBy: text('taken_by').notNull(),
  recordedBy: text('recorded_by').notNull(),
});

export const custodyStep = pgTable('custody_step', {
  sampleId: uuid('sample_id').notNull(),
  n: integer('n').notNull(),
  at: at('at').notNull(),
  handedBy: text('handed_by').notNull(),
  receivedBy: text('received_by').notNull(),
  sealIntact: boolean('seal_intact').notNull(),
  note: text('note').notNull(),
  recordedBy: text('recorded_by').notNull(),
});

/** Owned by logistics; this slice writes the first certificate of a delivery. */
export const certificateOfAnalysis = pgTable('certificate_of_analysis', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  number: text('number').notNull(),
  laboratory: text('laboratory').notNull(),
  sampledOn: date('sampled_on', { mode: 'string' }).notNull(),
  quality: json<CertifiedQuality>('quality').notNull(),
  recordedBy: text('recorded_by').notNull(),
});

export const refereeCertificate = pgTable('referee_certificate', {
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  role: text('role').$type<'reserve' | 'umpire'>().notNull(),
  number: text('number').notNull(),
  laboratory: text('laboratory').notNull(),
  sampledOn: date('sampled_on', { mode: 'string' }).notNull(),
  quality: json<CertifiedQuality>('quality').notNull(),
  recordedBy: text('recorded_by').notNull(),
  createdAt: at('created_at').notNull(),
});

export const rejectionProposal = pgTable('rejection_proposal', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  outcome: text('outcome').$type<'return' | 'renegotiate' | 'salvage'>().notNull(),
  pricePerTonne: bigint('price_per_tonne', { mode: 'bigint' }).notNull(),
  proposedBy: text('proposed_by').notNull(),
  personId: text('person_id').notNull(),
  at: at('at').notNull(),
});
