/** The lots that fit a request and those that all but fit, best first; for its buyer, or one producer's own. */
import { type RequestNeeds } from '@seam/coal';
import type { MatchView, SuggestionView } from '@seam/protocol';
import {
  landedOfMatch,
  listingSummaries,
  listingsById,
  openListings,
  placesById,
} from '../../listings/public.ts';
import type { Connection } from '../../platform/db.ts';
import { NEAR_MISSES, NEAR_MISSES_MAX, OWN_LOTS_MAX, SUGGESTIONS_MAX } from '../limits.ts';
import type { RequestDeps } from '../ports.ts';
import type { RequestRow } from '../tables.ts';
import { type MarketPass, passMarket } from './market-pass.ts';
import { buyersFreight, needsOf } from './needs.ts';
import { type Judged, againstBest, judgeLots, verdictOf } from './reasons.ts';

export type MatchDeps = Pick<RequestDeps, 'organisations' | 'clock' | 'search' | 'freight'>;

/** @returns what the buyer sees: what fits, then the near misses, and how many lots miss what. */
export async function marketMatches(
  deps: MatchDeps,
  connection: Connection,
  request: RequestRow,
): Promise<MatchView> {
  const found = await matchMarket(deps, connection, request);
  if (!found) return { ...NOTHING, asOf: deps.clock.now().toISOString() };
  const { pass, judged } = found;
  const fitting = judged.filter(({ match }) => match.fits).slice(0, SUGGESTIONS_MAX);
  const near = judged
    .filter(({ reasons }) => verdictOf(reasons, NEAR_MISSES) === 'fits_but')
    .slice(0, NEAR_MISSES_MAX);
  return {
    items: await suggestionViews(deps, connection, request, [...fitting, ...near]),
    considered: pass.considered,
    fitting: pass.fitting.length,
    missing: missingOf(pass),
    asOf: deps.search.feed.asOf.toISOString(),
  };
}

const NOTHING = { items: [], considered: 0, fitting: 0, missing: [] };

/** The best of the market, judged exactly, best first: some more than are shown. */
export async function matchMarket(
  deps: Pick<MatchDeps, 'clock' | 'search' | 'freight'>,
  connection: Connection,
  request: RequestRow,
): Promise<{ pass: MarketPass; needs: RequestNeeds; judged: Judged[] } | undefined> {
  const plant = (await placesById(connection, [request.plantPlaceId])).get(request.plantPlaceId);
  const freight = await buyersFreight(deps.freight, request);
  const needs = needsOf(request, plant, freight);
  if (!needs || needs.quantity <= 0n) return undefined;
  await deps.search.feed.fresh();
  const { index } = deps.search;
  const pass = await passMarket(index, connection, {
    request,
    needs,
    freight,
    now: deps.clock.now(),
  });
  const slots = [...cheapest(pass, pass.fitting, SUGGESTIONS_MAX), ...cheapestNear(pass, NEAR_MISSES_MAX)];
  const rows = await listingsById(
    connection,
    slots.map((slot) => index.lots.ids[slot]!),
  );
  const places = await placesById(
    connection,
    [...rows.values()].map((row) => row.deliveryPlaceId),
  );
  return { pass, needs, judged: judgeLots(request, needs, rows.values(), places) };
}

/** The index counts cost from whole joules: what lies as near as that to the last is taken along. */
const HEAT_DOUBT = 1e-4;

/** @returns the `most` slots with the least cost per GJ, and those about as cheap as the last of them. */
function cheapest({ destination }: MarketPass, slots: readonly number[], most: number): readonly number[] {
  if (slots.length <= most) return slots;
  const costs = Float64Array.from(slots, (slot) => destination.perGigajoule(slot));
  const last = costs.toSorted()[most - 1]!;
  if (last === Number.POSITIVE_INFINITY) return nearest(destination, slots, costs, most);
  return slots.filter((_, at) => costs[at]! <= last * (1 + HEAT_DOUBT));
}

/** Without a cost, lots are ordered by distance. */
function nearest(
  { distances }: MarketPass['destination'],
  slots: readonly number[],
  costs: Float64Array,
  most: number,
): readonly number[] {
  const priced = slots.filter((_, at) => Number.isFinite(costs[at]!));
  const rest = slots.filter((_, at) => !Number.isFinite(costs[at]!));
  const way = Float64Array.from(rest, (slot) => distances.ofLot(slot));
  const last = way.toSorted()[most - priced.length - 1]!;
  return [...priced, ...rest.filter((_, at) => way[at]! <= last)];
}

function cheapestNear(pass: MarketPass, most: number): readonly number[] {
  const chosen: number[] = [];
  for (let misses = 1; misses <= NEAR_MISSES && chosen.length < most; misses += 1) {
    const slots = pass.near.filter((one) => one.misses === misses).map(({ slot }) => slot);
    chosen.push(...cheapest(pass, slots, most - chosen.length));
  }
  return chosen;
}

/** What a producer sees: each of its own lots with its reasons. */
export async function ownMatches(
  deps: MatchDeps,
  connection: Connection,
  request: RequestRow,
  sellerId: string,
): Promise<MatchView> {
  const now = deps.clock.now();
  const plant = (await placesById(connection, [request.plantPlaceId])).get(request.plantPlaceId);
  const needs = needsOf(request, plant, deps.freight);
  if (!needs) return { ...NOTHING, asOf: now.toISOString() };
  const rows = await openListings(connection, now, sellerId);
  const places = await placesById(
    connection,
    rows.map((lot) => lot.deliveryPlaceId),
  );
  const judged = judgeLots(request, needs, rows, places);
  return {
    items: await suggestionViews(deps, connection, request, judged.slice(0, OWN_LOTS_MAX)),
    considered: judged.length,
    fitting: judged.filter(({ match }) => match.fits).length,
    missing: [],
    asOf: now.toISOString(),
  };
}

async function suggestionViews(
  deps: MatchDeps,
  connection: Connection,
  request: RequestRow,
  judged: readonly Judged[],
): Promise<SuggestionView[]> {
  const lots = await listingSummaries(
    connection,
    deps.organisations,
    judged.map(({ row }) => row),
  );
  const best = judged.find(({ match }) => match.fits && match.landed)?.match.landed;
  return judged.map(({ match, reasons }, place) => {
    const listing = lots[place];
    if (!listing) throw new Error(`listing ${match.listingId} is not on the market`);
    return {
      rank: place + 1,
      fits: match.fits,
      verdict: verdictOf(reasons, NEAR_MISSES),
      // Costs are shown in the money of the request.
      listing: { ...listing, landed: landedOfMatch(match, request.currency, request.plantPlaceId) },
      reasons,
      againstBest: match.fits ? null : againstBest(match.landed, best),
    };
  });
}

function missingOf(pass: MarketPass): MatchView['missing'] {
  return pass.missing
    .map(({ code, limit, lots }) => ({ code, ...(limit && { parameter: limit.limit.parameter }), lots }))
    .toSorted((a, b) => b.lots - a.lots || (a.code < b.code ? -1 : 1));
}
