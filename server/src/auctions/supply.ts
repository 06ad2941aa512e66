/**
 * The coal behind the offers of a purchase. A supplier names one lot with its first security; the lot is off
 * the market until the auction ends, and no security counts that would cover more than it holds. The market
 * takes no offer without security, so none without coal.
 */
import { maximumQuantityFor, requiredSecurity } from '@seam/engine';
import { type Minor, formatMoney, lots } from '@seam/units';
import { and, eq, ne } from 'drizzle-orm';
import { directionOf } from '../exchange/format-terms.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import type { ListingPort } from './listing-port.ts';
import { type AuctionRow, auctionSecurity, auctionSupply } from './tables.ts';

export type Supply = typeof auctionSupply.$inferSelect;

/** @returns why `amount` more may not be set aside; undefined: it may, and its lot is. */
export async function nameLot(
  tx: Tx,
  listings: ListingPort,
  principal: Principal,
  {
    row,
    amount,
    listingId,
  }: { readonly row: AuctionRow; readonly amount: Minor; readonly listingId: string | undefined },
): Promise<Refusal | undefined> {
  if (directionOf(row.terms) === 'sell') return undefined;
  const { organisationId } = principal;
  // Two securities of one company at once must not both think they are the first.
  await tx`select pg_advisory_xact_lock(hashtext(${`supply:${row.id}:${organisationId}`}))`;
  const known = await supplyOf(tx, row.id, organisationId);
  if (known && listingId !== undefined && listingId !== known.listingId)
    return refuse('auction.listing_unavailable');
  const supply = known ?? (await reserve(tx, listings, principal, { row, listingId }));
  if (isRefusal(supply)) return supply;
  const before = await heldBy(tx, row.id, organisationId);
  const covered = BigInt(maximumQuantityFor(row.terms, before + amount));
  if (covered * BigInt(row.terms.lotSize) <= supply.quantityKg) return undefined;
  const most = mostAmount(row, supply.quantityKg) - before;
  return refuse('bid_security.beyond_lot', {
    fields: { amount: 'bid_security.beyond_lot' },
    accepted: { amount: formatMoney(most > 0n ? most : 0n) },
  });
}

export async function supplyOf(
  connection: Connection,
  auctionId: string,
  accountId: string,
): Promise<Supply | undefined> {
  return first(
    await orm(connection)
      .select()
      .from(auctionSupply)
      .where(and(eq(auctionSupply.auctionId, auctionId), eq(auctionSupply.accountId, accountId))),
  );
}

async function reserve(
  tx: Tx,
  listings: ListingPort,
  principal: Principal,
  { row, listingId }: { readonly row: AuctionRow; readonly listingId: string | undefined },
): Promise<Supply | Refusal> {
  if (listingId === undefined) {
    return refuse('bid_security.lot_required', { fields: { listingId: 'required' } });
  }
  const accountId = principal.organisationId;
  const lot = await listings.reserveForAuction(tx, { listingId, sellerId: accountId });
  if (isRefusal(lot)) return lot;
  if (lot.currency !== row.currency) {
    return refuse('auction.listing_unavailable', { fields: { listingId: 'currency' } });
  }
  const { quantityKg } = lot;
  const [made] = await orm(tx)
    .insert(auctionSupply)
    .values({ auctionId: row.id, accountId, listingId, quantityKg, personId: principal.personId })
    .returning();
  return made!;
}

/** Set aside so far, counted by the market or on its way there. */
async function heldBy(tx: Tx, auctionId: string, accountId: string): Promise<bigint> {
  const rows = await orm(tx)
    .select({ amount: auctionSecurity.amount })
    .from(auctionSecurity)
    .where(
      and(
        eq(auctionSecurity.auctionId, auctionId),
        eq(auctionSecurity.accountId, accountId),
        ne(auctionSecurity.state, 'returned'),
      ),
    );
  return rows.reduce((sum, held) => sum + held.amount, 0n);
}

/** The largest security that covers no more than the lot: one unit less than a lot more would need. */
function mostAmount({ terms }: AuctionRow, quantityKg: bigint): bigint {
  return requiredSecurity(terms, lots(Number(quantityKg / BigInt(terms.lotSize)) + 1)) - 1n;
}
