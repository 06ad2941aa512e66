/** The weighing out: gross less tare is lifted, once for a pass, within the pass and within the order. */
import { LEGAL_GROSS_KG, type Vehicle } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Tx, UNIQUE_VIOLATION, isPgError, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { complete, lockOrder } from './commands.ts';
import { orderRefusal } from './lifecycle.ts';
import { CLOCK_AHEAD_MS, GROSS_KG_MAX, TICKET_PRECISION_MS } from './limits.ts';
import { type MovedBy, movePassRow } from './moves.ts';
import type { PassKey } from './pass-token.ts';
import { type FoundPass, findPass, weighingRefusal } from './passes.ts';
import { type DeliveryOrderRow, type PassRow, deliveryOrder, weighbridgeTicket } from './tables.ts';

/** A person of the seller writes down what the weighbridge printed. */
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
    vehicle?: Vehicle | undefined;
    now: Date;
  },
): Promise<{ deliveryOrderId: string } | Refusal> {
  const order = await lockOrder(tx, input.deliveryOrderId);
  if (!order || order.sellerId !== principal.organisationId) return refuse('resource.not_found');
  const closed = orderRefusal(order);
  if (closed) return closed;
  const found = await findPass(tx, key, principal.organisationId, input.pass);
  if ('refused' in found) return found;
  const { pass } = found;
  const refusal = weighingRefusal(pass, input.now);
  if (refusal) return refusal;
  if (pass.deliveryOrderId !== order.id)
    return refuse('pass.other_order', { fields: { pass: 'other_order' } });
  if (pass.vehicle !== null && input.vehicle !== undefined && input.vehicle !== pass.vehicle)
    return refuse('weighing.vehicle_differs', {
      fields: { vehicle: 'weighing.vehicle_differs' },
      accepted: { vehicle: pass.vehicle },
    });
  const vehicle = pass.vehicle ?? input.vehicle;
  const legal = vehicle && LEGAL_GROSS_KG[vehicle];
  if (legal !== undefined && (parseTonnes(input.gross) ?? 0n) > BigInt(legal))
    return refuse('weighing.overloaded', {
      fields: { gross: 'weighing.overloaded' },
      accepted: { gross: String(legal / 1000) },
    });
  const weighedAt = new Date(input.weighedAt);
  const lifted = await lift(
    tx,
    { pass, order },
    {
      grossKg: parseTonnes(input.gross) ?? 0n,
      tareKg: parseTonnes(input.tare) ?? 0n,
      number: input.number,
      weighedAt,
      now: input.now,
      recordedBy: principal.personId,
    },
  );
  if ('refused' in lifted) return lifted;
  const by: MovedBy = { side: 'seller', personId: principal.personId };
  const out = await movePassRow(tx, pass, 'weigh_out', { by, at: weighedAt, now: input.now });
  assert(out, `pass ${pass.id} was weighed out of ${pass.state}`);
  await endIfExhausted(tx, order, lifted.liftedKg, input.now);
  return { deliveryOrderId: order.id };
}

export type NewTicket = {
  readonly grossKg: bigint;
  readonly tareKg: bigint;
  readonly number: string;
  readonly weighedAt: Date;
  readonly now: Date;
  readonly recordedBy: string;
  /** What a weighbridge with a key of its own tells besides. */
  readonly signed?: {
    readonly deviceId: string;
    readonly axles: number;
    readonly tareAt: Date;
    readonly photoSha256: string;
    readonly tarePhotoSha256: string | null;
  };
};

/** Books the kilograms. The caller holds the order's lock, moves the pass, and then ends an exhausted order. */
export async function lift(
  tx: Tx,
  { pass, order }: FoundPass,
  ticket: NewTicket,
): Promise<{ netKg: bigint; liftedKg: bigint } | Refusal> {
  const weights = weigh(ticket, pass, order);
  if ('refused' in weights) return weights;
  const earliest = pass.notBefore.getTime() - TICKET_PRECISION_MS;
  const latest = ticket.now.getTime() + CLOCK_AHEAD_MS;
  const at = ticket.weighedAt.getTime();
  // Said so that a time that is in no calendar (NaN) is outside too.
  if (!(at >= earliest && at <= latest))
    return refuse('weighing.time_invalid', { fields: { weighedAt: 'out_of_range' } });
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(weighbridgeTicket)
        .values({
          id: newId(),
          deliveryOrderId: order.id,
          passId: pass.id,
          number: ticket.number,
          grossKg: ticket.grossKg,
          tareKg: ticket.tareKg,
          weighedAt: ticket.weighedAt,
          recordedBy: ticket.recordedBy,
          ...ticket.signed,
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION))
      return refuse('weighing.duplicate_ticket', { fields: { number: 'duplicate' } });
    throw error;
  }
  const liftedKg = order.liftedKg + weights.netKg;
  await orm(tx).update(deliveryOrder).set({ liftedKg }).where(eq(deliveryOrder.id, order.id));
  return { netKg: weights.netKg, liftedKg };
}

export async function endIfExhausted(
  tx: Tx,
  order: DeliveryOrderRow,
  liftedKg: bigint,
  now: Date,
): Promise<void> {
  if (liftedKg === order.quantityKg) await complete(tx, { ...order, liftedKg }, 'exhausted', now);
}

function weigh(
  { grossKg, tareKg }: { grossKg: bigint; tareKg: bigint },
  pass: PassRow,
  order: DeliveryOrderRow,
): { netKg: bigint } | Refusal {
  if (grossKg <= 0n || grossKg > GROSS_KG_MAX)
    return refuse('weighing.implausible', { fields: { gross: 'out_of_range' } });
  if (tareKg <= 0n || tareKg >= grossKg)
    return refuse('weighing.tare_not_below_gross', { fields: { tare: 'not_below_gross' } });
  const netKg = grossKg - tareKg;
  const left = order.quantityKg - order.liftedKg;
  if (netKg > left) {
    return refuse('weighing.over_lift', {
      fields: { gross: 'over_lift' },
      accepted: { net: String(Number(left) / 1000) },
    });
  }
  if (netKg > pass.maximumKg) {
    return refuse('weighing.over_pass', {
      fields: { gross: 'over_pass' },
      accepted: { net: String(Number(pass.maximumKg) / 1000) },
    });
  }
  return { netKg };
}
