/** One contract, many deliveries: each has its own quantity, price and window, and is settled on its own. */
import { bigint, date, integer, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { type Tx, orm } from '../platform/db.ts';
import type { ContractTerms } from './terms.ts';

export const contractDelivery = pgTable('contract_delivery', {
  id: uuid('id').primaryKey(),
  contractId: uuid('contract_id').notNull(),
  n: integer('n').notNull(),
  quantityKg: bigint('quantity_kg', { mode: 'bigint' }).notNull(),
  pricePerTonne: bigint('price_per_tonne', { mode: 'bigint' }).notNull(),
  windowFrom: date('window_from', { mode: 'string' }).notNull(),
  windowTo: date('window_to', { mode: 'string' }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
});

/** Whether the exchange carries out the call-offs of these terms: then no delivery is of the whole quantity. */
export function isCalledOff(terms: ContractTerms): boolean {
  return terms.schema === 'seam.contract.2' && terms.callOff?.window !== undefined;
}

/** From now on settlement and logistics know this delivery under its id, as `bindingContract` gives it. */
export async function openDelivery(tx: Tx, delivery: typeof contractDelivery.$inferInsert): Promise<void> {
  await orm(tx).insert(contractDelivery).values(delivery);
}
