/**
 * What moves coal: the order to deliver, a pass for each truck, the weighing out, the end, the analysis.
 * The row of the delivery order is locked for each, so two weighings never lift the same kilogram.
 */
import type { CertifiedQuality, ClauseParameter, EnergyUnit } from '@seam/coal';
import { certifiedValue } from '@seam/coal';
import type { AnalysisValue } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type BindingContract, bindingContract } from '../contracts/public.ts';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type PassKey, readPass, writePass } from './pass-token.ts';
import {
  type DeliveryOrderRow,
  type PassRow,
  certificateOfAnalysis,
  deliveryOrder,
  pickupPass,
  weighbridgeTicket,
} from './tables.ts';

/** The heaviest road trains of the trade stay below 150 t; a wagon below 130 t. */
const GROSS_KG_MAX = 150_000n;
const PASS_VALID_MS = 48 * 3600_000;
/** A weighbridge clock may run ahead of ours by this much. */
const CLOCK_AHEAD_MS = 5 * 60_000;
/** Tickets name the minute: a truck weighed in the very minute of its pass seems to come before it. */
const TICKET_PRECISION_MS = 60_000;

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

async function lockOrder(tx: Tx, id: string): Promise<DeliveryOrderRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(tx).select().from(deliveryOrder).where(eq(deliveryOrder.id, id)).for('update'));
}

/** The buyer names a truck; the exchange signs its pass. */
export async function issuePass(
  tx: Tx,
  key: PassKey,
  principal: Principal,
  input: { deliveryOrderId: string; plate: string; driver: string; maximum: string; now: Date },
): Promise<PassRow | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  if (order.state !== 'active') return refuse('delivery_order.completed');
  const maximumKg = parseTonnes(input.maximum) ?? 0n;
  if (maximumKg <= 0n) return refuse('request.invalid', { fields: { maximum: 'not_positive' } });
  const [open] = await tx<{ kg: string }[]>`select coalesce(sum(maximum_kg), 0)::text as kg from pickup_pass
    where delivery_order_id = ${order.id} and state = 'issued' and not_after > ${input.now}`;
  const left = order.quantityKg - order.liftedKg - BigInt(open!.kg);
  if (maximumKg > left) {
    return refuse('pass.quantity_exceeds_order', {
      fields: { maximum: 'exceeds_order' },
      accepted: { maximum: String(Number(left < 0n ? 0n : left) / 1000) },
    });
  }
  const id = newId();
  const notAfter = new Date(input.now.getTime() + PASS_VALID_MS);
  const token = writePass(key, {
    v: 1,
    passId: id,
    deliveryOrderId: order.id,
    plate: input.plate,
    maximumKg: String(maximumKg),
    notBefore: Math.floor(input.now.getTime() / 1000),
    notAfter: Math.floor(notAfter.getTime() / 1000),
  });
  const [row] = await orm(tx)
    .insert(pickupPass)
    .values({
      id,
      deliveryOrderId: order.id,
      code: id.slice(-12).toUpperCase(),
      plate: input.plate,
      driver: input.driver,
      maximumKg,
      notBefore: input.now,
      notAfter,
      token,
      issuedBy: principal.personId,
    })
    .returning();
  return row!;
}

/** The pass behind a token or a printed code, if it may be used now at this seller's gate. */
export async function usablePass(
  tx: Tx,
  key: PassKey,
  sellerId: string,
  text: string,
  now: Date,
): Promise<{ pass: PassRow; order: DeliveryOrderRow } | Refusal> {
  const given = text.trim();
  const facts = given.includes('.') ? readPass(key, given) : undefined;
  if (given.includes('.') && !facts) return refuse('pass.invalid', { fields: { pass: 'invalid' } });
  const by = facts ? eq(pickupPass.id, facts.passId) : eq(pickupPass.code, given.toUpperCase());
  const found = first(await orm(tx).select().from(pickupPass).where(by));
  if (!found) return refuse('pass.invalid', { fields: { pass: 'invalid' } });
  // The order's lock covers its passes. Everybody takes it first, so gate and weighbridge cannot deadlock.
  const order = await lockOrder(tx, found.deliveryOrderId);
  // Another mine's gate learns nothing about the pass.
  if (!order || order.sellerId !== sellerId) return refuse('pass.invalid', { fields: { pass: 'invalid' } });
  const pass = first(await orm(tx).select().from(pickupPass).where(by))!;
  if (pass.state !== 'issued') return refuse('pass.used', { fields: { pass: 'used' } });
  if (pass.notBefore > now) return refuse('pass.not_yet_valid', { fields: { pass: 'not_yet_valid' } });
  if (pass.notAfter < now) return refuse('pass.expired', { fields: { pass: 'expired' } });
  return { pass, order };
}

/** The seller's weighbridge weighs a truck out. */
export async function recordTicket(
  tx: Tx,
  key: PassKey,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    pass: string;
    number: string;
    gross: string;
    tare: string;
    weighedAt: string;
    now: Date;
  },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.sellerId !== principal.organisationId) return refuse('resource.not_found');
  if (order.state !== 'active') return refuse('delivery_order.completed');
  const usable = await usablePass(tx, key, principal.organisationId, input.pass, input.now);
  if ('refused' in usable) return usable;
  const { pass } = usable;
  if (pass.deliveryOrderId !== order.id)
    return refuse('pass.other_order', { fields: { pass: 'other_order' } });
  const weights = weigh(input, pass, order);
  if ('refused' in weights) return weights;
  const weighedAt = new Date(input.weighedAt);
  const earliest = pass.notBefore.getTime() - TICKET_PRECISION_MS;
  const latest = input.now.getTime() + CLOCK_AHEAD_MS;
  // Said so that a time that is in no calendar (NaN) is outside too.
  if (!(weighedAt.getTime() >= earliest && weighedAt.getTime() <= latest)) {
    return refuse('weighing.time_invalid', { fields: { weighedAt: 'out_of_range' } });
  }
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(weighbridgeTicket)
        .values({
          id: newId(),
          deliveryOrderId: order.id,
          passId: pass.id,
          number: input.number,
          grossKg: weights.gross,
          tareKg: weights.tare,
          weighedAt,
          recordedBy: principal.personId,
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION))
      return refuse('weighing.duplicate_ticket', { fields: { number: 'duplicate' } });
    throw error;
  }
  await orm(tx).update(pickupPass).set({ state: 'used' }).where(eq(pickupPass.id, pass.id));
  const liftedKg = order.liftedKg + weights.net;
  await orm(tx).update(deliveryOrder).set({ liftedKg }).where(eq(deliveryOrder.id, order.id));
  if (liftedKg === order.quantityKg) await complete(tx, { ...order, liftedKg }, input.now);
  return { deliveryOrderId: order.id };
}

function weigh(
  input: { gross: string; tare: string },
  pass: PassRow,
  order: DeliveryOrderRow,
): { gross: bigint; tare: bigint; net: bigint } | Refusal {
  const gross = parseTonnes(input.gross) ?? 0n;
  const tare = parseTonnes(input.tare) ?? 0n;
  if (gross <= 0n || gross > GROSS_KG_MAX)
    return refuse('weighing.implausible', { fields: { gross: 'out_of_range' } });
  if (tare <= 0n || tare >= gross)
    return refuse('weighing.tare_not_below_gross', { fields: { tare: 'not_below_gross' } });
  const net = gross - tare;
  const left = order.quantityKg - order.liftedKg;
  if (net > left) {
    return refuse('weighing.over_lift', {
      fields: { gross: 'over_lift' },
      accepted: { net: String(Number(left) / 1000) },
    });
  }
  if (net > pass.maximumKg) {
    return refuse('weighing.over_pass', {
      fields: { gross: 'over_pass' },
      accepted: { net: String(Number(pass.maximumKg) / 1000) },
    });
  }
  return { gross, tare, net };
}

/** The buyer ends the lifting; what was not lifted lapses and is refunded by the final invoice. */
export async function completeDelivery(
  tx: Tx,
  principal: Principal,
  input: { deliveryOrderId: string; now: Date },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.buyerId !== principal.organisationId) return refuse('resource.not_found');
  if (order.state !== 'active') return refuse('delivery_order.completed');
  if (order.liftedKg === 0n) return refuse('delivery_order.not_delivered');
  await complete(tx, order, input.now);
  return { deliveryOrderId: order.id };
}

async function complete(tx: Tx, order: DeliveryOrderRow, now: Date): Promise<void> {
  await orm(tx)
    .update(deliveryOrder)
    .set({ state: 'completed', completedAt: now })
    .where(eq(deliveryOrder.id, order.id));
  await tx`update pickup_pass set state = 'cancelled' where delivery_order_id = ${order.id} and state = 'issued'`;
  await announceResult(tx, order.id);
}

/**
 * The time of a delivery is over: what was not lifted lapses.
 * @returns the kilograms lifted; undefined while there is no order.
 */
export async function endDelivery(tx: Tx, contractId: string, now: Date): Promise<bigint | undefined> {
  const found = first(
    await orm(tx).select().from(deliveryOrder).where(eq(deliveryOrder.contractId, contractId)).for('update'),
  );
  if (found?.state === 'active') await complete(tx, found, now);
  return found?.liftedKg;
}

/** Settlement goes on when the weight is final and the quality is certified, whichever comes last. */
async function announceResult(tx: Tx, id: string): Promise<void> {
  const [ready] = await tx<{ contract_id: string }[]>`select o.contract_id from delivery_order o
    join certificate_of_analysis c on c.delivery_order_id = o.id where o.id = ${id} and o.state = 'completed'`;
  if (!ready) return;
  await enqueue(tx, {
    effectKey: `settlement:${ready.contract_id}:result`,
    topic: 'settlement.result',
    payload: { contractId: ready.contract_id },
  });
}

/** Staff enters what the independent laboratory certified. It must answer every rule of the contract. */
export async function recordAnalysis(
  tx: Tx,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    number: string;
    laboratory: string;
    sampledOn: string;
    values: readonly AnalysisValue[];
    now: Date;
  },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order) return refuse('resource.not_found');
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  const fields = implausible(input.values);
  if (!isPastDay(input.sampledOn, input.now)) fields['sampledOn'] = 'out_of_range';
  if (Object.keys(fields).length > 0) return refuse('certificate_of_analysis.value_invalid', { fields });
  const quality: CertifiedQuality = {
    values: input.values.map((value) => ({
      parameter: value.parameter as ClauseParameter,
      unit: value.unit as '%' | EnergyUnit,
      ...(value.basis === undefined ? {} : { basis: value.basis }),
      ...(value.kind === undefined ? {} : { kind: value.kind }),
      value: value.value,
    })),
  };
  const lacking = missingFor(contract, quality);
  if (lacking.length > 0) {
    return refuse('certificate_of_analysis.incomplete', {
      fields: Object.fromEntries(lacking.map((name) => [name, 'required'])),
    });
  }
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(certificateOfAnalysis)
        .values({
          id: newId(),
          deliveryOrderId: order.id,
          number: input.number,
          laboratory: input.laboratory,
          sampledOn: input.sampledOn,
          quality,
          recordedBy: principal.personId,
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION, 'certificate_of_analysis_laboratory_number_key')) {
      return refuse('certificate_of_analysis.duplicate_number', { fields: { number: 'duplicate' } });
    }
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('certificate_of_analysis.exists');
    throw error;
  }
  await announceResult(tx, order.id);
  return { deliveryOrderId: order.id };
}

/** The day is in the calendar, and has begun somewhere on earth. */
function isPastDay(day: string, now: Date): boolean {
  const start = Date.parse(`${day}T00:00:00+14:00`);
  // V8 takes the 31st of every month and goes on into the next one.
  const exists = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
  return exists && start <= now.getTime();
}

/** Values no laboratory can have found, by parameter. */
function implausible(values: readonly AnalysisValue[]): Record<string, string> {
  const fields: Record<string, string> = {};
  const stated = new Set<string>();
  for (const value of values) {
    const measure = `${value.parameter} ${value.basis} ${value.kind}`;
    // Two answers to one question: nobody may choose between them later.
    if (stated.has(measure)) fields[value.parameter] = 'duplicate';
    stated.add(measure);
    const heat = value.parameter === 'calorificValue';
    const share = value.unit === '%';
    if (heat === share || (heat && !value.kind) || !value.basis) fields[value.parameter] = 'unit_or_basis';
    else if (share && Number(value.value) > 100) fields[value.parameter] = 'above_100_percent';
    else if (heat && !heatPlausible(value)) fields[value.parameter] = 'out_of_range';
  }
  return fields;
}

/** 500 to 40,000 J/g, the hard range of the quality rules. */
function heatPlausible({ unit, value }: AnalysisValue): boolean {
  const factor = unit === 'MJ/kg' ? 1000 : unit === 'kcal/kg' ? 4.1868 : 1;
  const joules = Number(value) * factor;
  return joules >= 500 && joules <= 40_000;
}

function missingFor(contract: BindingContract, quality: CertifiedQuality): string[] {
  return contract.terms.quality.rules
    .filter((rule) => certifiedValue(quality, rule) === undefined)
    .map((rule) => rule.parameter);
}
