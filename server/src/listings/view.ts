/** Rows of listings as the wire shows them. Names and sites are read for the whole page at once. */
import type { LandedCostView, ListingSummary, ListingView, PartyView } from '@seam/protocol';
import { type Currency, formatMoney, formatTonnes } from '@seam/units';
import { type Match, roundHalfUp } from '@seam/coal';
import type { Connection } from '../platform/db.ts';
import { assayOf, percentText } from './assay.ts';
import { type Landed, currencyOf, landedAt, referenceMarket } from './market.ts';
import type { OrganisationFacts, Organisations } from './ports.ts';
import { qualityTable, statementOf } from './quality.ts';
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

export function landedOf(row: ListingRow, sites: Sites, to: PlaceRow): Landed | undefined {
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
  const { landed, distanceKm } = match;
  return landed ? landedView({ ...landed, distanceKm, currency }, placeId) : null;
}

export function landedView(landed: Landed, placeId: string): LandedCostView {
  return {
    placeId,
    currency: landed.currency,
    distanceKm: landed.distanceKm,
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

export async function listingView(
  connection: Connection,
  organisations: Organisations,
  row: ListingRow,
  of: { viewerOrganisationId: string | undefined; to?: PlaceRow | undefined },
): Promise<ListingView> {
  const sites = await sitesOf(connection, [row]);
  const names = await organisations(connection, [row.sellerId]);
  const assay = assayOf(row);
  const loadPlace = row.loadPlaceId ? sites.places.get(row.loadPlaceId) : undefined;
  return {
    ...summaryOf(row, sites, names, of.to),
    assay: statementOf(assay, { value: row.calorificTyped, unit: row.calorificUnit }),
    quality: qualityTable(assay),
    flags: row.auditFlags.map((flag) => ({ ...flag })),
    loadPlace: loadPlace ? placeView(loadPlace) : null,
    note: row.note,
    record: row.importRecord,
    createdAt: row.createdAt.toISOString(),
    mineToSell: row.source === 'member' && row.sellerId === of.viewerOrganisationId,
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
