/**
 * The same through PostgreSQL: what each lot costs at each plant computed beforehand and indexed with all
 * that is asked for, each lot's JSON written beforehand; one statement gives the best and how many fit.
 */
import type { Sql } from 'postgres';
import { SUGGESTIONS_MAX, type RequestRow } from '../../src/requests/bench.ts';

/** The search bench's table of a plant, with what a request asks for beside it. */
export async function makeMatchTables(sql: Sql, plants: number): Promise<void> {
  for (let plant = 0; plant < plants; plant += 1) {
    const table = `lot_at_${plant}`;
    await sql.unsafe(`alter table ${table} add column ash_d int, add column sulphur_d int,
      add column remaining bigint, add column window_from date, add column window_to date`);
    await sql.unsafe(`update ${table} t set ash_d = l.ash_bp, sulphur_d = l.sulphur_bp, remaining = l.remaining_kg,
      window_from = l.window_from, window_to = l.window_to from listing l where l.id = t.id`);
    await sql.unsafe(`create index on ${table} (landed, id)
      include (rank, heat, ash_d, sulphur_d, moisture, remaining, window_from, window_to)`);
    await sql.unsafe(`create index on ${table} (rank, heat, sulphur_d, ash_d, moisture, landed, id)`);
  }
  await sql.unsafe('vacuum analyze');
}

export async function matchInPostgres(
  sql: Sql,
  plant: number,
  row: RequestRow,
): Promise<{ ids: string[]; fitting: number }> {
  const at = (parameter: string): number => {
    const limit = row.limits.find((one) => one.parameter === parameter);
    return limit?.minimum ?? limit?.maximum ?? 0;
  };
  const ranks = row.coalRanks.length > 0 ? sql`and rank = any(${row.coalRanks as string[]})` : sql``;
  const found = await sql<{ id: string; doc: string; fitting: string }[]>`
    with page as (
      select id, landed, count(*) over () as fitting from ${sql(`lot_at_${plant}`)}
       where heat >= ${at('calorificValue')} and ash_d <= ${at('ash')} and sulphur_d <= ${at('sulphur')}
         and moisture <= ${at('totalMoisture')} and remaining >= ${row.minimumKg.toString()}::bigint
         and window_from <= ${row.windowTo} and window_to >= ${row.windowFrom}
         and landed < 'infinity' and landed * heat <= ${(row.priceCeiling! * 1000n).toString()}::float8 ${ranks}
       order by landed, id limit ${SUGGESTIONS_MAX})
    select p.id, d.doc, p.fitting from page p join lot_doc d using (id) order by p.landed, p.id`;
  return { ids: found.map(({ id }) => id), fitting: Number(found[0]?.fitting ?? 0) };
}
