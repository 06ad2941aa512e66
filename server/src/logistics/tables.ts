import type { CertifiedQuality } from '@seam/coal';
import { bigint, date, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { json } from '../platform/db.ts';

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
  state: text('state').$type<'active' | 'completed'>().notNull().default('active'),
  completedAt: at('completed_at'),
  createdAt: at('created_at').notNull().defaultNow(),
});

export const pickupPass = pgTable('pickup_pass', {
  id: uuid('id').primaryKey(),
  deliveryOrderId: uuid('delivery_order_id').notNull(),
  code: text('code').notNull(),
  plate: text('plate').notNull(),
  driver: text('driver').notNull(),
  maximumKg: kilograms('maximum_kg').notNull(),
  notBefore: at('not_before').notNull(),
  notAfter: at('not_after').notNull(),
  token: text('token').notNull(),
  state: text('state').$type<'issued' | 'used' | 'cancelled'>().notNull().default('issued'),
  issuedBy: text('issued_by').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
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
