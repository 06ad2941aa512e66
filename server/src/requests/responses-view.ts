/** Answers as the wire shows them: the buyer sees all of them side by side, a producer its own. */
import type { AwardView, ResponseLotView, ResponseView } from '@seam/protocol';
import { type Rational, add, divide, heatOn, multiply, rational, roundHalfUp } from '@seam/coal';
import { formatMoney, formatTonnes, minor } from '@seam/units';
import { and, asc, eq, inArray } from 'drizzle-orm';
import {
  type Freight,
  type ListingRow,
  assayOf,
  landedOfMatch,
  listingSummaries,
  listingsById,
  partyOf,
  placesById,
} from '../listings/public.ts';
import { type Connection, orm } from '../platform/db.ts';
import { linesOf } from './lines.ts';
import { buyersFreight, needsOf } from './matching/needs.ts';
import { judgeAnswer } from './matching/reasons.ts';
import type { RequestDeps } from './ports.ts';
import { type Viewer, standingOf } from './readers.ts';
import { accountView } from './queries.ts';
import {
  type AwardRow,
  type RequestRow,
  type ResponseLotRow,
  type ResponseRow,
  award,
  response,
} from './tables.ts';

type Reader = Pick<RequestDeps, 'organisations' | 'clock' | 'freight'>;

export async function responsesTo(
  deps: Reader,
  connection: Connection,
  row: RequestRow,
  viewer: NonNullable<Viewer>,
): Promise<ResponseView[]> {
  const all = (await standingOf(connection, row, viewer)) === 'buyer';
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
  const lines = await linesOf(
    connection,
    rows.map(({ id }) => id),
  );
  const lots = await listingsById(
    connection,
    lines.map((line) => line.listingId),
  );
  const awards = await awardViews(deps, connection, await awardsOf(connection, rows));
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.sellerId))]);
  const isBuyer = !viewer.staff && viewer.organisationId === to.buyerId;
  const freight = isBuyer || viewer.staff ? await buyersFreight(deps.freight, to) : deps.freight;
  const viewLine = await lineViews({ ...deps, freight }, connection, to, lots);
  return rows.map((row) => {
    const own = lines.filter(({ responseId }) => responseId === row.id);
    const shown = own.map(viewLine);
    const undecided = row.state === 'offered' || row.state === 'shortlisted';
    const state = !isBuyer && row.state === 'shortlisted' ? 'offered' : row.state;
    return {
      id: row.id,
      requestId: row.requestId,
      version: row.version,
      // The job that marks the end may be late; the answer is over all the same.
      state: undecided && row.validUntil <= deps.clock.now() ? 'expired' : state,
      seller: partyOf(row.sellerId, names),
      lots: shown.map(({ view }) => view),
      quantity: formatTonnes(own.reduce((sum, line) => sum + line.quantityKg, 0n)),
      currency: to.currency,
      perGigajoule: together(shown),
      account: accountView(row.account),
      note: row.note,
      shortlistNote: isBuyer ? row.shortlistNote : '',
      reason: row.reason,
      validUntil: row.validUntil.toISOString(),
      createdAt: row.createdAt.toISOString(),
      awards: awards.get(row.id) ?? [],
      own: !viewer.staff && row.sellerId === viewer.organisationId,
    };
  });
}

type Shown = {
  readonly view: ResponseLotView;
  /** Money and heat of the whole line; undefined where either is not known. */
  readonly total: { readonly cost: Rational; readonly gigajoules: Rational } | undefined;
};

async function lineViews(
  deps: Pick<Reader, 'organisations'> & { readonly freight: Freight | undefined },
  connection: Connection,
  to: RequestRow,
  lots: ReadonlyMap<string, ListingRow>,
): Promise<(line: ResponseLotRow) => Shown> {
  const summaries = await listingSummaries(connection, deps.organisations, [...lots.values()]);
  const places = await placesById(connection, [
    to.plantPlaceId,
    ...[...lots.values()].map((lot) => lot.deliveryPlaceId),
  ]);
  const needs = needsOf(to, places.get(to.plantPlaceId), deps.freight);
  return (line) => {
    const lot = lots.get(line.listingId);
    const listing = summaries.find(({ id }) => id === line.listingId);
    if (!lot || !listing) throw new Error(`response ${line.responseId} has lost its lot`);
    const price = { perTonne: minor(line.pricePerTonne), currency: to.currency };
    const judged = needs && judgeAnswer(to, needs, lot, places, { quantityKg: line.quantityKg, price });
    const heat = heatOn(assayOf(lot), 'net', 'ar')?.joulesPerGram;
    const landed = judged?.match.landed;
    const tonnes = rational(line.quantityKg, 1000);
    return {
      view: {
        listing,
        quantity: formatTonnes(line.quantityKg),
        minimumQuantity: formatTonnes(line.minimumKg),
        price: formatMoney(line.pricePerTonne),
        taken: formatTonnes(line.takenKg),
        landed: judged ? landedOfMatch(judged.match, to.currency, to.plantPlaceId) : null,
        fits: judged?.match.fits ?? false,
        reasons: judged?.reasons ?? [],
      },
      total:
        landed && heat
          ? {
              cost: multiply(landed.perTonne, tonnes),
              gigajoules: multiply(divide(heat, rational(1000)), tonnes),
            }
          : undefined,
    };
  };
}

function together(shown: readonly Shown[]): string | null {
  const totals = shown.flatMap(({ total }) => total ?? []);
  if (totals.length < shown.length || totals.length === 0) return null;
  const cost = totals.map((one) => one.cost).reduce((a, b) => add(a, b));
  const heat = totals.map((one) => one.gigajoules).reduce((a, b) => add(a, b));
  return formatMoney(roundHalfUp(divide(cost, heat)));
}

async function awardsOf(connection: Connection, rows: readonly ResponseRow[]): Promise<AwardRow[]> {
  const taken = rows.filter(({ state }) => state === 'taken').map(({ id }) => id);
  if (taken.length === 0) return [];
  return orm(connection).select().from(award).where(inArray(award.responseId, taken)).orderBy(award.saleId);
}

/** By answer. */
export async function awardViews(
  deps: Pick<RequestDeps, 'organisations'>,
  connection: Connection,
  rows: readonly AwardRow[],
): Promise<ReadonlyMap<string, AwardView[]>> {
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.buyerId))]);
  const views = new Map<string, AwardView[]>();
  for (const { responseId: from, listingId, buyerId, quantityKg, saleId, contractId } of rows) {
    const view = {
      listingId,
      buyer: partyOf(buyerId, names),
      quantity: formatTonnes(quantityKg),
      saleId,
      contractId,
    };
    const responseId = from ?? '';
    views.set(responseId, [...(views.get(responseId) ?? []), view]);
  }
  return views;
}
