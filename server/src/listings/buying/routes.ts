/** HTTP of buyers' postings. */
import { type BuyListingView, listingBuyingRoutes as routes } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { and, desc, eq, gt, lt } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { type Connection, first, orm } from '../../platform/db.ts';
import { read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { PAGE_DEFAULT } from '../limits.ts';
import type { ListingDeps } from '../ports.ts';
import { placeView, placesById } from '../sites.ts';
import { partyOf } from '../view.ts';
import { createBuyListing, deliverInto, stateAt, withdrawBuyListing } from './commands.ts';
import { type BuyRow, buyListing } from './tables.ts';

export function listingBuyingRoutes(app: FastifyInstance, deps: ListingDeps): void {
  const one = async (
    connection: Connection,
    row: BuyRow | Refusal | undefined,
    principal: Principal | null,
  ): Promise<BuyListingView | Refusal> => {
    if (!row) return refuse('resource.not_found');
    if (isRefusal(row)) return row;
    return (await views(connection, deps, [row], principal))[0] ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listBuyListings, async ({ connection, query, maybePrincipal }) => {
    const own = query.scope === 'own';
    if (own && !maybePrincipal?.organisationId) return { items: [], nextCursor: null };
    const open = and(eq(buyListing.state, 'published'), gt(buyListing.expiresAt, deps.clock.now()));
    const rows = await orm(connection)
      .select()
      .from(buyListing)
      .where(
        and(
          own ? eq(buyListing.buyerId, maybePrincipal?.organisationId ?? '') : open,
          query.cursor === undefined ? undefined : lt(buyListing.id, query.cursor),
        ),
      )
      .orderBy(desc(buyListing.id))
      .limit(PAGE_DEFAULT + 1);
    const page = rows.slice(0, PAGE_DEFAULT);
    return {
      items: await views(connection, deps, page, maybePrincipal),
      nextCursor: rows.length > PAGE_DEFAULT ? (page.at(-1)?.id ?? null) : null,
    };
  });
  read(app, deps, routes.getBuyListing, async ({ connection, params, maybePrincipal }) => {
    const rows = await orm(connection).select().from(buyListing).where(eq(buyListing.id, params.id));
    return one(connection, first(rows), maybePrincipal);
  });
  write(app, deps, routes.createBuyListing, async ({ connection, body, principal }) =>
    one(connection, await createBuyListing(connection, deps, principal, body), principal),
  );
  write(app, deps, routes.withdrawBuyListing, async ({ connection, params, principal }) =>
    one(connection, await withdrawBuyListing(connection, deps, principal, params.id), principal),
  );
  write(app, deps, routes.deliverInto, async ({ connection, params, body, principal }) =>
    deliverInto(connection, deps, principal, params.id, body),
  );
}

async function views(
  connection: Connection,
  deps: ListingDeps,
  rows: readonly BuyRow[],
  principal: Principal | null,
): Promise<BuyListingView[]> {
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.buyerId))]);
  const places = await placesById(
    connection,
    rows.map((row) => row.deliveryPlaceId),
  );
  const now = deps.clock.now();
  return rows.map((row) => {
    const place = places.get(row.deliveryPlaceId);
    return {
      id: row.id,
      state: stateAt(row, now),
      version: row.version,
      buyer: partyOf(row.buyerId, names),
      coalRanks: row.coalRanks,
      quality: row.limits,
      quantity: formatTonnes(row.quantityKg),
      remaining: formatTonnes(row.remainingKg),
      minimumQuantity: formatTonnes(row.minimumKg),
      currency: row.currency,
      price: formatMoney(row.pricePerTonne),
      deliveryTerm: row.deliveryTerm,
      deliveryPlace: place ? placeView(place) : null,
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      note: row.note,
      expiresAt: row.expiresAt.toISOString(),
      own: row.buyerId === principal?.organisationId,
    };
  });
}
