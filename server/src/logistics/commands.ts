/**
 * The delivery order: how it comes to be, its end, the analysis. Its row is locked for every step of every truck,
 * so two weighings never lift the same kilogram.
 */
import type { CertifiedQuality, ClauseParameter, EnergyUnit } from '@seam/coal';
import { certifiedValue } from '@seam/coal';
import type { AnalysisValue } from '@seam/protocol';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { type BindingContract, bindingContract } from '../contracts/public.ts';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { openCase } from './cases.ts';
import { INSIDE, OUTSIDE } from './lifecycle.ts';
import { movePassRow } from './moves.ts';
import {
  type DeliveryOrderRow,
  type PassRow,
  certificateOfAnalysis,
  deliveryOrder,
  pickupPass,
} from './tables.ts';

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
  if (order.state !== 'active') return refuse('delivery_order.completed');
  if (order.liftedKg === 0n) return refuse('delivery_order.not_delivered');
  if ((await passesOf(tx, order.id, INSIDE)).length > 0) return refuse('delivery_order.truck_inside');
  await complete(tx, order, input.now);
  return { deliveryOrderId: order.id };
}

/** The caller holds the order's lock. Trucks that wait are cancelled; one that is inside is for people to decide. */
export async function complete(tx: Tx, order: DeliveryOrderRow, now: Date): Promise<void> {
  await orm(tx)
    .update(deliveryOrder)
    .set({ state: 'completed', completedAt: now })
    .where(eq(deliveryOrder.id, order.id));
  const step = { by: { side: 'exchange' }, at: now, now } as const;
  for (const pass of await passesOf(tx, order.id, OUTSIDE)) await movePassRow(tx, pass, 'cancel', step);
  for (const pass of await passesOf(tx, order.id, INSIDE)) {
    await openCase(tx, {
      kind: 'truck_inside_at_end',
      subject: pass.id,
      detail: `The delivery ended while truck ${pass.plate} was ${pass.state}.`,
      passId: pass.id,
      deliveryOrderId: order.id,
      now,
    });
  }
  await announceResult(tx, order.id);
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
