/** What other slices may use of listings. Everything here runs in the caller's transaction. */
import type { Assay } from '@seam/coal';
import type { Currency } from '@seam/units';
import type { Connection, Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { assayOf } from './assay.ts';
import { closedTo, lockListing, move, sell } from './commands.ts';
import { notOnMarket } from './lifecycle.ts';
import type { Actor } from './ports.ts';
import { listingById } from './queries.ts';
import { mineById, placeById } from './sites.ts';
import { rowAtVersion } from './versions.ts';
import type { ListingRow } from './tables.ts';

export type { Accepted, FieldErrors } from './assay.ts';
export { assayOf } from './assay.ts';
export { lacksSide, withImported } from './companies.ts';
export { type DirectSale, makeSale, monthsOf, saleValue } from './direct-sale.ts';
export { createListing } from './offer.ts';
export { notOnMarket } from './lifecycle.ts';
export {
  type Carriage,
  type Destined,
  type Freight,
  type FreightBook,
  type FreightEnd,
  type FreightHolder,
  type WayFigure,
  carriage,
  carriages,
  cheapestWay,
  currencyOf,
  reaches,
  referenceMarket,
  referenceRate,
} from './market.ts';
export type { Actor, CreateSale, ListingDeps, OrganisationFacts, Organisations } from './ports.ts';
export { listingById, listingsById, openListings } from './queries.ts';
export {
  checkCoordinates,
  checkWindow,
  endOfDay,
  isDay,
  readDeadline,
  readPrice,
  readQuantity,
  readValidUntil,
  refusalOf,
} from './readers.ts';
export { actorOf } from './routes.ts';
export { statementOf } from './quality.ts';
export { createPlace, placeById, placeView, placesById, registerMine, registerPlace } from './sites.ts';
export { listingRoutes } from './routes.ts';
export { listingBuyingRoutes } from './buying/routes.ts';
export { importEia923 } from './import.ts';
export { type LotReader, openLotReader } from './uploads/reader.ts';
export { listingUploadRoutes } from './uploads/routes.ts';
export { listingWork } from './work.ts';
export type { ListingRow, PlaceRow } from './tables.ts';
export { landedOfMatch, partyOf, summaries as listingSummaries } from './view.ts';

/** What a contract binds: the promise of the lot, frozen at this moment. */
export type ListingTerms = {
  readonly listingId: string;
  readonly listingVersion: number;
  readonly sellerId: string;
  readonly coalRank: string;
  readonly mine: { readonly name: string; readonly nameZh: string | null; readonly country: string };
  readonly assay: Assay;
  readonly deliveryTerm: string;
  readonly deliveryPlace: { readonly name: string; readonly nameZh: string | null };
  /** Calendar days, both included. */
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly transport: string;
};

/**
 * @param version the one that was sold; null or left out: as it stands now.
 * @returns undefined when there is no such lot, or it is an imported record.
 */
export async function listingForContract(
  connection: Connection,
  listingId: string,
  version?: number | null,
): Promise<ListingTerms | undefined> {
  const now = await listingById(connection, listingId);
  const row = now && (await rowAtVersion(connection, now, version ?? now.version));
  if (!row || row.source !== 'member' || !row.deliveryPlaceId || !row.deliveryTerm) return undefined;
  const mine = await mineById(connection, row.mineId);
  const delivery = await placeById(connection, row.deliveryPlaceId);
  assert(mine && delivery, `listing ${row.id} has lost its places`);
  return {
    listingId: row.id,
    listingVersion: row.version,
    sellerId: row.sellerId,
    coalRank: row.coalRank,
    mine: { name: mine.name, nameZh: mine.nameZh, country: mine.country },
    assay: assayOf(row),
    deliveryTerm: row.deliveryTerm,
    deliveryPlace: { name: delivery.name, nameZh: delivery.nameZh },
    windowFrom: row.windowFrom,
    windowTo: row.windowTo,
    transport: row.transport,
  };
}

export type ReservedListing = {
  readonly listingId: string;
  readonly version: number;
  readonly sellerId: string;
  readonly remainingKg: bigint;
  readonly currency: Currency;
  /** Minor units per tonne; null when the seller named none. */
  readonly startPrice: bigint | null;
  readonly coalRank: string;
  readonly mineName: string;
  readonly mineNameZh: string | null;
};

/** Takes a lot of `sellerId` off the open market for an auction: nobody can buy, withdraw or reprice it. */
export async function reserveForAuction(
  tx: Tx,
  listingId: string,
  sellerId: string,
): Promise<ReservedListing | Refusal> {
  const row = await lockListing(tx, listingId);
  if (!row || row.source !== 'member' || row.sellerId !== sellerId) return refuse('resource.not_found');
  const closed = notOnMarket(row.state);
  if (closed) return closed;
  await move(tx, row, 'reserve');
  const mine = await mineById(tx, row.mineId);
  assert(mine && row.currency, `listing ${row.id} has no mine or currency`);
  return {
    listingId: row.id,
    version: row.version,
    sellerId: row.sellerId,
    remainingKg: row.remainingKg,
    currency: row.currency,
    startPrice: row.startPrice,
    coalRank: row.coalRank,
    mineName: mine.name,
    mineNameZh: mine.nameZh,
  };
}

/** Books what an auction awarded. @throws when it awarded more than the lot has: the auction is wrong. */
export async function markSold(tx: Tx, listingId: string, kg: bigint): Promise<void> {
  const row = await lockListing(tx, listingId);
  assert(row && row.state === 'in_auction', `listing ${listingId} is not in an auction`);
  assert(kg > 0n && kg <= row.remainingKg, `listing ${listingId} has ${row.remainingKg} kg, not ${kg}`);
  await sell(tx, row, kg);
}

/** Ends the reservation. What is left goes back to the market, or has expired meanwhile. Safe twice. */
export async function releaseFromAuction(tx: Tx, listingId: string, now: Date): Promise<void> {
  const row = await lockListing(tx, listingId);
  if (row?.state !== 'in_auction') return;
  await move(tx, row, row.expiresAt <= now ? 'expire' : 'release');
}

/** What a buyer takes of a lot outside the take route: locked, checked, and what is left lowered. */
export async function sellFromListing(
  tx: Tx,
  of: { listingId: string; buyer: Actor; quantityKg: bigint; now: Date },
): Promise<ListingRow | Refusal> {
  const row = await lockListing(tx, of.listingId);
  if (!row) return refuse('resource.not_found');
  const closed = closedTo(row, of.buyer, of.now);
  if (closed) return closed;
  const sold = await sell(tx, row, of.quantityKg);
  return isRefusal(sold) ? sold : row;
}
