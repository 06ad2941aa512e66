/** The goods behind an auction: who sells what to whom, and what goes back on the market. */
import { forfeitSecurity, partyAccount } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { directionOf } from '../exchange/format-terms.ts';
import { post } from '../settlement/public.ts';
import type { GoodsPorts } from './commands.ts';
import { promisedHeat } from './promised-heat.ts';
import type { Supply } from './supply.ts';
import { type AuctionRow, type auctionAward, auctionBid } from './tables.ts';

export type Award = typeof auctionAward.$inferSelect;

export function kilogramsOf({ terms }: AuctionRow, award: Pick<Award, 'quantityLots'>): bigint {
  return BigInt(award.quantityLots) * BigInt(terms.lotSize);
}

/** What was put up, with what of it was sold or bought; the rest is on the market again. */
export async function concludeGoods(
  tx: Tx,
  ports: GoodsPorts,
  row: AuctionRow,
  tradedKg: bigint,
): Promise<void> {
  const { listingId, requestId, terms } = row;
  if (listingId !== null) await ports.listings.concludeAuction(tx, { listingId, soldKg: tradedKg });
  if (requestId === null) return;
  const quantityKg = BigInt(terms.quantity) * BigInt(terms.lotSize);
  await ports.requests.concludeAuction(tx, { requestId, quantityKg, boughtKg: tradedKg });
}

/** Who sells to whom, and from which lot: in a purchase the winner from its own. */
export function partiesOf(row: AuctionRow, supplies: readonly Supply[], winnerId: string) {
  if (directionOf(row.terms) === 'sell') {
    assert(row.listingId !== null, `auction ${row.id} sells no lot`);
    return { listingId: row.listingId, sellerId: row.ownerId, buyerId: winnerId };
  }
  const supply = supplies.find((one) => one.accountId === winnerId);
  assert(supply, `${winnerId} won auction ${row.id} without a lot to supply from`);
  return { listingId: supply.listingId, sellerId: winnerId, buyerId: row.ownerId };
}

/** A promise broken in the auction is paid to whom it was given. */
export async function forfeitPenalties(
  tx: Tx,
  row: AuctionRow,
  kept: ReadonlyMap<string, bigint>,
): Promise<void> {
  const currency = row.terms.currency as Currency;
  for (const [orgId, amount] of kept) {
    assert(amount >= 0n, `security of ${orgId} in auction ${row.id} does not cover its awards`);
    if (amount === 0n) continue;
    const forfeited = await post(
      tx,
      forfeitSecurity({
        subject: `auction:${row.id}`,
        orgId,
        from: partyAccount(orgId, currency, 'bid_security'),
        to: partyAccount(row.ownerId, currency, 'free'),
        amount: minor(amount),
      }),
    );
    assert(forfeited.ok, `penalty of ${orgId} in auction ${row.id}`);
  }
}

/** What the winning offer declared besides its price is what the contract promises. */
export async function heatOf(tx: Tx, { id, terms }: AuctionRow, bidSeq: number) {
  const [bid] = await orm(tx)
    .select({ merit: auctionBid.merit })
    .from(auctionBid)
    .where(and(eq(auctionBid.auctionId, id), eq(auctionBid.seq, bidSeq)));
  return promisedHeat(terms, bid?.merit ?? null);
}
