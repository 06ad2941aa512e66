/**
 * Room on lanes. The row of a slot is the truth: taking is one update that the database refuses when it would
 * pass the capacity, so two at once never get more than there is.
 */
import { formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import type { Clock } from '../platform/clock.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { Faults, refusalOf } from './input.ts';
import { SLOT_DAYS_AHEAD_MAX } from './limits.ts';
import type { ContractOf } from './ports.ts';
import { shipperOf } from './shipper.ts';
import { addDays, dayOf, slotEnd, slotOf } from './slots.ts';
import { type LaneRow, type ReservationRow, freightLane, freightReservation, freightSlot } from './tables.ts';

export type RoomDeps = { readonly clock: Clock; readonly contractOf: ContractOf };
type Taken = {
  readonly organisationId: string;
  readonly personId: string;
  readonly at: Date;
} & ({ readonly contractId: string } | { readonly quoteId: string });

/** @returns the slot of that day, or why no room is taken in it now. */
export function openSlot(
  lane: Pick<LaneRow, 'capacityPer'>,
  day: string,
  now: Date,
): { begins: string } | Refusal {
  if (lane.capacityPer === null) return refuse('freight.no_capacity');
  const begins = slotOf(lane.capacityPer, day);
  const today = dayOf(now.getTime());
  const latest = addDays(today, SLOT_DAYS_AHEAD_MAX);
  return slotEnd(lane.capacityPer, begins) < today || begins > latest
    ? refuse('freight.slot_past', {
        fields: { day: 'freight.slot_past' },
        accepted: { day: `${today} – ${latest}` },
      })
    : { begins };
}

export async function reserve(
  tx: Tx,
  deps: RoomDeps,
  principal: Principal,
  input: {
    readonly laneId: string;
    readonly day: string;
    readonly quantity: string;
    readonly contractId: string;
  },
): Promise<ReservationRow | Refusal> {
  const faults = new Faults();
  const day = faults.day('day', input.day);
  const kg = faults.quantity('quantity', input.quantity);
  const refusal = refusalOf(faults.fields);
  if (refusal) return refusal;
  const ships = await shipperOf(tx, deps.contractOf, input.contractId, principal.organisationId);
  if (isRefusal(ships)) return ships;
  const lane = await laneById(tx, input.laneId);
  if (!lane) return refuse('resource.not_found');
  const now = deps.clock.now();
  const slot = openSlot(lane, day, now);
  if (isRefusal(slot)) return slot;
  return takeRoom(
    tx,
    lane,
    { begins: slot.begins, kg },
    {
      organisationId: principal.organisationId,
      personId: principal.personId,
      contractId: input.contractId,
      at: now,
    },
  );
}

/** @param of.begins of a slot that is open. */
export async function takeRoom(
  tx: Tx,
  lane: LaneRow,
  of: { readonly begins: string; readonly kg: bigint },
  by: Taken,
): Promise<ReservationRow | Refusal> {
  const { begins, kg } = of;
  if (lane.capacityKg === null) return refuse('freight.no_capacity');
  await orm(tx)
    .insert(freightSlot)
    .values({ laneId: lane.id, begins, capacityKg: lane.capacityKg })
    .onConflictDoNothing();
  const { count } = await tx`update freight_slot set taken_kg = taken_kg + ${String(kg)}
    where lane_id = ${lane.id} and begins = ${begins} and taken_kg + ${String(kg)} <= capacity_kg`;
  if (count === 0) {
    const [slot] = await tx<{ free: string }[]>`select capacity_kg - taken_kg as free from freight_slot
      where lane_id = ${lane.id} and begins = ${begins}`;
    return refuse('freight.capacity_exceeded', {
      fields: { quantity: 'freight.capacity_exceeded' },
      accepted: { quantity: `≤ ${formatTonnes(BigInt(slot?.free ?? 0))}` },
    });
  }
  const [row] = await orm(tx)
    .insert(freightReservation)
    .values({
      id: newId(),
      laneId: lane.id,
      begins,
      organisationId: by.organisationId,
      contractId: 'contractId' in by ? by.contractId : null,
      quoteId: 'quoteId' in by ? by.quoteId : null,
      quantityKg: kg,
      state: 'held',
      createdBy: by.personId,
      createdAt: by.at,
    })
    .returning();
  if (!row) throw new Error('the reservation was not stored');
  return row;
}

/** By the company that holds it; room that a quote took is given back with the quote's request. */
export async function release(
  tx: Tx,
  deps: Pick<RoomDeps, 'clock'>,
  principal: Principal,
  id: string,
): Promise<ReservationRow | Refusal> {
  const row = first(
    await orm(tx).select().from(freightReservation).where(eq(freightReservation.id, id)).for('update'),
  );
  if (!row || row.organisationId !== principal.organisationId) return refuse('resource.not_found');
  if (row.state === 'released') return refuse('freight.released');
  return giveBack(tx, row, deps.clock.now());
}

/** Of a reservation that is locked and held. */
async function giveBack(tx: Tx, row: ReservationRow, at: Date): Promise<ReservationRow> {
  await tx`update freight_slot set taken_kg = taken_kg - ${String(row.quantityKg)}
    where lane_id = ${row.laneId} and begins = ${row.begins}`;
  const released = { state: 'released' as const, releasedAt: at };
  await orm(tx).update(freightReservation).set(released).where(eq(freightReservation.id, row.id));
  return { ...row, ...released };
}

/** Everything that is held for a contract or by a quote. Safe twice. @returns how many. */
export async function releaseAll(
  tx: Tx,
  of: { readonly contractId: string } | { readonly quoteId: string },
  at: Date,
): Promise<number> {
  const whose =
    'contractId' in of
      ? eq(freightReservation.contractId, of.contractId)
      : eq(freightReservation.quoteId, of.quoteId);
  const rows = await orm(tx)
    .select()
    .from(freightReservation)
    .where(and(whose, eq(freightReservation.state, 'held')))
    .orderBy(freightReservation.laneId, freightReservation.begins)
    .for('update');
  for (const row of rows) await giveBack(tx, row, at);
  return rows.length;
}

export async function laneById(tx: Tx, id: string): Promise<LaneRow | undefined> {
  // Shared: a change of capacity waits, other takers do not.
  return first(await orm(tx).select().from(freightLane).where(eq(freightLane.id, id)).for('share'));
}
