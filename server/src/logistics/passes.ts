/** A pass for each truck: issued by the buyer, found at the gate, moved step by step. */
import { LEGAL_GROSS_KG, type PassMove, type Vehicle } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { lockOrder } from './commands.ts';
import { INSIDE, OUTSIDE, isInside, isOutside, orderRefusal } from './lifecycle.ts';
import { deliveryWindow, liftedIn, liftingFor, promisedIn } from './liftings.ts';
import { PASS_VALID_MS } from './limits.ts';
import { movePassRow } from './moves.ts';
import { finalWeight } from './papers.ts';
import { type PassKey, driverHash, readPass, writePass } from './pass-token.ts';
import { type DeliveryOrderRow, type PassRow, pickupPass } from './tables.ts';
import { windowEnd, windowStart } from './window.ts';

export const PASS_OVER_TOPIC = 'logistics.pass_over';

/** The buyer names a truck; the exchange signs its pass. */
export async function issuePass(
  tx: Tx,
  key: PassKey,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    plate: string;
    driver: string;
    vehicle?: Vehicle | undefined;
    maximum: string;
    now: Date;
  },
): Promise<PassRow | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  const closed = orderRefusal(order);
  if (closed) return closed;
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  if (finalWeight(contract) !== 'weighbridge') return refuse('delivery_order.not_by_truck');
  const maximumKg = parseTonnes(input.maximum) ?? 0n;
  if (maximumKg <= 0n) return refuse('request.invalid', { fields: { maximum: 'not_positive' } });
  const legal = input.vehicle && LEGAL_GROSS_KG[input.vehicle];
  if (legal !== undefined && maximumKg >= BigInt(legal))
    return refuse('pass.over_legal', {
      fields: { maximum: 'pass.over_legal' },
      accepted: { gross: String(legal / 1000) },
    });
  const window = await passWindow(tx, order, input.now);
  if ('refused' in window) return window;
  const left = smaller(await unpromisedKg(tx, order, input.now), window.leftKg);
  if (maximumKg > left) {
    return refuse('pass.quantity_exceeds_order', {
      fields: { maximum: 'exceeds_order' },
      accepted: { maximum: String(Number(left < 0n ? 0n : left) / 1000) },
    });
  }
  const { notBefore, notAfter, liftingId } = window;
  const signed = await signedPass(tx, key, { ...input, order, maximumKg, notBefore, notAfter });
  const [row] = await orm(tx)
    .insert(pickupPass)
    .values({
      ...signed,
      deliveryOrderId: order.id,
      plate: input.plate,
      driver: input.driver,
      vehicle: input.vehicle ?? null,
      maximumKg,
      notBefore,
      notAfter,
      liftingId,
      issuedBy: principal.personId,
    })
    .returning();
  await enqueue(tx, {
    effectKey: `pass:${signed.id}:over`,
    topic: PASS_OVER_TOPIC,
    payload: { passId: signed.id },
    notBefore: notAfter,
  });
  return row!;
}

type PassWindow = {
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly liftingId: string | null;
  /** What the window has left for trucks; undefined where only the order limits it. */
  readonly leftKg: bigint | undefined;
};

/** When a pass of this moment is good: within the order, within its window of the schedule, and for two days. */
async function passWindow(tx: Tx, order: DeliveryOrderRow, now: Date): Promise<PassWindow | Refusal> {
  const { windowFrom, windowTo } = await deliveryWindow(tx, order);
  if (windowEnd(windowTo) <= now)
    return refuse('delivery_order.window_over', { accepted: { window: `${windowFrom} – ${windowTo}` } });
  const of = await liftingFor(tx, order.id, now);
  if (of === undefined) return refuse('lifting.none_open');
  const [fromDay, toDay] = of === 'none' ? [windowFrom, windowTo] : [of.fromDay, of.toDay];
  const start = Math.max(now.getTime(), windowStart(fromDay).getTime());
  const end = Math.min(start + PASS_VALID_MS, windowEnd(toDay).getTime());
  const held =
    of === 'none'
      ? undefined
      : of.quantityKg - (await liftedIn(tx, of.id)) - (await promisedIn(tx, of.id, now));
  return {
    notBefore: new Date(start),
    notAfter: new Date(end),
    liftingId: of === 'none' ? null : of.id,
    leftKg: held,
  };
}

const smaller = (a: bigint, b: bigint | undefined): bigint => (b !== undefined && b < a ? b : a);

async function signedPass(
  tx: Tx,
  key: PassKey,
  of: {
    readonly order: DeliveryOrderRow;
    readonly plate: string;
    readonly driver: string;
    readonly maximumKg: bigint;
    readonly notBefore: Date;
    readonly notAfter: Date;
  },
): Promise<{ id: string; code: string; token: string }> {
  const { order } = of;
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  const id = newId();
  const token = writePass(key, {
    passId: id,
    deliveryOrderId: order.id,
    contractId: order.contractId,
    sellerId: order.sellerId,
    place: contract.terms.goods.deliveryPlace.name,
    plate: of.plate,
    driverHash: driverHash(id, of.driver),
    maximumKg: String(of.maximumKg),
    notBefore: Math.floor(of.notBefore.getTime() / 1000),
    notAfter: Math.floor(of.notAfter.getTime() / 1000),
  });
  return { id, code: id.slice(-12).toUpperCase(), token };
}

/** What no pass has been given for: those that may still come in and those that are inside count whole. */
async function unpromisedKg(tx: Tx, order: DeliveryOrderRow, now: Date): Promise<bigint> {
  const [open] = await tx<{ kg: string }[]>`select coalesce(sum(maximum_kg), 0)::text as kg from pickup_pass
    where delivery_order_id = ${order.id}
      and ((state = any(${[...OUTSIDE]}) and not_after > ${now}) or state = any(${[...INSIDE]}))`;
  return order.quantityKg - order.liftedKg - BigInt(open!.kg);
}

export type FoundPass = { readonly pass: PassRow; readonly order: DeliveryOrderRow };

/** The pass behind a token or a printed code at this seller's gate, whatever its state; locked with its order. */
export async function findPass(
  tx: Tx,
  key: PassKey,
  sellerId: string,
  text: string,
): Promise<FoundPass | Refusal> {
  const invalid = refuse('pass.invalid', { fields: { pass: 'invalid' } });
  const given = text.trim();
  const facts = given.includes('.') ? readPass(key, given) : undefined;
  if (given.includes('.') && !facts) return invalid;
  const by = facts ? eq(pickupPass.id, facts.passId) : eq(pickupPass.code, given.toUpperCase());
  const found = first(await orm(tx).select().from(pickupPass).where(by));
  if (!found) return invalid;
  // The order's lock covers its passes. Everybody takes it first, so gate and weighbridge cannot deadlock.
  const order = await lockOrder(tx, found.deliveryOrderId);
  // Another mine's gate learns nothing about the pass.
  if (!order || order.sellerId !== sellerId) return invalid;
  return { pass: first(await orm(tx).select().from(pickupPass).where(by))!, order };
}

/** Why a truck that stands outside may not come in now. */
export function entryRefusal(pass: PassRow, now: Date): Refusal | undefined {
  if (!isOutside(pass.state)) return refuse('pass.used', { fields: { pass: 'used' } });
  if (pass.notBefore > now) return refuse('pass.not_yet_valid', { fields: { pass: 'not_yet_valid' } });
  if (pass.notAfter < now) return refuse('pass.expired', { fields: { pass: 'expired' } });
  return undefined;
}

/** Why it may not be weighed: once it was let in, the time of the pass has done its work. */
export function weighingRefusal(pass: PassRow, now: Date): Refusal | undefined {
  return isInside(pass.state) ? undefined : entryRefusal(pass, now);
}

/** The pass behind a token or a printed code, if it may be let in now at this seller's gate. */
export async function usablePass(
  tx: Tx,
  key: PassKey,
  sellerId: string,
  text: string,
  now: Date,
): Promise<FoundPass | Refusal> {
  const found = await findPass(tx, key, sellerId, text);
  if ('refused' in found) return found;
  const refusal = entryRefusal(found.pass, now);
  if (refusal) return refusal;
  return found.order.state === 'suspended' ? refuse('delivery_order.suspended') : found;
}

/** Who makes which step by hand; weighing has ways of its own. */
const BUYERS: readonly PassMove[] = ['send', 'cancel'];

export async function movePass(
  tx: Tx,
  principal: Principal,
  of: {
    readonly deliveryOrderId: string;
    readonly passId: string;
    readonly move: 'send' | 'cancel' | 'arrive' | 'admit' | 'load' | 'refuse';
    readonly reason?: string | undefined;
    readonly now: Date;
  },
): Promise<PassRow | Refusal> {
  const order = await lockOrder(tx, of.deliveryOrderId);
  const buyers = BUYERS.includes(of.move);
  const mine = buyers ? order?.buyerId : order?.sellerId;
  if (!order || mine !== principal.organisationId) return refuse('resource.not_found');
  const known = /^[0-9a-f-]{36}$/.test(of.passId);
  const pass = known
    ? first(await orm(tx).select().from(pickupPass).where(eq(pickupPass.id, of.passId)))
    : undefined;
  if (pass?.deliveryOrderId !== order.id) return refuse('resource.not_found');
  const closed = orderRefusal(order);
  // What is cancelled while all stands still stays cancelled.
  if (closed && !(of.move === 'cancel' && order.state === 'suspended')) return closed;
  const refusal = of.move === 'admit' && isOutside(pass.state) ? entryRefusal(pass, of.now) : undefined;
  if (refusal) return refusal;
  const moved = await movePassRow(tx, pass, of.move, {
    by: { side: buyers ? 'buyer' : 'seller', personId: principal.personId },
    at: of.now,
    now: of.now,
    ...(of.reason !== undefined && { detail: of.reason }),
  });
  return moved ?? refuse('pass.move_not_possible', { accepted: { state: pass.state } });
}

/** The time of a pass is over: a truck that never came in will not. Safe at any time and twice. */
export async function endPass(tx: Tx, passId: string, now: Date): Promise<void> {
  const found = first(await orm(tx).select().from(pickupPass).where(eq(pickupPass.id, passId)));
  if (!found) return;
  await lockOrder(tx, found.deliveryOrderId);
  const pass = first(await orm(tx).select().from(pickupPass).where(eq(pickupPass.id, passId)))!;
  if (pass.notAfter > now) return;
  await movePassRow(tx, pass, 'lapse', { by: { side: 'exchange' }, at: pass.notAfter, now });
}
