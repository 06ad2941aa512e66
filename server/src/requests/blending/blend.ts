/** The cheapest blend for a request, of what is on the market at this moment. Nothing is reserved by it. */
import type { BlendView, ListingSummary } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { matchListing } from '@seam/coal';
import {
  type FieldErrors,
  type ListingRow,
  landedOfMatch,
  listingSummaries,
  listingsById,
  placesById,
  readQuantity,
  referenceMarket,
  refusalOf,
} from '../../listings/public.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { notLive } from '../commands/state.ts';
import { buyersFreight, needsOf, offerOf } from '../matching/needs.ts';
import { passMarket } from '../matching/market-pass.ts';
import type { RequestDeps } from '../ports.ts';
import { requestById } from '../queries.ts';
import type { RequestRow } from '../tables.ts';
import type { Blender } from './blender.ts';
import { blendCandidates } from './candidates.ts';
import { type BlendWish, blendProblem } from './problem.ts';
import { blendView, shownOf } from './view.ts';

export type BlendDeps = Pick<RequestDeps, 'organisations' | 'freight'> & {
  readonly clock: Clock;
  readonly blender: Blender;
  readonly search: RequestDeps['search'];
};

/** For the buyer and the centre: another company's blend would tell what it is about to buy. */
export async function blendFor(
  deps: BlendDeps,
  connection: Connection,
  principal: Principal,
  of: { readonly id: string; readonly wish: BlendWish },
): Promise<BlendView | Refusal> {
  const request = await requestById(connection, of.id);
  if (!request || (!principal.staff && request.buyerId !== principal.organisationId)) {
    return refuse('resource.not_found');
  }
  const now = deps.clock.now();
  const closed = notLive(request, now);
  if (closed) return closed;
  const plant = (await placesById(connection, [request.plantPlaceId])).get(request.plantPlaceId);
  const freight = await buyersFreight(deps.freight, request);
  const needs = needsOf(request, plant, freight);
  if (!plant || !needs || needs.quantity <= 0n) return refuse('purchase_request.not_open');
  await deps.search.feed.fresh();
  const { index } = deps.search;
  const pass = await passMarket(index, connection, { request, needs, freight, now });
  const candidates = blendCandidates(index.lots, pass, needs);
  const rows = [...(await listingsById(connection, candidates)).values()];
  const places = await placesById(
    connection,
    rows.map((lot) => lot.deliveryPlaceId),
  );
  const problem = blendProblem({ request, needs, wish: of.wish }, rows, places);
  const found = await deps.blender.run('blend', problem);
  const ids = found.ok
    ? [...found.parts.map(({ id }) => id), ...(found.bestSingle ? [found.bestSingle.id] : [])]
    : [];
  const chosen = rows.filter(({ id }) => ids.includes(id));
  const lots = await withLanded(deps, connection, { request, plantId: plant.id }, chosen, (row) => {
    const offer = offerOf(row, places)!;
    return matchListing(needs, offer, referenceMarket(request.currency));
  });
  return blendView(
    found,
    {
      ...shownOf(request, needs.quantity),
      available: formatTonnes(problem.lots.reduce((sum, lot) => sum + lot.available, 0n)),
      lots: problem.lots.length,
    },
    lots,
  );
}

async function withLanded(
  deps: BlendDeps,
  connection: Connection,
  of: { readonly request: RequestRow; readonly plantId: string },
  rows: readonly ListingRow[],
  match: (row: ListingRow) => ReturnType<typeof matchListing>,
): Promise<ReadonlyMap<string, ListingSummary>> {
  const summaries = await listingSummaries(connection, deps.organisations, rows);
  return new Map(
    summaries.map((summary, index) => [
      summary.id,
      { ...summary, landed: landedOfMatch(match(rows[index]!), of.request.currency, of.plantId) },
    ]),
  );
}

/** What a buyer wishes of the blend, as it came in. */
export function readWish(query: { maximumLots?: string; minimumTake?: string }): BlendWish | Refusal {
  const fields: FieldErrors = {};
  const minimumTakeKg =
    query.minimumTake === undefined ? undefined : readQuantity(query.minimumTake, 'minimumTake', fields);
  return (
    refusalOf(fields, {}, 'purchase_request.invalid') ?? {
      ...(query.maximumLots !== undefined && { maximumLots: Number(query.maximumLots) }),
      ...(minimumTakeKg !== undefined && { minimumTakeKg }),
    }
  );
}
