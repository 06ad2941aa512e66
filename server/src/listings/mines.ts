/** The register of mines as it is searched: by words, by country, around a place. */
import { type Place, distanceKm } from '@seam/coal';
import type { FoundMine, MineQuery } from '@seam/protocol';
import { type SQL, and, asc, between, count, eq, ilike, or, sql } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { MINES_DEFAULT, MINES_MAX } from './limits.ts';
import { contains, mineView } from './sites.ts';
import { type MineRow, mine } from './tables.ts';

type Found = { items: FoundMine[]; total: number };

/** @returns at most `limit`, and how many there are in all. */
export async function findMines(connection: Connection, query: MineQuery): Promise<Found | Refusal> {
  const limit = Math.min(Number(query.limit ?? MINES_DEFAULT), MINES_MAX);
  const near = readNear(query);
  if (near === 'wrong') return refuse('listing.near_invalid', { fields: { near: 'listing.near_invalid' } });
  const where = and(
    worded(query),
    near?.radiusKm === undefined ? undefined : inBox(near.place, near.radiusKm),
  );
  if (!near) {
    const rows = await orm(connection)
      .select()
      .from(mine)
      .where(where)
      .orderBy(asc(mine.country), asc(mine.name), asc(mine.id))
      .limit(limit);
    const all = first(await orm(connection).select({ n: count() }).from(mine).where(where));
    return { items: rows.map((row) => found(row, null)), total: all?.n ?? 0 };
  }
  // The register has some thousand mines: measured one by one, by the formula that counts freight.
  const rows = await orm(connection).select().from(mine).where(where);
  const { place, radiusKm = Number.POSITIVE_INFINITY } = near;
  const measured = rows.flatMap((row) => {
    const km = kmTo(row, place);
    return km === undefined || km > radiusKm ? [] : [{ row, km }];
  });
  measured.sort((a, b) => a.km - b.km || (a.row.id < b.row.id ? -1 : 1));
  return { items: measured.slice(0, limit).map(({ row, km }) => found(row, km)), total: measured.length };
}

function worded(query: MineQuery): SQL | undefined {
  const pattern = query.q && contains(query.q.trim());
  return and(
    query.country ? eq(mine.country, query.country) : undefined,
    pattern
      ? or(
          ilike(mine.name, pattern),
          ilike(mine.nameZh, pattern),
          ilike(mine.region, pattern),
          ilike(mine.operator, pattern),
        )
      : undefined,
  );
}

type Near = { readonly place: Place; readonly radiusKm: number | undefined };

function readNear(query: MineQuery): Near | 'wrong' | undefined {
  if (query.near === undefined) return query.radiusKm === undefined ? undefined : 'wrong';
  const [latitude = Number.NaN, longitude = Number.NaN] = query.near.split(',').map(Number);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return 'wrong';
  const radiusKm = query.radiusKm === undefined ? undefined : Number(query.radiusKm);
  return { place: { latitude, longitude }, radiusKm };
}

/** No degree of latitude is longer than this. */
const KM_PER_DEGREE = 111.7;

/** Spares the register's other side; longitudes meet at the poles and at 180°, so only latitudes are held. */
function inBox({ latitude }: Place, radiusKm: number): SQL | undefined {
  // A kilometre more: what is measured is rounded to whole ones.
  const degrees = (radiusKm + 1) / (KM_PER_DEGREE - 1.5);
  return and(
    sql`${mine.latitude} is not null`,
    between(mine.latitude, latitude - degrees, latitude + degrees),
  );
}

function kmTo({ latitude, longitude }: MineRow, place: Place): number | undefined {
  return latitude === null || longitude === null ? undefined : distanceKm({ latitude, longitude }, place);
}

function found(row: MineRow, km: number | null): FoundMine {
  return { ...mineView(row), operator: row.operator, status: row.status, distanceKm: km };
}
