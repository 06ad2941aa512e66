/** A complaint was upheld: the same goods come to auction once more, on the same terms. */
import { movedTerms } from '@seam/engine';
import { instant } from '@seam/units';
import { type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { GoodsPorts } from './commands.ts';
import { type AuctionRow, auction } from './tables.ts';

/** Bidders need time to see it and to set money aside again. */
const NOTICE_MS = 24 * 3_600_000;

/** In the transaction that concludes the void one: its goods are free again, and are set aside at once. */
export async function holdAgain(tx: Tx, deps: GoodsPorts, row: AuctionRow): Promise<void> {
  const goods = await reserve(tx, deps, row);
  // Gone meanwhile: sold, withdrawn or expired. Then there is nothing to auction.
  if (isRefusal(goods)) return;
  const id = newId();
  // Its catalogue has gone on without it.
  const { catalogue: _, ...own } = row.terms;
  const [{ now } = { now: new Date(0) }] = await tx<{ now: Date }[]>`select now() as now`;
  const opensAt = Math.max(now.getTime(), row.closesAt.getTime()) + NOTICE_MS;
  const terms = movedTerms({ ...own, auctionId: id }, instant(opensAt));
  await orm(tx)
    .insert(auction)
    .values({
      id,
      listingId: row.listingId,
      requestId: row.requestId,
      ownerId: row.ownerId,
      title: row.title,
      state: 'requested',
      terms,
      currency: row.currency,
      opensAt: new Date(terms.opensAt),
      closesAt: new Date(terms.closesAt),
      requestedBy: row.requestedBy,
    });
  await enqueue(tx, {
    effectKey: `auction:${id}:schedule`,
    topic: 'auctions.schedule',
    payload: { auctionId: id },
  });
}

async function reserve(tx: Tx, { listings, requests }: GoodsPorts, row: AuctionRow) {
  const { listingId, requestId, ownerId, terms } = row;
  if (listingId !== null) return listings.reserveForAuction(tx, { listingId, sellerId: ownerId });
  const quantityKg = BigInt(terms.quantity) * BigInt(terms.lotSize);
  return requests.reserveForAuction(tx, { requestId: requestId ?? '', buyerId: ownerId, quantityKg });
}
