/** Loads a register of mines as origins. Running it again changes nothing; a newer edition brings what is new. */
import type { Sql } from 'postgres';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type RefusedMine, type RegisteredMine, readMines } from './mine-register.ts';

export type MineImport = {
  /** Rows read: always `loaded + changed + unchanged + refused.length`. */
  readonly rows: number;
  readonly loaded: number;
  /** Known before, and said otherwise now. */
  readonly changed: number;
  readonly unchanged: number;
  /** Loaded without a place: they are not on the map. */
  readonly withoutPlace: number;
  readonly refused: readonly Omit<RefusedMine, 'kind'>[];
};

const BATCH_ROWS = 500;

/** @param sql left out: nothing is stored, and every good row counts as loaded. */
export async function importMines(input: AsyncIterable<Uint8Array>, sql?: Sql): Promise<MineImport> {
  const counts = { loaded: 0, changed: 0, unchanged: 0, withoutPlace: 0 };
  const refused: Omit<RefusedMine, 'kind'>[] = [];
  let rows = 0;
  let batch: RegisteredMine[] = [];
  const store = async (): Promise<void> => {
    const stored = sql
      ? await sql.begin(async (tx) => storeMines(tx, batch))
      : { loaded: batch.length, changed: 0 };
    counts.loaded += stored.loaded;
    counts.changed += stored.changed;
    counts.unchanged += batch.length - stored.loaded - stored.changed;
    batch = [];
  };
  for await (const row of readMines(input)) {
    rows += 1;
    if (row.kind === 'refused') {
      refused.push({ line: row.line, code: row.code, reason: row.reason });
      continue;
    }
    if (row.latitude === null) counts.withoutPlace += 1;
    batch.push(row);
    if (batch.length >= BATCH_ROWS) await store();
  }
  if (batch.length > 0) await store();
  return { rows, ...counts, refused };
}

async function storeMines(
  tx: Tx,
  mines: readonly RegisteredMine[],
): Promise<{ loaded: number; changed: number }> {
  const rows = mines.map((mine) => ({
    id: newId(),
    name: mine.name,
    name_zh: mine.nameZh,
    country: mine.country,
    region: mine.region,
    latitude: mine.latitude,
    longitude: mine.longitude,
    source: 'gem',
    external_id: `gem:${mine.externalId}`,
    operator: mine.operator,
    status: mine.status,
  }));
  // A row that says what is known is not touched, so that it comes back as unchanged.
  const stored = await tx<{ made: boolean }[]>`
    insert into mine ${tx(rows)}
    on conflict (external_id) do update set
      name = excluded.name, name_zh = coalesce(excluded.name_zh, mine.name_zh), country = excluded.country,
      region = excluded.region, latitude = excluded.latitude, longitude = excluded.longitude,
      operator = excluded.operator, status = excluded.status
    where (mine.name, mine.country, mine.region, mine.latitude, mine.longitude, mine.operator, mine.status)
      is distinct from (excluded.name, excluded.country, excluded.region, excluded.latitude,
        excluded.longitude, excluded.operator, excluded.status)
    returning xmax = 0 as made`;
  const loaded = stored.filter(({ made }) => made).length;
  return { loaded, changed: stored.length - loaded };
}
