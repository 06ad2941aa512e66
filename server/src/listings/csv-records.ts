/**
 * Records of a CSV file as they stream in, each with the line it starts on. One spoilt record never takes
 * its neighbours with it: an opening quote that is not closed within a few lines spoils only its own line,
 * and reading goes on with the next. Memory is bounded whatever the file holds.
 */
import { parse } from 'csv-parse/sync';

export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: CsvProblem };
export type CsvProblem = 'line_too_long' | 'not_utf8' | 'quotes';

/** No honest record of the forms read here comes near these. */
const LINE_BYTES_MAX = 65_536;
const RECORD_LINES_MAX = 32;

type Line = { readonly number: number; readonly text: string; readonly problem?: CsvProblem };

/**
 * @param input bytes in chunks of any size; UTF-8, with or without a byte order mark, LF or CRLF.
 * @param width given the fields, whether a record of several lines is one: a stray quote is then found out.
 */
export async function* csvRecords(
  input: AsyncIterable<Uint8Array>,
  width: () => number | undefined,
): AsyncGenerator<CsvRecord> {
  const pending: Line[] = [];
  for await (const line of lines(input)) {
    pending.push(line);
    yield* framed(pending, false, width);
  }
  yield* framed(pending, true, width);
}

/** Takes whole records from the front of `pending`; leaves what needs more lines, unless `ended`. */
function* framed(pending: Line[], ended: boolean, width: () => number | undefined): Generator<CsvRecord> {
  for (let first = pending[0]; first; first = pending[0]) {
    const count = linesOfRecord(pending);
    if (count === undefined && !ended && pending.length < RECORD_LINES_MAX) return;
    const text = pending
      .slice(0, count ?? 1)
      .map((line) => line.text)
      .join('\n');
    const problem = first.problem ?? (count === undefined ? 'quotes' : undefined);
    const fields = problem ? undefined : fieldsOf(text);
    // Several lines that do not make one record of the right width were joined by a stray quote.
    const joined = (count ?? 1) > 1 && fields?.length !== (width() ?? fields?.length);
    if (!fields || joined) {
      pending.shift();
      yield { line: first.number, problem: problem ?? 'quotes' };
      continue;
    }
    pending.splice(0, count);
    if (text !== '') yield { line: first.number, fields };
  }
}

/** How many lines until the quotes are even; undefined when they are not yet. */
function linesOfRecord(pending: readonly Line[]): number | undefined {
  let open = false;
  for (const [index, line] of pending.entries()) {
    if (line.problem) return index === 0 ? 1 : undefined;
    for (let at = line.text.indexOf('"'); at >= 0; at = line.text.indexOf('"', at + 1)) open = !open;
    if (!open) return index + 1;
  }
  return undefined;
}

function fieldsOf(text: string): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(',');
  try {
    // The text is one record already, so the delimiter of records is one that cannot be in it. What held a
    // zero byte keeps a control character, and is refused for it.
    const rows = parse(text.replaceAll('\u0000', '\u0001'), {
      record_delimiter: '\u0000',
      relax_column_count: true,
    });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  const keep = (part: Uint8Array): void => {
    // Past the limit only the length matters, so that the line can be refused.
    if (restBytes <= LINE_BYTES_MAX) rest.push(part);
    restBytes += part.length;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      keep(chunk.subarray(start, end));
      yield decoded(rest, restBytes, number);
      [rest, restBytes, number, start] = [[], 0, number + 1, end + 1];
    }
    // Copied: the source may use its buffer again.
    if (start < chunk.length) keep(chunk.slice(start));
  }
  if (restBytes > 0) yield decoded(rest, restBytes, number);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(parts: readonly Uint8Array[], bytes: number, number: number): Line {
  if (bytes > LINE_BYTES_MAX) return { number, text: '', problem: 'line_too_long' };
  try {
    const text = utf8.decode(Buffer.concat(parts)).replace(/\r$/, '');
    return { number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text };
  } catch {
    return { number, text: '', problem: 'not_utf8' };
  }
}
