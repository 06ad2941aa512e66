/** A CSV of recorded auctions by the names of its columns; a row that cannot be is refused with its line. */
import { csvRecords } from '../../../listings/csv-records.ts';
import { ReplayError } from '../error.ts';

export type TableRow<Column extends string> = {
  readonly line: number;
  readonly text: Readonly<Record<Column, string>>;
};
export type RefusedLine = { readonly line: number; readonly code: string };

/** @throws ReplayError when a column is missing or the file is empty. */
export async function readTable<const Column extends string>(
  input: Uint8Array,
  columns: readonly Column[],
): Promise<{ rows: TableRow<Column>[]; refused: RefusedLine[] }> {
  const rows: TableRow<Column>[] = [];
  const refused: RefusedLine[] = [];
  let header: readonly string[] | undefined;
  for await (const record of csvRecords(only(input), () => header?.length)) {
    const { line } = record;
    const fields = 'fields' in record ? record.fields.map((field) => field.trim()) : undefined;
    if (!header) header = headerOf(fields ?? [], columns);
    else if (!fields) refused.push({ line, code: 'csv' });
    else if (fields.length !== header.length) refused.push({ line, code: 'columns' });
    else {
      const places = header;
      const entries = columns.map((name) => [name, fields[places.indexOf(name)] ?? ''] as const);
      rows.push({ line, text: Object.fromEntries(entries) as TableRow<Column>['text'] });
    }
  }
  if (!header) throw new ReplayError('replay.header_unknown', 'the file is empty');
  return { rows, refused };
}

function headerOf(names: readonly string[], columns: readonly string[]): readonly string[] {
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length === 0) return names;
  throw new ReplayError('replay.header_unknown', `columns missing: ${missing.join(', ')}`);
}

async function* only(input: Uint8Array): AsyncGenerator<Uint8Array> {
  yield input;
}
