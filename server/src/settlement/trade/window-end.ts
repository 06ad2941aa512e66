/** When the last day of a delivery is over. */
import type { Tx } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';

/** Until a day is over everywhere on earth. */
const DAY_ENDS_MS = 36 * 3600_000;

/** Asked for when the escrow is funded; again where an amendment has moved the window. */
export async function endWindowAfter(tx: Tx, contractId: string, windowTo: string): Promise<void> {
  await enqueue(tx, {
    effectKey: `settlement:${contractId}:window_end:${windowTo}`,
    topic: 'settlement.window_end',
    payload: { contractId, windowTo },
    notBefore: new Date(Date.parse(`${windowTo}T00:00:00Z`) + DAY_ENDS_MS),
  });
}
