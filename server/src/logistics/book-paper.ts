/** What the papers of rail and ship lift from a delivery order. */
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type DeliveryOrderRow, deliveryOrder } from './tables.ts';
import { endIfExhausted } from './tickets.ts';

/**
 * A document that counts has come to stand, or (below zero) its new version takes its place. The caller holds the
 * order's lock and has seen that it is not above what was ordered.
 */
export async function bookByPaper(tx: Tx, order: DeliveryOrderRow, kg: bigint, now: Date): Promise<void> {
  const liftedKg = order.liftedKg + kg;
  assert(liftedKg >= 0n && liftedKg <= order.quantityKg, `order ${order.id} lifted to ${liftedKg} kg`);
  await orm(tx).update(deliveryOrder).set({ liftedKg }).where(eq(deliveryOrder.id, order.id));
  if (kg > 0n) await endIfExhausted(tx, order, liftedKg, now);
}
