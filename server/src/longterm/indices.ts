/** Published series as staff enters them: one value a month, no month left out, corrections beside what they correct. */
import type { IndexSeriesView, IndexValueView } from '@seam/protocol';
import { parse } from 'csv-parse/sync';
import { asc, desc, eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { Who } from './commands.ts';
import { runningProgrammes } from './programme.ts';
import { addMonths, dayOf, isDay } from './rules/calendar.ts';
import { type IndexValueRow, indexSeries, indexValue } from './tables.ts';

/** A person of the centre, or an operator at the command line. */
export type Entering = { readonly principal: Pick<Who['principal'], 'personId'>; readonly now: Date };

export async function createSeries(
  tx: Tx,
  who: Entering,
  input: { id: string; title: string; unit: string; source: string },
): Promise<Refusal | undefined> {
  // Whoever signs a price chooses its index by its name: two of one name would be mistaken for each other.
  await tx`select pg_advisory_xact_lock(hashtext('index_series.title'))`;
  const [namesake] = await tx<{ id: string }[]>`select id from index_series
    where id <> ${input.id} and lower(regexp_replace(btrim(title), '[[:space:]]+', ' ', 'g'))
        = lower(regexp_replace(btrim(${input.title}), '[[:space:]]+', ' ', 'g'))`;
  if (namesake)
    return refuse('index.exists', { fields: { title: 'duplicate' }, detail: `named so: ${namesake.id}` });
  const made = await orm(tx)
    .insert(indexSeries)
    .values({ ...input, createdBy: who.principal.personId, createdAt: who.now })
    .onConflictDoNothing()
    .returning({ id: indexSeries.id });
  return made.length > 0 ? undefined : refuse('index.exists', { fields: { id: 'duplicate' } });
}

type NewValue = { month: string; value: string; publishedOn: string; note: string };

export async function enterValue(
  tx: Tx,
  who: Who,
  input: NewValue & { seriesId: string; corrects: number | null },
): Promise<Refusal | undefined> {
  const values = await lockedValues(tx, input.seriesId);
  if (!values) return refuse('resource.not_found');
  // Nothing is published tomorrow.
  if (!isDay(input.publishedOn) || input.publishedOn > dayOf(who.now))
    return refuse('index.not_published', { fields: { publishedOn: 'out_of_range' } });
  const newest = values.findLast(({ month }) => month === input.month);
  if (input.corrects !== null && newest?.version !== input.corrects)
    return refuse('index.not_newest', { accepted: { version: String(newest?.version ?? 0) } });
  if (input.corrects === null && newest)
    return refuse('index.duplicate_month', { fields: { month: 'duplicate' } });
  const last = values.at(-1)?.month;
  if (input.corrects === null && last !== undefined && input.month !== addMonths(last, 1))
    return refuse('index.gap', { fields: { month: 'gap' }, accepted: { month: addMonths(last, 1) } });
  await insert(tx, who, input.seriesId, [{ ...input, version: (newest?.version ?? 0) + 1 }]);
  return undefined;
}

/** The values of a series, oldest first, its row locked: two people never both add the next month. */
async function lockedValues(tx: Tx, seriesId: string): Promise<IndexValueRow[] | undefined> {
  const series = first(
    await orm(tx).select().from(indexSeries).where(eq(indexSeries.id, seriesId)).for('update'),
  );
  if (!series) return undefined;
  return orm(tx)
    .select()
    .from(indexValue)
    .where(eq(indexValue.seriesId, seriesId))
    .orderBy(asc(indexValue.month), asc(indexValue.version));
}

async function insert(
  tx: Tx,
  who: Entering,
  seriesId: string,
  rows: readonly (NewValue & { version: number })[],
): Promise<void> {
  await orm(tx)
    .insert(indexValue)
    .values(
      rows.map(({ month, value, publishedOn, note, version }) => ({
        seriesId,
        month,
        version,
        value,
        publishedOn,
        note,
        enteredBy: who.principal.personId,
        enteredAt: who.now,
      })),
    );
  // Prices may wait for it, and fixed ones may have rested on what it corrects.
  for (const contractId of await runningProgrammes(tx))
    await enqueue(tx, {
      effectKey: `long_term:${contractId}:index:${seriesId}:${rows.at(-1)!.month}:${rows.at(-1)!.version}`,
      topic: 'long_term.advance',
      payload: { contractId },
    });
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const VALUE = /^\d{1,9}(\.\d{1,6})?$/;

/** Adds the months that are not known yet. A table with a month twice, or one missing in between, adds nothing. */
export async function importValues(
  tx: Tx,
  who: Entering,
  input: { seriesId: string; csv: string; column: string; publishedDay: number; note: string },
): Promise<{ added: number; known: number; differing: string[] } | Refusal> {
  const known = await lockedValues(tx, input.seriesId);
  if (!known) return refuse('resource.not_found');
  const table = readIndexTable(input.csv, input.column);
  if (!Array.isArray(table)) return table;
  const newest = new Map(known.map((row) => [row.month, row]));
  const last = known.at(-1)?.month;
  const fresh = table.filter(({ month }) => !newest.has(month));
  const [begin] = fresh;
  if (begin && last !== undefined && begin.month !== addMonths(last, 1))
    return refuse('index.gap', { fields: { csv: 'gap' }, accepted: { month: addMonths(last, 1) } });
  const rows = fresh.map(({ month, value }) => ({
    month,
    value,
    version: 1,
    note: input.note,
    publishedOn: `${addMonths(month, 1)}-${String(input.publishedDay).padStart(2, '0')}`,
  }));
  const today = dayOf(who.now);
  const early = rows.find(({ publishedOn }) => publishedOn > today);
  if (early)
    return refuse('index.not_published', {
      fields: { publishedDay: 'out_of_range' },
      accepted: { latest: today },
    });
  if (rows.length > 0) await insert(tx, who, input.seriesId, rows);
  const seen = table.filter(({ month }) => newest.has(month));
  return {
    added: rows.length,
    known: seen.length,
    differing: seen
      .filter(({ month, value }) => newest.get(month)!.value !== value)
      .map(({ month }) => month),
  };
}

export type Cell = { readonly month: string; readonly value: string };

/** Month and value of each line, oldest first; empty cells before the first and after the last are none. */
export function readIndexTable(csv: string, column: string): Cell[] | Refusal {
  let lines: Record<string, string>[];
  try {
    lines = parse(csv, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    return refuse('index.csv_invalid', { detail: error instanceof Error ? error.message : String(error) });
  }
  const [head] = lines;
  if (!head || !('month' in head)) return refuse('index.csv_invalid', { fields: { csv: 'no_month_column' } });
  if (!(column in head)) return refuse('index.csv_invalid', { fields: { column: 'unknown' } });
  const cells: Cell[] = [];
  const seen = new Set<string>();
  let closed = false;
  for (const [at, line] of lines.entries()) {
    const [month = '', value = ''] = [line['month'], line[column]];
    const where = { detail: `line ${at + 2}`, fields: { csv: `line ${at + 2}` } };
    if (!MONTH.test(month)) return refuse('index.csv_invalid', where);
    if (seen.has(month)) return refuse('index.duplicate_month', where);
    seen.add(month);
    if (value === '') {
      closed = cells.length > 0;
      continue;
    }
    if (!VALUE.test(value)) return refuse('index.csv_invalid', where);
    if (closed || (cells.length > 0 && month !== addMonths(cells.at(-1)!.month, 1)))
      return refuse('index.gap', { ...where, accepted: { month: addMonths(cells.at(-1)!.month, 1) } });
    cells.push({ month, value });
  }
  return cells;
}

export async function listSeries(connection: Connection): Promise<IndexSeriesView[]> {
  const rows = await orm(connection).select().from(indexSeries).orderBy(asc(indexSeries.id));
  const views: IndexSeriesView[] = [];
  for (const { id } of rows) views.push((await seriesView(connection, id))!);
  return views;
}

export async function seriesView(connection: Connection, id: string): Promise<IndexSeriesView | undefined> {
  const row = first(await orm(connection).select().from(indexSeries).where(eq(indexSeries.id, id)));
  if (!row) return undefined;
  const [months] = await connection<{ count: number }[]>`
    select count(distinct month)::int as count from index_value where series_id = ${id}`;
  const latest = first(
    await orm(connection)
      .select()
      .from(indexValue)
      .where(eq(indexValue.seriesId, id))
      .orderBy(desc(indexValue.month), desc(indexValue.version))
      .limit(1),
  );
  return {
    id,
    title: row.title,
    unit: row.unit,
    source: row.source,
    months: months!.count,
    latest: latest
      ? {
          month: latest.month,
          value: latest.value,
          version: latest.version,
          publishedOn: latest.publishedOn,
        }
      : null,
  };
}

/** Every version, newest month first. */
export async function valuesOf(connection: Connection, id: string): Promise<IndexValueView[]> {
  const rows = await orm(connection)
    .select()
    .from(indexValue)
    .where(eq(indexValue.seriesId, id))
    .orderBy(desc(indexValue.month), desc(indexValue.version));
  return rows.map(({ month, version, value, publishedOn, note, enteredAt }) => ({
    month,
    version,
    value,
    publishedOn,
    note,
    enteredAt: enteredAt.toISOString(),
  }));
}
