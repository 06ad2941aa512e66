/**
 * The rolling lifting schedule: the buyer says on which days which tonnes are fetched. Once an order has a schedule,
 * trucks come in its windows only. What a window missed lapses with it; the tonnes may be nominated again until the
 * last day of the order, when what was not lifted lapses for good.
 */
import { parseTonnes } from '@seam/units';
import { and, asc, eq } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { lockOrder } from './commands.ts';
import { orderRefusal } from './lifecycle.ts';
import { LIFTINGS_MAX } from './limits.ts';
import { type DeliveryOrderRow, type LiftingRow, lifting } from './tables.ts';
import { dayOf, isDay, windowEnd } from './window.ts';

export const LIFTING_OVER_TOPIC = 'logistics.lifting_over';

export async function nominate(
  tx: Tx,
  principal: Principal,
  of: {
    readonly deliveryOrderId: string;
    readonly fromDay: string;
    readonly toDay: string;
    readonly quantity: string;
    readonly now: Date;
  },
): Promise<LiftingRow | Refusal> {
  const order = await lockOrder(tx, of.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  const closed = orderRefusal(order) ?? misplaced(await deliveryWindow(tx, order), of);
  if (closed) return closed;
  const standing = await liftingsOf(tx, order.id);
  const open = standing.filter(({ state }) => state === 'nominated');
  if (standing.length >= LIFTINGS_MAX) return refuse('lifting.too_many');
  if (open.some((one) => one.fromDay <= of.toDay && of.fromDay <= one.toDay))
    return refuse('lifting.overlaps', { fields: { fromDay: 'overlaps' } });
  const quantityKg = parseTonnes(of.quantity) ?? 0n;
  if (quantityKg <= 0n) return refuse('request.invalid', { fields: { quantity: 'not_positive' } });
  const left = await unnominatedKg(tx, order, open);
  if (quantityKg > left) {
    return refuse('lifting.exceeds_order', {
      fields: { quantity: 'exceeds_order' },
      accepted: { quantityMaximum: String(Number(left < 0n ? 0n : left) / 1000) },
    });
  }
  const [row] = await orm(tx)
    .insert(lifting)
    .values({
      id: newId(),
      deliveryOrderId: order.id,
      fromDay: of.fromDay,
      toDay: of.toDay,
      quantityKg,
      state: 'nominated',
      nominatedBy: principal.personId,
      nominatedAt: of.now,
    })
    .returning();
  await enqueue(tx, {
    effectKey: `lifting:${row!.id}:over`,
    topic: LIFTING_OVER_TOPIC,
    payload: { liftingId: row!.id },
    notBefore: windowEnd(of.toDay),
  });
  return row!;
}

/** Its days as the contract has them now: an amendment may have moved them since the order was issued. */
export async function deliveryWindow(
  connection: Connection,
  order: Pick<DeliveryOrderRow, 'id' | 'contractId'>,
): Promise<{ readonly windowFrom: string; readonly windowTo: string }> {
  const contract = await bindingContract(connection, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  return contract.terms.goods;
}

function misplaced(
  { windowFrom, windowTo }: { readonly windowFrom: string; readonly windowTo: string },
  of: { readonly fromDay: string; readonly toDay: string; readonly now: Date },
): Refusal | undefined {
  const today = dayOf(of.now);
  const from = windowFrom > today ? windowFrom : today;
  const fields = {
    ...((!isDay(of.fromDay) || of.fromDay < from) && { fromDay: 'out_of_range' }),
    ...((!isDay(of.toDay) || of.toDay > windowTo || of.toDay < of.fromDay) && { toDay: 'out_of_range' }),
  };
  if (Object.keys(fields).length === 0) return undefined;
  return refuse('lifting.outside_window', { fields, accepted: { window: `${from} – ${windowTo}` } });
}

/** Of the order, what no open window holds: of a window counts what its trucks have not lifted yet. */
async function unnominatedKg(tx: Tx, order: DeliveryOrderRow, open: readonly LiftingRow[]): Promise<bigint> {
  let left = order.quantityKg - order.liftedKg;
  for (const one of open) left -= above(one.quantityKg - (await liftedIn(tx, one.id)));
  return left;
}

const above = (kg: bigint): bigint => (kg > 0n ? kg : 0n);

export async function withdrawLifting(
  tx: Tx,
  principal: Principal,
  of: { readonly deliveryOrderId: string; readonly liftingId: string; readonly now: Date },
): Promise<LiftingRow | Refusal> {
  const order = await lockOrder(tx, of.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  const row = (await liftingsOf(tx, order.id)).find(({ id }) => id === of.liftingId);
  if (!row) return refuse('resource.not_found');
  if (row.state !== 'nominated') return refuse('lifting.not_open');
  // Trucks hold passes for it: they are cancelled first, one by one.
  if ((await promisedIn(tx, row.id, of.now)) > 0n) return refuse('lifting.has_passes');
  const decided = { state: 'withdrawn', decidedAt: of.now } as const;
  await orm(tx).update(lifting).set(decided).where(eq(lifting.id, row.id));
  return { ...row, ...decided };
}

/** The last day of a window is over. Safe at any time and twice. */
export async function endLifting(tx: Tx, id: string, now: Date): Promise<void> {
  const found = first(await orm(tx).select().from(lifting).where(eq(lifting.id, id)));
  if (!found) return;
  await lockOrder(tx, found.deliveryOrderId);
  const row = first(await orm(tx).select().from(lifting).where(eq(lifting.id, id)))!;
  if (row.state !== 'nominated' || windowEnd(row.toDay) > now) return;
  const lapsedKg = above(row.quantityKg - (await liftedIn(tx, id)));
  const state = lapsedKg > 0n ? 'lapsed' : 'lifted';
  await orm(tx).update(lifting).set({ state, lapsedKg, decidedAt: now }).where(eq(lifting.id, id));
}

export async function liftingsOf(connection: Connection, orderId: string): Promise<LiftingRow[]> {
  return orm(connection)
    .select()
    .from(lifting)
    .where(eq(lifting.deliveryOrderId, orderId))
    .orderBy(asc(lifting.fromDay), asc(lifting.nominatedAt));
}

/** The window a new pass belongs to: that of today, or the next. `none`: the order has no schedule. */
export async function liftingFor(
  tx: Tx,
  orderId: string,
  now: Date,
): Promise<LiftingRow | 'none' | undefined> {
  const rows = await orm(tx)
    .select()
    .from(lifting)
    .where(and(eq(lifting.deliveryOrderId, orderId), eq(lifting.state, 'nominated')))
    .orderBy(asc(lifting.fromDay));
  const open = rows.find(({ toDay }) => windowEnd(toDay) > now);
  if (open) return open;
  const all = await liftingsOf(tx, orderId);
  return all.some(({ state }) => state !== 'withdrawn') ? undefined : 'none';
}

export async function liftedIn(connection: Connection, id: string): Promise<bigint> {
  const [row] = await connection<{ kg: string }[]>`select coalesce(sum(t.net_kg), 0)::text as kg
    from weighbridge_ticket t join pickup_pass p on p.id = t.pass_id where p.lifting_id = ${id}`;
  return BigInt(row!.kg);
}

/** What trucks may still take under this window. */
export async function promisedIn(connection: Connection, id: string, now: Date): Promise<bigint> {
  const [row] = await connection<{ kg: string }[]>`select coalesce(sum(maximum_kg), 0)::text as kg
    from pickup_pass where lifting_id = ${id}
     and ((state in ('created', 'sent', 'arrived') and not_after > ${now})
          or state in ('admitted', 'tared', 'loaded', 'weighed'))`;
  return BigInt(row!.kg);
}
