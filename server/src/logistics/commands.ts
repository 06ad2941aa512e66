/**
 * The delivery order: how it comes to be, and its end. Its row is locked for every step of every truck,
 * so two weighings never lift the same kilogram.
 */
import { and, asc, eq, inArray } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { openCase } from './cases.ts';
import { INSIDE, OUTSIDE, type OrderEnd, orderRefusal } from './lifecycle.ts';
import { movePassRow } from './moves.ts';
import { awaitsPapers } from './papers.ts';
import { type DeliveryOrderRow, type PassRow, deliveryOrder, pickupPass } from './tables.ts';

/** Made once for a funded contract. */
export async function issueDeliveryOrder(tx: Tx, contractId: string): Promise<void> {
  const contract = await bindingContract(tx, contractId);
  assert(contract, `delivery order for contract ${contractId}, which does not bind`);
  const { goods, quantityKg } = contract.terms;
  await orm(tx)
    .insert(deliveryOrder)
    .values({
      id: newId(),
      contractId,
      sellerId: contract.sellerId,
      buyerId: contract.buyerId,
      quantityKg: BigInt(quantityKg),
      validFrom: goods.windowFrom,
      validTo: goods.windowTo,
    })
    .onConflictDoNothing({ target: deliveryOrder.contractId });
}

export async function lockOrder(tx: Tx, id: string): Promise<DeliveryOrderRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(tx).select().from(deliveryOrder).where(eq(deliveryOrder.id, id)).for('update'));
}

/** The buyer ends the lifting; what was not lifted lapses and is refunded by the final invoice. */
export async function completeDelivery(
  tx: Tx,
  principal: Principal,
  input: { deliveryOrderId: string; now: Date },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  const refusal = orderRefusal(order);
  if (refusal) return refusal;
  if (order.liftedKg === 0n) return refuse('delivery_order.not_delivered');
  if ((await passesOf(tx, order.id, INSIDE)).length > 0) return refuse('delivery_order.truck_inside');
  if (await awaitsPapers(tx, order, input.now)) return refuse('delivery_order.papers_open');
  await complete(tx, order, 'closed', input.now);
  return { deliveryOrderId: order.id };
}

/** The caller holds the order's lock. Trucks that wait are cancelled; one that is inside is for people to decide. */
export async function complete(tx: Tx, order: DeliveryOrderRow, endedAs: OrderEnd, now: Date): Promise<void> {
  await orm(tx)
    .update(deliveryOrder)
    .set({ state: 'completed', completedAt: now, endedAs, ...NOT_SUSPENDED })
    .where(eq(deliveryOrder.id, order.id));
  const step = { by: { side: 'exchange' }, at: now, now } as const;
  for (const pass of await passesOf(tx, order.id, OUTSIDE)) await movePassRow(tx, pass, 'cancel', step);
  for (const pass of await passesOf(tx, order.id, INSIDE)) {
    await openCase(tx, {
      kind: 'truck_inside_at_end',
      subject: pass.id,
      said: { code: 'inside_at_end', plate: pass.plate, state: pass.state },
      passId: pass.id,
      deliveryOrderId: order.id,
      now,
    });
  }
  await announceResult(tx, order.id);
  await enqueue(tx, {
    effectKey: `carriage:${order.id}:completed`,
    topic: 'carriage.assess',
    payload: { deliveryOrderId: order.id },
  });
}

async function passesOf(tx: Tx, orderId: string, states: readonly PassRow['state'][]): Promise<PassRow[]> {
  return orm(tx)
    .select()
    .from(pickupPass)
    .where(and(eq(pickupPass.deliveryOrderId, orderId), inArray(pickupPass.state, [...states])))
    .orderBy(asc(pickupPass.id));
}

/**
 * The time of a delivery is over: what was not lifted lapses.
 * @returns the kilograms lifted; `waiting` while documents of what left in time are still to come; undefined while
 * there is no order.
 */
export async function endDelivery(
  tx: Tx,
  contractId: string,
  now: Date,
): Promise<bigint | 'waiting' | undefined> {
  const found = first(
    await orm(tx).select().from(deliveryOrder).where(eq(deliveryOrder.contractId, contractId)).for('update'),
  );
  if (!found || found.state === 'completed') return found?.liftedKg;
  if (await awaitsPapers(tx, found, now)) return 'waiting';
  await complete(tx, found, 'expired', now);
  return found.liftedKg;
}

export const NOT_SUSPENDED = { suspendedAt: null, suspendedBy: null, suspendedReason: null } as const;

/** Settlement goes on when the weight is final and the quality is certified, whichever comes last. */
export async function announceResult(tx: Tx, id: string): Promise<void> {
  const [ready] = await tx<{ contract_id: string }[]>`select o.contract_id from delivery_order o
    join delivery_quality q on q.delivery_order_id = o.id where o.id = ${id} and o.state = 'completed'`;
  if (!ready) return;
  await enqueue(tx, {
    effectKey: `settlement:${ready.contract_id}:result`,
    topic: 'settlement.result',
    payload: { contractId: ready.contract_id },
  });
}
