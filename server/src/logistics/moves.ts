/**
 * One step of a truck: the pass moves as its table allows, and the step is on record for ever. Whoever calls holds
 * the lock of the delivery order.
 */
import type { PassEvent, PassMove, PassState } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { enqueue } from '../platform/outbox.ts';
import { nextPassState } from './lifecycle.ts';
import { type PassRow, passEvent, pickupPass } from './tables.ts';

export type MovedBy = {
  readonly side: PassEvent['by'];
  readonly personId?: string;
  readonly device?: { readonly id: string; readonly sequence: number };
};
export type Step = {
  readonly by: MovedBy;
  /** When it happened; `now` is when it is told. */
  readonly at: Date;
  readonly now: Date;
  readonly detail?: string;
};

/** @returns the pass after the move; undefined when it cannot be made, and nothing is written. */
export async function movePassRow(
  tx: Tx,
  pass: PassRow,
  move: PassMove,
  step: Step,
): Promise<PassRow | undefined> {
  const state = nextPassState(pass.state, move);
  if (state === undefined) return undefined;
  await orm(tx).update(pickupPass).set({ state }).where(eq(pickupPass.id, pass.id));
  await recordEvent(tx, pass, move, state, step);
  if (state === 'gate_out') await tellGateOut(tx, pass.id);
  return { ...pass, state };
}

/** Settlement releases the part of the seller for this truck. */
async function tellGateOut(tx: Tx, passId: string): Promise<void> {
  const [out] = await tx<{ contractId: string; ticketId: string; netKg: string }[]>`
    select o.contract_id as "contractId", t.id::text as "ticketId", t.net_kg::text as "netKg"
      from weighbridge_ticket t join delivery_order o on o.id = t.delivery_order_id where t.pass_id = ${passId}`;
  assert(out, `pass ${passId} left the gate without a weighing`);
  await enqueue(tx, {
    effectKey: `logistics:gate_out:${out.ticketId}`,
    topic: 'logistics.gate_out',
    payload: out,
  });
}

/** Also for what changes nothing: a truck let in twice is on record twice. */
export async function recordEvent(
  tx: Tx,
  pass: PassRow,
  move: PassEvent['move'],
  state: PassState,
  { by, at, now, detail }: Step,
): Promise<void> {
  await orm(tx)
    .insert(passEvent)
    .values({
      passId: pass.id,
      move,
      fromState: pass.state,
      toState: state,
      at,
      recordedAt: now,
      bySide: by.side,
      personId: by.personId ?? null,
      deviceId: by.device?.id ?? null,
      sequence: by.device?.sequence ?? null,
      detail: detail ?? null,
    });
}
