/** When a lot ends by itself: a row of work per end, due then. */
import { type Tx } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import type { ListingRow } from './tables.ts';

export const EXPIRE_TOPIC = 'listings.expire';

/** Once per end: a lot whose end was moved by a change gets work for the new one too. */
export async function enqueueExpiry(tx: Tx, row: ListingRow): Promise<void> {
  const key = row.version === 1 ? '' : `:${row.expiresAt.toISOString()}`;
  await enqueue(tx, {
    effectKey: `listing:${row.id}:expire${key}`,
    topic: EXPIRE_TOPIC,
    payload: { listingId: row.id },
    notBefore: row.expiresAt,
  });
}
