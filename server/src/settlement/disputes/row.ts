/** A dispute and its settlement, locked in this order for every step, and the step written down. */
import type { DisputeStep } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { lockSettlement } from '../trade/row.ts';
import type { SettlementRow } from '../trade/tables.ts';
import { type DisputeMove, TIME_BOXES, isOver, moveDispute } from './lifecycle.ts';
import type { Side } from './rules.ts';
import { type DisputeRow, dispute, step } from './tables.ts';

export type Locked = { readonly row: DisputeRow; readonly settlement: SettlementRow };
/** Who takes a step; nobody where time does. */
export type By = { readonly side: Side | 'centre'; readonly personId: string } | null;

export async function lockDispute(tx: Tx, id: string): Promise<Locked | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const known = first(await orm(tx).select().from(dispute).where(eq(dispute.id, id)));
  const settlement = known && (await lockSettlement(tx, known.contractId));
  const row = known && first(await orm(tx).select().from(dispute).where(eq(dispute.id, id)).for('update'));
  return row && settlement && { row, settlement };
}

/** As `lockDispute`, for one of the two sides; a dispute of others is not found. */
export async function lockAsParty(
  tx: Tx,
  principal: Pick<Principal, 'organisationId'>,
  id: string,
): Promise<(Locked & { readonly side: Side }) | undefined> {
  const locked = await lockDispute(tx, id);
  const side = locked && sideOf(locked.settlement, principal);
  return locked && side && { ...locked, side };
}

export function sideOf(
  row: Pick<SettlementRow, 'buyerId' | 'sellerId'>,
  { organisationId }: Pick<Principal, 'organisationId'>,
): Side | undefined {
  if (row.buyerId === organisationId) return 'buyer';
  return row.sellerId === organisationId ? 'seller' : undefined;
}

export async function note(tx: Tx, id: string, move: DisputeStep, by: By, at: Date): Promise<void> {
  const { side, personId } = by ?? { side: null, personId: null };
  await orm(tx).insert(step).values({ disputeId: id, move, side, personId, at });
}

export async function change(tx: Tx, id: string, values: Partial<DisputeRow>): Promise<void> {
  await orm(tx).update(dispute).set(values).where(eq(dispute.id, id));
}

/**
 * Moves on to the next state with its own deadline, which the outbox keeps where time acts.
 * @param as what readers of the course see.
 */
export async function advance(
  tx: Tx,
  row: DisputeRow,
  move: DisputeMove,
  of: { readonly by: By; readonly now: Date; readonly as: DisputeStep; readonly set?: Partial<DisputeRow> },
): Promise<DisputeRow> {
  const state = moveDispute(row.state, move);
  assert(state, `dispute ${row.id} cannot ${move} from ${row.state}`);
  const box = TIME_BOXES[state];
  const dueAt = box ? new Date(of.now.getTime() + box.ms) : null;
  const values = { ...of.set, state, dueAt, endedAt: isOver(state) ? of.now : null };
  await change(tx, row.id, values);
  await note(tx, row.id, of.as, of.by, of.now);
  if (dueAt && box?.byTime) await awaitDeadline(tx, row.id, state, dueAt);
  return { ...row, ...values };
}

export async function awaitDeadline(tx: Tx, id: string, state: string, notBefore: Date): Promise<void> {
  await enqueue(tx, {
    effectKey: `dispute:${id}:${state}`,
    topic: 'dispute.deadline',
    payload: { disputeId: id, state },
    notBefore,
  });
}
