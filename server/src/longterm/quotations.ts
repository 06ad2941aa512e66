/** What the exchange has published of its series, for formulas of other contracts to be computed with. */
import type { Connection } from '../platform/db.ts';
import { dayOf } from './rules/calendar.ts';

export type PublishedQuotation = { readonly date: string; readonly value: string; readonly source: string };

/**
 * @param names as formulas write them: capitals count as small letters, and the hyphen of an id is an underscore.
 * @returns for each name that is a series, the newest version of each month published by now, oldest day first.
 */
export async function publishedQuotations(
  connection: Connection,
  names: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly PublishedQuotation[]>> {
  if (names.length === 0) return new Map();
  const wanted = names.map((name) => name.toLowerCase());
  const rows = await connection<
    { id: string; month: string; version: number; value: string; date: string }[]
  >`select distinct on (series_id, month) series_id as id, month, version, value, published_on::text as date
      from index_value
     where replace(series_id, '-', '_') in ${connection(wanted)} and published_on <= ${dayOf(now)}
     order by series_id, month, version desc`;
  const found = new Map<string, PublishedQuotation[]>();
  for (const name of names) {
    const ids = new Set(
      rows.map(({ id }) => id).filter((id) => id.replaceAll('-', '_') === name.toLowerCase()),
    );
    // Two ids that differ in the hyphen alone: the one written like the name.
    const id = ids.has(name.toLowerCase()) ? name.toLowerCase() : [...ids].toSorted()[0];
    // Of two months published on one day the later counts: a day has one quotation.
    const days = new Map(
      rows
        .filter((row) => row.id === id)
        .map(({ month, version, value, date }) => [
          date,
          { date, value, source: `${id} ${month} (${version})` },
        ]),
    );
    const values = [...days.values()].toSorted((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
    if (values.length > 0) found.set(name, values);
  }
  return found;
}
