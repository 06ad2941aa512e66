/**
 * Reads coal receipts of U.S. power plants (EIA Form 923, Page 5, as CSV) into companies, mines and
 * listings. Every row comes out once: loaded, or refused with its line, a stable code and the reason.
 *
 * A row's key is a hash of what it says, after spelling differences that mean nothing (0.20 and 0.2, spaces
 * around) are gone: the same row has the same key in every run and every file, so importing twice changes
 * nothing. The form has no number of its own for a receipt.
 */
import { type CsvProblem, csvRecords } from './csv-records.ts';
import { type Header, readFields, readHeader, refuse } from './eia923-row.ts';
import type { EiaReceipt, EiaRefusal } from './eia923-types.ts';

export type * from './eia923-types.ts';

/**
 * @param input the file's bytes.
 * @returns each row loaded or refused, in the order of the file. A header that is not the form's gives one
 *   refusal of line 1 and ends.
 * @throws what `input` throws.
 */
export async function* readEia923(input: AsyncIterable<Uint8Array>): AsyncGenerator<EiaReceipt | EiaRefusal> {
  let header: Header | undefined;
  const faults: HeaderFault[] = [];
  const seen = new Map<string, number>();
  for await (const record of csvRecords(input, () => header?.width)) {
    const { line } = record;
    if (!header) {
      if ('problem' in record) {
        yield {
          kind: 'refused',
          line,
          code: 'header',
          reason: `Not a table of fuel receipts: ${record.problem}.`,
        };
        return;
      }
      const found = readHeader(record.fields);
      if ('at' in found) header = found;
      else {
        faults.push({ line, ...found });
        // The form's workbook has a title and notes above the headings.
        if (faults.length >= TITLE_ROWS_MAX) break;
      }
      continue;
    }
    const read =
      'problem' in record
        ? refuse(record.problem, CSV_REASONS[record.problem])
        : readFields(header, record.fields);
    const first = 'key' in read ? seen.get(read.key) : undefined;
    if ('code' in read) yield { kind: 'refused', line, ...read };
    else if (first !== undefined) {
      yield { kind: 'refused', line, ...refuse('duplicate', `The same receipt stands on line ${first}.`) };
    } else {
      seen.set(read.key, line);
      yield { kind: 'loaded', line, ...read };
    }
  }
  if (!header) yield { kind: 'refused', ...headerFault(faults) };
}

const TITLE_ROWS_MAX = 20;
type HeaderFault = {
  readonly line: number;
  readonly missing: readonly string[];
  readonly twice: readonly string[];
};

/** Told of the row that comes nearest to being the headings. */
function headerFault(faults: readonly HeaderFault[]): { line: number; code: 'header'; reason: string } {
  const [nearest] = faults.toSorted((a, b) => a.missing.length - b.missing.length || a.line - b.line);
  if (!nearest) return { line: 1, code: 'header', reason: 'The file is empty.' };
  const { line, missing, twice } = nearest;
  const fault =
    missing.length > 0 ? `columns missing: ${missing.join(', ')}` : `columns twice: ${twice.join(', ')}`;
  return { line, code: 'header', reason: `Not a table of fuel receipts: ${fault}.` };
}

const CSV_REASONS: Readonly<Record<CsvProblem, string>> = {
  line_too_long: 'The line is longer than 64 KiB.',
  not_utf8: 'The line is not UTF-8 text.',
  quotes: 'The quotation marks do not pair up.',
};
