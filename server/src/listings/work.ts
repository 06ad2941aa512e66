/** Offers end by themselves: a row of work per lot or posting, due when it ends. */
import type { Tx } from '../platform/db.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { expirePosting } from './buying/commands.ts';
import { EXPIRE_POSTING_TOPIC } from './buying/expiry.ts';
import { lockListing, move } from './commands.ts';
import { EXPIRE_TOPIC } from './expiry.ts';
import { moveListing } from './lifecycle.ts';
import type { ListingDeps } from './ports.ts';
import { withdrawReview } from './review-cases.ts';

export function listingWork(deps: Pick<ListingDeps, 'clock'>): WorkHandler[] {
  return [
    {
      topic: EXPIRE_TOPIC,
      async write(tx: Tx, item) {
        const row = await lockListing(tx, String(item.payload['listingId']));
        // In an auction the lot stays until the auction lets go of it (releaseFromAuction).
        if (!row || row.state === 'in_auction' || !moveListing(row.state, 'expire')) return;
        if (row.expiresAt > deps.clock.now()) return;
        await withdrawReview(tx, row.id);
        await move(tx, row, 'expire');
      },
    },
    {
      topic: EXPIRE_POSTING_TOPIC,
      async write(tx: Tx, item) {
        await expirePosting(tx, deps, String(item.payload['buyListingId']));
      },
    },
  ];
}
