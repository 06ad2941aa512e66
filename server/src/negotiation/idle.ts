/** A talk in which nobody says anything ends by itself: it may hold an answer to a request. */
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import { addEntry, lastOffer, releaseAnswer } from './ground.ts';
import { IDLE_MS } from './limits.ts';
import type { NegotiationDeps } from './ports.ts';
import { type NegotiationRow, negotiation } from './tables.ts';

export const IDLE_TOPIC = 'negotiation.end_idle';

/** Looks again when the talk as it stands now would have been silent for too long. */
export async function enqueueIdleCheck(tx: Tx, row: NegotiationRow): Promise<void> {
  await enqueue(tx, {
    effectKey: `negotiation:${row.id}:idle:${row.entries}`,
    topic: IDLE_TOPIC,
    payload: { negotiationId: row.id },
    notBefore: new Date(row.updatedAt.getTime() + IDLE_MS),
  });
}

/** Safe at any time and twice. A standing offer keeps the talk open. */
export async function endIdle(
  tx: Tx,
  deps: Pick<NegotiationDeps, 'clock' | 'requests'>,
  id: string,
): Promise<void> {
  const row = first(await orm(tx).select().from(negotiation).where(eq(negotiation.id, id)).for('update'));
  if (row?.state !== 'open') return;
  const now = deps.clock.now();
  const standing = (await lastOffer(tx, id))?.state === 'proposed';
  if (standing || row.updatedAt.getTime() + IDLE_MS > now.getTime()) {
    await enqueueIdleCheck(tx, standing ? { ...row, updatedAt: now } : row);
    return;
  }
  const word = { kind: 'ended', side: null, personId: null, body: {}, at: now } as const;
  await addEntry(tx, row, word, { state: 'ended' });
  await releaseAnswer(tx, deps, row, now);
}
