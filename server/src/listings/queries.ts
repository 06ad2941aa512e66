/** What readers ask of the market: pages of lots, filtered, in an order that a cursor can resume. */
import { compare, convertEnergy, parseRational, roundHalfEven } from '@seam/coal';
import type { ListingItem, ListingQuery } from '@seam/protocol';
import { parseScaled } from '@seam/units';
import { type SQL, and, asc, desc, eq, gt, gte, ilike, inArray, lt, lte, or, sql } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type Cursor, cursorText, readCursor } from './cursor.ts';
import { LANDED_CANDIDATES_MAX, PAGE_DEFAULT } from './limits.ts';
import type { ListingDeps } from './ports.ts';
import { contains, placeById } from './sites.ts';
import { type ListingRow, type PlaceRow, listing, mine } from './tables.ts';
import type { Destined } from './market.ts';
import { items, landedOf, sitesOf } from './view.ts';

type ListingPage = { items: ListingItem[]; nextCursor: string | null };
type Rows = { rows: readonly ListingRow[]; next: Cursor | undefined };

/** The place with the freight to it as the reader's company has it. */
export async function destined(
  { freight }: Pick<ListingDeps, 'freight'>,
  place: PlaceRow,
  reader: Principal | null,
): Promise<PlaceRow & Destined> {
  const organisationId = reader?.organisationId;
  return { ...place, freight: await freight?.heldBy({ organisationId, toPlaceId: place.id }) };
}

/** Lots that anyone may see: on offer, and records for reference. */
export async function listListings(
  deps: Pick<ListingDeps, 'organisations' | 'clock' | 'freight'>,
  connection: Connection,
  query: ListingQuery,
  reader: Principal | null = null,
): Promise<ListingPage | Refusal> {
  const sort = query.sort ?? 'newest';
  const place = query.to === undefined ? undefined : await placeById(connection, query.to);
  const to = place && (await destined(deps, place, reader));
  if (query.to !== undefined && !to)
    return refuse('listing.place_unknown', { fields: { to: 'listing.place_unknown' } });
  if (sort === 'landed_cost' && !to) {
    return refuse('listing.destination_required', { fields: { to: 'listing.destination_required' } });
  }
  if (sort === 'price' && !query.currency) {
    return refuse('listing.currency_required', { fields: { currency: 'listing.currency_required' } });
  }
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, sort);
  if (query.cursor !== undefined && !cursor) return refuse('listing.cursor_invalid');
  const where = filters(query, deps.clock.now());
  const limit = Number(query.limit ?? PAGE_DEFAULT);
  const page =
    sort === 'landed_cost' && to
      ? await byLandedCost(connection, where, to, cursor, limit)
      : await byColumn(connection, where, sort === 'price', cursor, limit);
  return {
    items: await items(connection, deps.organisations, page.rows, to),
    nextCursor: page.next ? cursorText(page.next) : null,
  };
}

/** Every lot of one company, newest first. */
export async function listOwnListings(
  deps: Pick<ListingDeps, 'organisations'>,
  connection: Connection,
  sellerId: string,
  cursor: string | undefined,
): Promise<ListingPage | Refusal> {
  const after = cursor === undefined ? undefined : readCursor(cursor, 'newest');
  if (cursor !== undefined && !after) return refuse('listing.cursor_invalid');
  const page = await byColumn(connection, eq(listing.sellerId, sellerId), false, after, PAGE_DEFAULT);
  return {
    items: await items(connection, deps.organisations, page.rows),
    nextCursor: page.next ? cursorText(page.next) : null,
  };
}

export async function listingById(connection: Connection, id: string): Promise<ListingRow | undefined> {
  return first(await orm(connection).select().from(listing).where(eq(listing.id, id)));
}

/** A statement takes 65,535 parameters; a request may ask about every lot there is. */
const IDS_AT_ONCE = 10_000;

export async function listingsById(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ListingRow>> {
  const wanted = [...new Set(ids)];
  const found = new Map<string, ListingRow>();
  for (let from = 0; from < wanted.length; from += IDS_AT_ONCE) {
    const some = wanted.slice(from, from + IDS_AT_ONCE);
    const rows = await orm(connection).select().from(listing).where(inArray(listing.id, some));
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** Lots of certified sellers that are on the open market at `now`: what requests are matched with. */
export async function openListings(
  connection: Connection,
  now: Date,
  sellerId?: string,
): Promise<ListingRow[]> {
  return orm(connection)
    .select()
    .from(listing)
    .where(
      and(
        eq(listing.source, 'member'),
        inArray(listing.state, ['published', 'in_auction']),
        gt(listing.expiresAt, now),
        sellerId === undefined ? undefined : eq(listing.sellerId, sellerId),
      ),
    )
    .orderBy(desc(listing.id))
    .limit(LANDED_CANDIDATES_MAX);
}

function filters(query: ListingQuery, now: Date): SQL | undefined {
  const joules = (kcal: string): number =>
    Number(roundHalfEven(convertEnergy(parseRational(kcal)!, 'kcal/kg', 'J/g')));
  const basisPoints = (percent: string): number => Number(parseScaled(percent, 2));
  const pattern = query.text && contains(query.text);
  return and(
    inArray(listing.state, ['published', 'in_auction']),
    // The job that marks the end may be late. A record has no end, and bidding ends by its own clock.
    or(sql`${listing.source} <> 'member'`, eq(listing.state, 'in_auction'), gt(listing.expiresAt, now)),
    query.country ? eq(mine.country, query.country) : undefined,
    query.rank ? eq(listing.coalRank, query.rank) : undefined,
    query.calorificMin ? gte(listing.searchNetArJPerG, joules(query.calorificMin)) : undefined,
    query.calorificMax ? lte(listing.searchNetArJPerG, joules(query.calorificMax)) : undefined,
    query.sulphurMax ? lte(listing.searchSulphurArBp, basisPoints(query.sulphurMax)) : undefined,
    query.ashMax ? lte(listing.searchAshArBp, basisPoints(query.ashMax)) : undefined,
    query.moistureMax ? lte(listing.totalMoistureBp, basisPoints(query.moistureMax)) : undefined,
    query.transport ? eq(listing.transport, query.transport) : undefined,
    query.saleMethod ? eq(listing.saleMethod, query.saleMethod) : undefined,
    query.channel ? eq(listing.channel, query.channel) : undefined,
    query.tradingDay ? eq(listing.tradingDay, query.tradingDay) : undefined,
    query.sessionId ? eq(listing.sessionId, query.sessionId) : undefined,
    query.month
      ? sql`${listing.monthSplit} @> ${JSON.stringify([{ month: query.month }])}::text::jsonb`
      : undefined,
    query.currency ? eq(listing.currency, query.currency) : undefined,
    query.source === 'offers' ? eq(listing.source, 'member') : undefined,
    query.source === 'records' ? sql`${listing.source} <> 'member'` : undefined,
    pattern
      ? or(ilike(mine.name, pattern), ilike(mine.nameZh, pattern), ilike(mine.region, pattern))
      : undefined,
  );
}

/** Newest first (ids rise in time), or cheapest first with lots without a price left out. */
async function byColumn(
  connection: Connection,
  where: SQL | undefined,
  byPrice: boolean,
  cursor: Cursor | undefined,
  limit: number,
): Promise<Rows> {
  const after = cursor && (byPrice ? pricedAfter(cursor) : lt(listing.id, cursor.id));
  const found = await orm(connection)
    .select({ row: listing })
    .from(listing)
    .innerJoin(mine, eq(mine.id, listing.mineId))
    .where(and(where, after, byPrice ? sql`${listing.pricePerTonne} is not null` : undefined))
    .orderBy(...(byPrice ? [asc(listing.pricePerTonne), asc(listing.id)] : [desc(listing.id)]))
    .limit(limit + 1);
  const rows = found.slice(0, limit).map(({ row }) => row);
  const last = found.length > limit ? rows.at(-1) : undefined;
  if (!last) return { rows, next: undefined };
  return byPrice
    ? { rows, next: { sort: 'price', key: String(last.pricePerTonne), id: last.id } }
    : { rows, next: { sort: 'newest', key: '', id: last.id } };
}

function pricedAfter(cursor: Cursor): SQL | undefined {
  const price = BigInt(cursor.key);
  return or(
    gt(listing.pricePerTonne, price),
    and(eq(listing.pricePerTonne, price), gt(listing.id, cursor.id)),
  );
}

/**
 * Cheapest energy at `to` first. The cost is computed here by the exchange's one formula and not in SQL:
 * two formulas would one day disagree. Lots whose cost cannot be known come last, in order of id.
 */
async function byLandedCost(
  connection: Connection,
  where: SQL | undefined,
  to: PlaceRow & Destined,
  cursor: Cursor | undefined,
  limit: number,
): Promise<Rows> {
  const candidates = await orm(connection)
    .select({ row: listing })
    .from(listing)
    .innerJoin(mine, eq(mine.id, listing.mineId))
    .where(where)
    .orderBy(desc(listing.id))
    .limit(LANDED_CANDIDATES_MAX);
  const rows = candidates.map(({ row }) => row);
  const sites = await sitesOf(connection, rows);
  const ranked = rows
    .map((row) => ({ row, cost: landedOf(row, sites, to)?.perGigajoule }))
    .sort((a, b) => {
      if (a.cost && b.cost) return compare(a.cost, b.cost) || order(a.row.id, b.row.id);
      return Number(!a.cost) - Number(!b.cost) || order(a.row.id, b.row.id);
    });
  const keyed = ranked.map(({ row, cost }, place) => ({ row, place, key: cost ? costKey(cost) : '' }));
  // The lot the page ended with says where to go on; when it has gone, the first one behind its cost.
  const from = cursor ? placeAfter(keyed, cursor) : 0;
  const page = keyed.slice(from, from + limit);
  const last = from + limit < keyed.length ? page.at(-1) : undefined;
  return {
    rows: page.map(({ row }) => row),
    next: last && { sort: 'landed_cost', key: last.key, id: last.row.id },
  };
}

function placeAfter(
  keyed: readonly { row: ListingRow; place: number; key: string }[],
  cursor: Cursor,
): number {
  const same = keyed.find(({ row }) => row.id === cursor.id);
  if (same) return same.place + 1;
  const behind = (key: string, id: string): boolean => {
    if (cursor.key === '' || key === '') {
      return cursor.key === key ? id > cursor.id : key === '';
    }
    return BigInt(key) > BigInt(cursor.key) || (key === cursor.key && id > cursor.id);
  };
  return keyed.find(({ row, key }) => behind(key, row.id))?.place ?? keyed.length;
}

/** Billionths of a minor unit per GJ: fine enough that two lots with one key cost the same. */
function costKey(cost: Parameters<typeof roundHalfEven>[0]): string {
  return String(roundHalfEven(cost, 9));
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
