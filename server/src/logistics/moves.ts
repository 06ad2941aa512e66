/**
 * One step of a truck: the pass moves as its table allows, and the step is on record for ever. Whoever calls holds
 * the lock of the delivery order.
 */
import type { PassEvent, PassMove, PassState } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
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
  return { ...pass, state };
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
