/** A published table of prices becomes an index, or its new months are added: whole, or nothing of it. */
import type { Sql } from 'postgres';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/http.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { type Entering, createSeries, importValues, readIndexTable, seriesView } from './indices.ts';

export type IndexFile = {
  readonly csv: string;
  /** The column with the values, beside one named "month". */
  readonly column: string;
  readonly series: {
    readonly id: string;
    readonly title: string;
    readonly unit: string;
    readonly source: string;
  };
  /** Day of the following month on which each value is taken to be published. */
  readonly publishedDay: number;
};
type Refused = { readonly line: number; readonly code: string; readonly reason: string };
export type IndexImport = {
  readonly rows: number;
  /** New months. */
  readonly loaded: number;
  readonly unchanged: number;
  readonly refused: readonly Refused[];
  readonly first: string | null;
  readonly last: string | null;
};

/** Who enters what is loaded at the command line. */
const OPERATOR = { personId: 'operator' };

/** What would be loaded into an index that is not known yet. */
export function dryRunIndex({ csv, column }: Pick<IndexFile, 'csv' | 'column'>): IndexImport {
  const table = readIndexTable(csv, column);
  if (!Array.isArray(table)) return nothing(table);
  return { ...spanOf(table), rows: table.length, loaded: table.length, unchanged: 0, refused: [] };
}

/** Months that are known with another value are refused one by one: they are entered as corrections, with a reason. */
export async function importIndex(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  { csv, column, series, publishedDay }: IndexFile,
): Promise<IndexImport> {
  const table = readIndexTable(csv, column);
  if (!Array.isArray(table)) return nothing(table);
  const who: Entering = { principal: OPERATOR, now: clock.now() };
  const done = await inTransaction(sql, async (tx) => {
    const refusal = (await seriesView(tx, series.id)) ? undefined : await createSeries(tx, who, series);
    return (
      refusal ??
      importValues(tx, who, { seriesId: series.id, csv, column, publishedDay, note: series.source })
    );
  });
  if (isRefusal(done)) return nothing(done);
  const differing = done.differing.map((month) => ({
    line: lineOf(csv, month),
    code: 'index.differs',
    reason: `${month} is known with another value`,
  }));
  const unchanged = done.known - differing.length;
  return { ...spanOf(table), rows: table.length, loaded: done.added, unchanged, refused: differing };
}

function nothing(of: Refusal): IndexImport {
  const fields = Object.entries(of.fields ?? {}).map(([field, what]) => `${field}: ${what}`);
  const accepted = Object.entries(of.accepted ?? {}).map(([field, what]) => `accepted ${field}: ${what}`);
  const reason = [...(of.detail === undefined ? [] : [of.detail]), ...fields, ...accepted].join('; ');
  const line = Number(/line (\d+)/.exec(reason)?.[1] ?? 1);
  const refused = [{ line, code: of.refused, reason }];
  return { rows: 0, loaded: 0, unchanged: 0, refused, first: null, last: null };
}

function spanOf(table: readonly { readonly month: string }[]): Pick<IndexImport, 'first' | 'last'> {
  return { first: table[0]?.month ?? null, last: table.at(-1)?.month ?? null };
}

function lineOf(csv: string, month: string): number {
  return csv.split('\n').findIndex((line) => line.startsWith(month)) + 1;
}
