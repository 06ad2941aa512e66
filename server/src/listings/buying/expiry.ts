/** When a posting ends by itself: a row of work, due then, as for lots. */
import type { Tx } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { BuyRow } from './tables.ts';

export const EXPIRE_POSTING_TOPIC = 'listings.expire_posting';

export async function enqueuePostingExpiry(tx: Tx, row: Pick<BuyRow, 'id' | 'expiresAt'>): Promise<void> {
  await enqueue(tx, {
    effectKey: `buy_listing:${row.id}:expire`,
    topic: EXPIRE_POSTING_TOPIC,
    payload: { buyListingId: row.id },
    notBefore: row.expiresAt,
  });
}
