/** The centre stops a delivery for a reason that both sides read, and lets it go on. Its window does not wait. */
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { NOT_SUSPENDED, lockOrder } from './commands.ts';
import { orderRefusal } from './lifecycle.ts';
import { deliveryOrder } from './tables.ts';

export async function suspendDelivery(
  tx: Tx,
  principal: Principal,
  of: { readonly deliveryOrderId: string; readonly reason: string; readonly now: Date },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, of.deliveryOrderId);
  if (!order) return refuse('resource.not_found');
  const refusal = orderRefusal(order);
  if (refusal) return refusal;
  await orm(tx)
    .update(deliveryOrder)
    .set({
      state: 'suspended',
      suspendedAt: of.now,
      suspendedBy: principal.personId,
      suspendedReason: of.reason,
    })
    .where(eq(deliveryOrder.id, order.id));
  return { deliveryOrderId: order.id };
}

export async function resumeDelivery(
  tx: Tx,
  deliveryOrderId: string,
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, deliveryOrderId);
  if (!order) return refuse('resource.not_found');
  if (order.state !== 'suspended') return refuse('delivery_order.not_suspended');
  await orm(tx)
    .update(deliveryOrder)
    .set({ state: 'active', ...NOT_SUSPENDED })
    .where(eq(deliveryOrder.id, order.id));
  return { deliveryOrderId };
}
