/** What is asked about requests: the open ones, the lots that fit, the answers. Who sees what is decided here. */
import type { RequestView, ResponseView, SuggestionView } from '@seam/protocol';
import { formatMoney, formatTonnes, minor } from '@seam/units';
import { type SQL, and, asc, desc, eq, exists, gt, inArray, lt, sql } from 'drizzle-orm';
import {
  landedOfMatch,
  listingSummaries,
  listingsById,
  openListings,
  partyOf,
  placeView,
  placesById,
} from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { NEAR_MISSES_MAX, PAGE, SUGGESTIONS_MAX } from './limits.ts';
import { judge, needsOf, offerOf, rank, reasonViews } from './matching.ts';
import type { RequestDeps } from './ports.ts';
import { limitStatement } from './rules.ts';
import { type RequestRow, type ResponseRow, request, response } from './tables.ts';

type Reader = Pick<RequestDeps, 'organisations' | 'clock'>;
/** Whose eyes: a company's id, everything (`staff`), or a visitor's. */
type Viewer = Pick<Principal, 'organisationId' | 'staff'> | null;

export async function requestById(connection: Connection, id: string): Promise<RequestRow | undefined> {
  return first(await orm(connection).select().from(request).where(eq(request.id, id)));
}

export async function responseById(connection: Connection, id: string): Promise<ResponseRow | undefined> {
  return first(await orm(connection).select().from(response).where(eq(response.id, id)));
}

export async function listRequests(
  deps: Reader,
  connection: Connection,
  viewer: Viewer,
  of: { scope: 'open' | 'own' | 'answered'; cursor: string | undefined },
): Promise<{ items: RequestView[]; nextCursor: string | null } | Refusal> {
  if (of.scope !== 'open' && !viewer) return refuse('auth.required');
  const found = await orm(connection)
    .select()
    .from(request)
    .where(
      and(
        scoped(connection, of.scope, viewer, deps.clock.now()),
        of.cursor ? lt(request.id, of.cursor) : undefined,
      ),
    )
    .orderBy(desc(request.id))
    .limit(PAGE + 1);
  const rows = found.slice(0, PAGE);
  return {
    items: await requestViews(deps, connection, rows, viewer),
    nextCursor: found.length > PAGE ? (rows.at(-1)?.id ?? null) : null,
  };
}

function scoped(
  connection: Connection,
  scope: 'open' | 'own' | 'answered',
  viewer: Viewer,
  now: Date,
): SQL | undefined {
  if (scope === 'own') return eq(request.buyerId, viewer?.organisationId ?? '');
  if (scope === 'open')
    return and(inArray(request.state, ['open', 'responding']), gt(request.expiresAt, now));
  return exists(
    orm(connection)
      .select({ one: sql`1` })
      .from(response)
      .where(and(eq(response.requestId, request.id), eq(response.sellerId, viewer?.organisationId ?? ''))),
  );
}

export async function requestViews(
  deps: Reader,
  connection: Connection,
  rows: readonly RequestRow[],
  viewer: Viewer,
): Promise<RequestView[]> {
  if (rows.length === 0) return [];
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.buyerId))]);
  const places = await placesById(
    connection,
    rows.map((row) => row.plantPlaceId),
  );
  const counted = await orm(connection)
    .select({ id: response.requestId, n: sql<number>`count(*)::int` })
    .from(response)
    .where(
      inArray(
        response.requestId,
        rows.map((row) => row.id),
      ),
    )
    .groupBy(response.requestId);
  const counts = new Map(counted.map(({ id, n }) => [id, n]));
  return rows.map((row) => {
    const plant = places.get(row.plantPlaceId);
    if (!plant) throw new Error(`request ${row.id} has lost its place`);
    return {
      id: row.id,
      state: row.state,
      buyer: partyOf(row.buyerId, names),
      coalRanks: row.coalRanks,
      limits: row.limits.map(limitStatement),
      quantity: formatTonnes(row.quantityKg),
      minimumQuantity: formatTonnes(row.minimumKg),
      outstanding: formatTonnes(row.quantityKg - row.contractedKg - row.auctionedKg),
      plant: placeView(plant),
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      currency: row.currency,
      priceCeiling: row.priceCeiling === null ? null : formatMoney(row.priceCeiling),
      note: row.note,
      expiresAt: row.expiresAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
      responseCount: counts.get(row.id) ?? 0,
      own: viewer !== null && !viewer.staff && viewer.organisationId === row.buyerId,
    };
  });
}

/** The buyer and the centre see every lot that fits and the near misses; a producer its own lots. */
export async function suggestions(
  deps: Reader,
  connection: Connection,
  row: RequestRow,
  viewer: NonNullable<Viewer>,
): Promise<SuggestionView[]> {
  const plant = (await placesById(connection, [row.plantPlaceId])).get(row.plantPlaceId);
  const needs = needsOf(row, plant);
  if (!plant || !needs) return [];
  const onlySeller =
    viewer.staff || viewer.organisationId === row.buyerId ? undefined : viewer.organisationId;
  const open = await openListings(connection, deps.clock.now(), onlySeller);
  const rows = open.filter((lot) => lot.sellerId !== row.buyerId);
  const places = await placesById(
    connection,
    rows.map((lot) => lot.deliveryPlaceId),
  );
  const matches = rank(row, needs, rows, places);
  const fitting = matches.filter((match) => match.fits).slice(0, SUGGESTIONS_MAX);
  const shown = [...fitting, ...matches.filter((match) => !match.fits).slice(0, NEAR_MISSES_MAX)];
  const byId = new Map(rows.map((lot) => [lot.id, lot]));
  const lots = await listingSummaries(
    connection,
    deps.organisations,
    shown.flatMap((match) => byId.get(match.listingId) ?? []),
  );
  return shown.map((match, place) => {
    const listing = lots[place];
    if (!listing) throw new Error(`listing ${match.listingId} is not on the market`);
    return {
      rank: place + 1,
      fits: match.fits,
      // Costs are shown in the money of the request.
      listing: { ...listing, landed: landedOfMatch(match, row.currency, plant.id) },
      reasons: reasonViews(match.reasons),
    };
  });
}

/** The buyer and the centre see every answer; a producer its own. */
export async function responsesTo(
  deps: Reader,
  connection: Connection,
  row: RequestRow,
  viewer: NonNullable<Viewer>,
): Promise<ResponseView[]> {
  const all = viewer.staff || viewer.organisationId === row.buyerId;
  const rows = await orm(connection)
    .select()
    .from(response)
    .where(
      and(eq(response.requestId, row.id), all ? undefined : eq(response.sellerId, viewer.organisationId)),
    )
    .orderBy(asc(response.id));
  return responseViews(deps, connection, row, rows, viewer);
}

export async function responseViews(
  deps: Reader,
  connection: Connection,
  to: RequestRow,
  rows: readonly ResponseRow[],
  viewer: NonNullable<Viewer>,
): Promise<ResponseView[]> {
  if (rows.length === 0) return [];
  const lots = await listingsById(
    connection,
    rows.map((row) => row.listingId),
  );
  const summaries = await listingSummaries(connection, deps.organisations, [...lots.values()]);
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.sellerId))]);
  const places = await placesById(connection, [
    to.plantPlaceId,
    ...[...lots.values()].map((lot) => lot.deliveryPlaceId),
  ]);
  const plant = places.get(to.plantPlaceId);
  const needs = needsOf(to, plant);
  return rows.map((row) => {
    const lot = lots.get(row.listingId);
    const summary = summaries.find(({ id }) => id === row.listingId);
    if (!lot || !summary || !plant) throw new Error(`response ${row.id} has lost its lot`);
    const price = { perTonne: minor(row.pricePerTonne), currency: to.currency };
    const offer = offerOf(lot, places, { quantityKg: row.quantityKg, price });
    const match = needs && offer && judge(to, needs, offer);
    return {
      id: row.id,
      requestId: row.requestId,
      // The job that marks the end may be late; the answer is over all the same.
      state: row.state === 'offered' && row.validUntil <= deps.clock.now() ? 'expired' : row.state,
      seller: partyOf(row.sellerId, names),
      listing: summary,
      quantity: formatTonnes(row.quantityKg),
      price: formatMoney(row.pricePerTonne),
      currency: to.currency,
      landed: match ? landedOfMatch(match, to.currency, plant.id) : null,
      fits: match?.fits ?? false,
      reasons: match ? reasonViews(match.reasons) : [],
      note: row.note,
      validUntil: row.validUntil.toISOString(),
      createdAt: row.createdAt.toISOString(),
      saleId: row.saleId,
      contractId: row.contractId,
      own: !viewer.staff && row.sellerId === viewer.organisationId,
    };
  });
}
