import type { CertifiedQuality } from '@seam/coal';
import type { Device, DeviceKind, PassEvent, PassState, Vehicle } from '@seam/protocol';
import { bigint, date, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';
import type { OrderEnd, OrderState } from './lifecycle.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const kilograms = (name: string) => bigint(name, { mode: 'bigint' });

export const deliveryOrder = pgTable('delivery_order', {
  id: uuid('id').primaryKey(),
  contractId: text('contract_id').notNull(),
  sellerId: text('seller_id').notNull(),
  buyerId: text('buyer_id').notNull(),
  quantityKg: kilograms('quantity_kg').notNull(),
  liftedKg: kilograms('lifted_kg').notNull().default(0n),
  validFrom: date('valid_from', { mode: 'string' }).notNull(),
  validTo: date('valid_to', { mode: 'string' }).notNull(),
  state: text('state').$type<OrderState>().notNull().default('active'),
  completedAt: at('completed_at'),
  endedAs: text('ended_as').$type<OrderEnd>(),
  suspendedAt: at('suspended_at'),
  suspendedBy: text('suspended_by'),
  suspendedReason: text('suspended_reason'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const lifting = pgTable('lifting', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  fromDay: date('from_day', { mode: 'string' }).notNull(),
  toDay: date('to_day', { mode: 'string' }).notNull(),
  quantityKg: kilograms('quantity_kg').notNull(),
  state: text('state').$type<'nominated' | 'withdrawn' | 'lapsed' | 'lifted'>().notNull(),
  /** What was nominated and not lifted in its days. */
  lapsedKg: kilograms('lapsed_kg'),
  nominatedBy: text('nominated_by').notNull(),
  nominatedAt: at('nominated_at').notNull(),
  decidedAt: at('decided_at'),
});

export const pickupPass = pgTable('pickup_pass', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  code: text('code').notNull(),
  plate: text('plate').notNull(),
  driver: text('driver').notNull(),
  vehicle: text('vehicle').$type<Vehicle>(),
  maximumKg: kilograms('maximum_kg').notNull(),
  notBefore: at('not_before').notNull(),
  notAfter: at('not_after').notNull(),
  token: text('token').notNull(),
  state: text('state').$type<PassState>().notNull().default('created'),
  issuedBy: text('issued_by').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  tareKg: kilograms('tare_kg'),
  tareAt: at('tare_at'),
  tarePhotoSha256: text('tare_photo_sha256'),
  liftingId: uuid('lifting_id'),
});

export const passEvent = pgTable('pass_event', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  passId: uuid('pass_id').notNull(),
  move: text('move').$type<PassEvent['move']>().notNull(),
  fromState: text('from_state').$type<PassState>().notNull(),
  toState: text('to_state').$type<PassState>().notNull(),
  at: at('at').notNull(),
  recordedAt: at('recorded_at').notNull(),
  bySide: text('by_side').$type<PassEvent['by']>().notNull(),
  personId: text('person_id'),
  deviceId: uuid('device_id'),
  sequence: bigint('sequence', { mode: 'number' }),
  detail: text('detail'),
});

export const device = pgTable('device', {
  id: uuid('id').primaryKey(),
  organisationId: text('organisation_id').notNull(),
  kind: text('kind').$type<DeviceKind>().notNull(),
  name: text('name').notNull(),
  place: text('place'),
  publicKey: text('public_key').notNull(),
  grossLimits: json<Device['grossLimits']>('gross_limits').notNull(),
  registeredBy: text('registered_by').notNull(),
  registeredAt: at('registered_at').notNull(),
  revokedBy: text('revoked_by'),
  revokedAt: at('revoked_at'),
  lastSeenAt: at('last_seen_at'),
});

export const deviceMessage = pgTable('device_message', {
  deviceId: uuid('device_id').notNull(),
  purpose: text('purpose').$type<'gate_event' | 'weighing' | 'position'>().notNull(),
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
  sentAt: at('sent_at').notNull(),
  payload: text('payload').notNull(),
  signature: text('signature').notNull(),
  receivedAt: at('received_at').notNull(),
  answer: json<object>('answer').notNull(),
});

export const weighbridgeTicket = pgTable('weighbridge_ticket', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  passId: uuid('pass_id').notNull(),
  number: text('number').notNull(),
  grossKg: kilograms('gross_kg').notNull(),
  tareKg: kilograms('tare_kg').notNull(),
  netKg: kilograms('net_kg').generatedAlwaysAs(0n),
  weighedAt: at('weighed_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
  deviceId: uuid('device_id'),
  axles: smallint('axles'),
  tareAt: at('tare_at'),
  photoSha256: text('photo_sha256'),
  tarePhotoSha256: text('tare_photo_sha256'),
});

export const certificateOfAnalysis = pgTable('certificate_of_analysis', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  number: text('number').notNull(),
  laboratory: text('laboratory').notNull(),
  sampledOn: date('sampled_on', { mode: 'string' }).notNull(),
  quality: json<CertifiedQuality>('quality').notNull(),
  recordedBy: text('recorded_by').notNull(),
});

export type DeliveryOrderRow = typeof deliveryOrder.$inferSelect;
export type PassRow = typeof pickupPass.$inferSelect;
export type DeviceRow = typeof device.$inferSelect;
export type LiftingRow = typeof lifting.$inferSelect;
