/** What a lot said before: its earlier versions, and what changed from one to the next, in words of the wire. */
import type { ListingVersionView, TermChange } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { desc, getTableColumns, sql } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { percentText } from './assay.ts';
import { placesById } from './sites.ts';
import { type ListingRow, type NewListingRow, listing } from './tables.ts';

/** The row as it stood in `version`; undefined when there was no such version. */
export async function rowAtVersion(
  connection: Connection,
  row: ListingRow,
  version: number,
): Promise<ListingRow | undefined> {
  if (version === row.version) return row;
  const before = await earlierRows(connection, row.id, version);
  return first(before);
}

/** Newest first. What was kept of each is read as the row it was, under the table's own name. */
async function earlierRows(connection: Connection, id: string, version?: number): Promise<ListingRow[]> {
  const one = version === undefined ? sql`` : sql`and v.version = ${version}`;
  const db = orm(connection);
  const kept = db.$with('listing', getTableColumns(listing)).as(
    sql`select (jsonb_populate_record(null::listing, v.terms)).* from listing_version v
      where v.listing_id = ${id} ${one}`,
  );
  return db.with(kept).select().from(listing).orderBy(desc(listing.version));
}

/** @param nameOf of a person who made a version; null for readers who are not told. */
export async function versionViews(
  connection: Connection,
  row: ListingRow,
  nameOf: (personId: string) => string | null,
): Promise<ListingVersionView[]> {
  const rows = [row, ...(await earlierRows(connection, row.id))];
  const places = await placesById(
    connection,
    rows.flatMap((one) => [one.deliveryPlaceId, one.loadPlaceId]),
  );
  const placeName = (id: string): string => places.get(id)?.name ?? id;
  return rows.map((one, index) => {
    const before = rows[index + 1];
    const madeBy = one.versionBy ?? one.createdBy;
    return {
      version: one.version,
      madeAt: one.versionAt.toISOString(),
      madeBy: madeBy === null ? null : nameOf(madeBy),
      changes: before ? changesBetween(before, one, placeName) : [],
    };
  });
}

type Terms = Partial<NewListingRow>;
type Say = (of: Terms, placeName: (id: string) => string) => string;

const words = (...parts: readonly (string | null | undefined)[]): string => parts.filter(Boolean).join(' ');
const percent = (value: number | null | undefined, basis?: string | null): string =>
  value == null ? '' : words(percentText(value), '%', basis);
const money = (value: bigint | null | undefined): string => (value == null ? '' : formatMoney(value));

/** The terms of a lot, each as one text. What is not in here is no term: a change of it makes no version. */
const SAID: Readonly<Record<string, Say>> = {
  price: (of) => money(of.pricePerTonne),
  startPrice: (of) => money(of.startPrice),
  currency: (of) => of.currency ?? '',
  saleMethod: (of) => of.saleMethod ?? '',
  quantity: (of) => (of.quantityKg == null ? '' : formatTonnes(of.quantityKg)),
  channel: (of) => of.channel ?? '',
  tradingDay: (of) => of.tradingDay ?? '',
  sessionId: (of) => of.sessionId ?? '',
  monthSplit: (of) =>
    (of.monthSplit ?? []).map(({ month, kg }) => `${month}: ${formatTonnes(BigInt(kg))}`).join(', '),
  mineId: (of) => of.mineId ?? '',
  coalRank: (of) => of.coalRank ?? '',
  totalMoisture: (of) => percent(of.totalMoistureBp, 'ar'),
  inherentMoisture: (of) => percent(of.inherentMoistureBp, 'ad'),
  ash: (of) => percent(of.ashBp, of.ashBasis),
  volatileMatter: (of) => percent(of.volatileBp, of.volatileBasis),
  sulphur: (of) => percent(of.sulphurBp, of.sulphurBasis),
  calorificValue: (of) => words(of.calorificTyped, of.calorificUnit, of.calorificKind, of.calorificBasis),
  hardgroveIndex: (of) => (of.hardgroveIndex == null ? '' : String(of.hardgroveIndex)),
  size: (of) => (of.sizeMinMm == null ? '' : `${of.sizeMinMm}–${of.sizeMaxMm} mm`),
  furtherValues: (of) => {
    const { assayMore } = of;
    return assayMore === undefined || Object.keys(assayMore).length === 0 ? '' : sorted(assayMore);
  },
  deliveryTerm: (of) => of.deliveryTerm ?? '',
  deliveryPlace: (of, placeName) => (of.deliveryPlaceId ? placeName(of.deliveryPlaceId) : ''),
  loadPlace: (of, placeName) => (of.loadPlaceId ? placeName(of.loadPlaceId) : ''),
  window: (of) => `${of.windowFrom} – ${of.windowTo}`,
  transport: (of) => of.transport ?? '',
  note: (of) => of.note ?? '',
  validUntil: (of) => of.expiresAt?.toISOString() ?? '',
};

export function changesBetween(
  before: Terms,
  after: Terms,
  placeName: (id: string) => string = (id) => id,
): TermChange[] {
  return Object.entries(SAID).flatMap(([field, say]) => {
    const [from, to] = [say(before, placeName), say(after, placeName)];
    return from === to ? [] : [{ field, from, to }];
  });
}

/** jsonb keeps its keys in an order of its own. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
