/** Rows of listings as the wire shows them. Names and sites are read for the whole page at once. */
import type { LandedCostView, ListingItem, ListingSummary, ListingView, PartyView } from '@seam/protocol';
import { type Currency, formatMoney, formatTonnes } from '@seam/units';
import { type Match, roundHalfUp } from '@seam/coal';
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { assayOf, percentText } from './assay.ts';
import { certificatesOf } from './certificates.ts';
import { documentsOf, maySee } from './documents.ts';
import { type Destined, type Landed, currencyOf, landedAt, referenceMarket } from './market.ts';
import type { OrganisationFacts, Organisations } from './ports.ts';
import { qualityTable, statementOf } from './quality.ts';
import { pendingReview } from './review-cases.ts';
import { mineView, minesById, placeView, placesById } from './sites.ts';
import type { ListingRow, MineRow, PlaceRow } from './tables.ts';

export type Sites = {
  readonly mines: ReadonlyMap<string, MineRow>;
  readonly places: ReadonlyMap<string, PlaceRow>;
};

export async function sitesOf(connection: Connection, rows: readonly ListingRow[]): Promise<Sites> {
  return {
    mines: await minesById(
      connection,
      rows.map((row) => row.mineId),
    ),
    places: await placesById(
      connection,
      rows.flatMap((row) => [row.deliveryPlaceId, row.loadPlaceId]),
    ),
  };
}

export function landedOf(row: ListingRow, sites: Sites, to: PlaceRow & Destined): Landed | undefined {
  return landedAt(
    {
      pricePerTonne: row.pricePerTonne,
      currency: row.currency,
      netJoulesPerGram: row.searchNetArJPerG,
      transport: row.transport,
      from: row.deliveryPlaceId ? sites.places.get(row.deliveryPlaceId) : undefined,
    },
    to,
    referenceMarket(currencyOf(to.country)),
  );
}

/** The cost a match found, in the market's currency. */
export function landedOfMatch(match: Match, currency: Currency, placeId: string): LandedCostView | null {
  const { landed, distanceKm, freightBasis = 'estimate' } = match;
  return landed ? landedView({ ...landed, distanceKm, currency, freightBasis }, placeId) : null;
}

export function landedView(landed: Landed, placeId: string): LandedCostView {
  return {
    placeId,
    currency: landed.currency,
    distanceKm: landed.distanceKm,
    freightBasis: landed.freightBasis,
    freightPerTonne: formatMoney(roundHalfUp(landed.freightPerTonne)),
    landedPerTonne: formatMoney(roundHalfUp(landed.perTonne)),
    perGigajoule: formatMoney(roundHalfUp(landed.perGigajoule)),
  };
}

/** @param to where landed cost is counted to, when the reader chose a place. */
export async function summaries(
  connection: Connection,
  organisations: Organisations,
  rows: readonly ListingRow[],
  to?: PlaceRow,
): Promise<ListingSummary[]> {
  if (rows.length === 0) return [];
  const sites = await sitesOf(connection, rows);
  const names = await organisations(connection, [...new Set(rows.map((row) => row.sellerId))]);
  return rows.map((row) => summaryOf(row, sites, names, to));
}

/** A page of lots: the summaries, and by which channel each is sold. */
export async function items(
  connection: Connection,
  organisations: Organisations,
  rows: readonly ListingRow[],
  to?: PlaceRow,
): Promise<ListingItem[]> {
  const summed = await summaries(connection, organisations, rows, to);
  return rows.map((row, index) => ({ ...summed[index]!, ...channelOf(row) }));
}

function channelOf(row: ListingRow): Pick<ListingItem, 'channel' | 'tradingDay' | 'sessionId' | 'opensAt'> {
  const { channel, tradingDay, sessionId, opensAt } = row;
  return { channel, tradingDay, sessionId, opensAt: opensAt?.toISOString() ?? null };
}

/** Who reads a lot: its company and the centre are told more than others. */
export type Viewer = 'own' | 'staff' | 'other';

export function viewerOf(row: ListingRow, principal: Principal | null): Viewer {
  if (principal?.staff) return 'staff';
  return row.source === 'member' && principal?.organisationId === row.sellerId ? 'own' : 'other';
}

/** It was never on the market, so others than its company and the centre do not know of it. */
export function isHidden(row: ListingRow, principal: Principal | null): boolean {
  return NEVER_OUT.has(row.state) && row.publishedAt === null && viewerOf(row, principal) === 'other';
}
const NEVER_OUT: ReadonlySet<string> = new Set(['draft', 'in_review']);

export async function listingView(
  connection: Connection,
  organisations: Organisations,
  row: ListingRow,
  of: { viewer: Viewer; principal?: Principal | null; to?: PlaceRow | undefined },
): Promise<ListingView> {
  const sites = await sitesOf(connection, [row]);
  const names = await organisations(connection, [row.sellerId]);
  const assay = assayOf(row);
  const loadPlace = row.loadPlaceId ? sites.places.get(row.loadPlaceId) : undefined;
  const told = of.viewer !== 'other';
  const documents = await documentsOf(connection, row.id);
  return {
    ...summaryOf(row, sites, names, of.to),
    ...channelOf(row),
    monthSplit:
      row.monthSplit?.map(({ month, kg }) => ({ month, quantity: formatTonnes(BigInt(kg)) })) ?? null,
    assay: statementOf(assay, { value: row.calorificTyped, unit: row.calorificUnit }),
    quality: qualityTable(assay),
    flags: row.auditFlags.map((flag) => ({ ...flag })),
    loadPlace: loadPlace ? placeView(loadPlace) : null,
    note: row.note,
    record: row.importRecord,
    documents: documents.filter((one) => told || maySee(one.visibility, row, of.principal ?? null)),
    certificates: await certificatesOf(connection, row.id),
    stateReason: told && row.stateReason !== '' ? row.stateReason : null,
    changePending: told && (await pendingReview(connection, row.id))?.kind === 'change',
    createdAt: row.createdAt.toISOString(),
    mineToSell: of.viewer === 'own',
  };
}

export function partyOf(id: string, names: ReadonlyMap<string, OrganisationFacts>): PartyView {
  const known = names.get(id);
  return { id, name: known?.name ?? id, nameZh: known?.nameZh ?? null };
}

function summaryOf(
  row: ListingRow,
  sites: Sites,
  names: ReadonlyMap<string, OrganisationFacts>,
  to: PlaceRow | undefined,
): ListingSummary {
  const mine = sites.mines.get(row.mineId);
  if (!mine) throw new Error(`listing ${row.id} has no mine`);
  const deliveryPlace = row.deliveryPlaceId ? sites.places.get(row.deliveryPlaceId) : undefined;
  const landed = to && landedOf(row, sites, to);
  const percentOrNull = (value: number | null): string | null => (value === null ? null : percentText(value));
  const moneyOrNull = (value: bigint | null): string | null => (value === null ? null : formatMoney(value));
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    source: row.source,
    seller: partyOf(row.sellerId, names),
    mine: mineView(mine),
    coalRank: row.coalRank,
    totalMoistureAr: percentText(row.totalMoistureBp),
    ashAr: percentOrNull(row.searchAshArBp),
    sulphurAr: percentOrNull(row.searchSulphurArBp),
    netCalorificValue: row.searchNetArJPerG,
    quantity: formatTonnes(row.quantityKg),
    remaining: formatTonnes(row.remainingKg),
    currency: row.currency,
    price: moneyOrNull(row.pricePerTonne),
    startPrice: moneyOrNull(row.startPrice),
    saleMethod: row.saleMethod,
    deliveryTerm: row.deliveryTerm,
    deliveryPlace: deliveryPlace ? placeView(deliveryPlace) : null,
    windowFrom: row.windowFrom,
    windowTo: row.windowTo,
    transport: row.transport,
    flagCount: row.auditFlags.length,
    expiresAt: row.expiresAt.toISOString(),
    landed: landed ? landedView(landed, to.id) : null,
  };
}
