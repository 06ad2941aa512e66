/**
 * Looks a file of lots over: every row comes out once, good or refused with its line and what is wrong in each
 * column. Plain data in, plain data out, so that a thread can do it. Reading is bounded: of the refused only the
 * first are told in full, all are counted.
 */
import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { type Assay, type AuditFlag, auditAssay } from '@seam/coal';
import { ListingInput } from '@seam/protocol';
import { isRefusal } from '../../platform/refusal.ts';
import { csvRecords } from '../csv-records.ts';
import { checkListing } from '../rules.ts';
import type { SessionRow } from '../tables-more.ts';
import { type Header, readHeader } from './columns.ts';
import { readLotRow } from './row.ts';

export type CheckInput = {
  readonly file: Uint8Array;
  /** Milliseconds. */
  readonly now: number;
  /** Places that a row may name: lower-case name or id → id. */
  readonly places: Pick<ReadonlyMap<string, string>, 'get'>;
  readonly mineIds: Pick<ReadonlySet<string>, 'has'>;
  readonly sessions: Pick<ReadonlyMap<string, SessionRow>, 'get'>;
  /** How many refused and how many flagged rows are told, and how many good ones are given back. */
  readonly refusedMax: number;
  readonly flaggedMax: number;
  readonly goodMax: number;
};
/** `fields`: codes by column of the wire; `line` alone when the row could not be read at all. */
export type RefusedRow = {
  readonly line: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
};
/** A row that can be listed though its values contradict each other: the lot shows the same flags. */
export type FlaggedRow = { readonly line: number; readonly flags: readonly AuditFlag[] };
export type GoodRow = { readonly line: number; readonly lot: ListingInput };
export type Checked =
  | { readonly header: { readonly missing: readonly string[]; readonly twice: readonly string[] } }
  | {
      readonly rows: number;
      readonly good: number;
      readonly refused: number;
      readonly byCode: Readonly<Record<string, number>>;
      /** Of the good ones. */
      readonly flagged: number;
      readonly byFlag: Readonly<Record<string, number>>;
      readonly firstFlagged: readonly FlaggedRow[];
      readonly unknownColumns: readonly string[];
      readonly firstRefused: readonly RefusedRow[];
      readonly firstGood: readonly GoodRow[];
    };

const schema = Compile(ListingInput);

export async function checkLots(input: CheckInput): Promise<Checked> {
  let header: Header | undefined;
  let unknownColumns: string[] = [];
  const tally = new Tally(input);
  for await (const record of csvRecords(chunksOf(readable(input.file)), () => header?.width)) {
    if (!header) {
      const read = 'fields' in record ? readHeader(record.fields) : { missing: [record.problem], twice: [] };
      if ('missing' in read) return { header: read };
      header = read;
      const names = 'fields' in record ? record.fields : [];
      unknownColumns = names.filter((name, at) => read.headings[at] === undefined && name.trim() !== '');
      continue;
    }
    if ('problem' in record) tally.refuse({ line: record.line, code: record.problem, fields: {} });
    // Spreadsheets end a file with rows of nothing but commas.
    else if (record.fields.some((field) => field.trim() !== ''))
      tally.add(record.line, header, record.fields);
  }
  if (!header) return { header: { missing: ['file'], twice: [] } };
  return tally.result(unknownColumns);
}

class Tally {
  readonly #input: CheckInput;
  readonly #now: Date;
  readonly #seen = new Map<string, number>();
  readonly #refused: RefusedRow[] = [];
  readonly #good: GoodRow[] = [];
  readonly #byCode: Record<string, number> = {};
  readonly #flagged: FlaggedRow[] = [];
  readonly #byFlag: Record<string, number> = {};
  #flaggedCount = 0;
  #goodCount = 0;
  #refusedCount = 0;
  constructor(input: CheckInput) {
    this.#input = input;
    this.#now = new Date(input.now);
  }

  add(line: number, header: Header, fields: readonly string[]): void {
    if (fields.length !== header.width) return this.refuse({ line, code: 'columns', fields: {} });
    const read = readLotRow(header, fields, (name) => this.#input.places.get(name.toLowerCase()));
    if ('faults' in read) return this.refuse({ line, code: 'listing.invalid', fields: read.faults });
    const judged = this.#judge(read.body);
    if ('code' in judged) return this.refuse({ line, ...judged });
    const lot = read.body as ListingInput;
    const key = createHash('sha256').update(JSON.stringify(lot)).digest('base64');
    const before = this.#seen.get(key);
    if (before !== undefined) {
      return this.refuse({ line, code: 'duplicate', fields: { line: String(before) } });
    }
    this.#seen.set(key, line);
    this.#goodCount += 1;
    this.#flag(line, auditAssay(judged.assay, lot.coalRank));
    if (this.#good.length < this.#input.goodMax) this.#good.push({ line, lot });
  }

  #flag(line: number, flags: readonly AuditFlag[]): void {
    if (flags.length === 0) return;
    this.#flaggedCount += 1;
    for (const code of new Set(flags.map((flag) => flag.code)))
      this.#byFlag[code] = (this.#byFlag[code] ?? 0) + 1;
    if (this.#flagged.length < this.#input.flaggedMax) this.#flagged.push({ line, flags });
  }

  #judge(body: unknown): Omit<RefusedRow, 'line'> | { readonly assay: Assay } {
    if (!schema.Check(body)) return { code: 'listing.invalid', fields: shapeFaults(body) };
    const { mineId, sessionId } = body;
    if (mineId !== undefined && !this.#input.mineIds.has(mineId)) {
      return { code: 'listing.mine_unknown', fields: { mineId: 'listing.mine_unknown' } };
    }
    const session = sessionId === undefined ? undefined : this.#input.sessions.get(sessionId);
    const checked = checkListing(body, this.#now, session);
    return isRefusal(checked) ? { code: checked.refused, fields: checked.fields ?? {} } : checked;
  }

  refuse(row: RefusedRow): void {
    this.#refusedCount += 1;
    for (const code of new Set(
      [row.code === 'listing.invalid' ? [] : row.code, ...Object.values(row.fields)].flat(),
    )) {
      // A line number is no code.
      if (!/^\d+$/.test(code)) this.#byCode[code] = (this.#byCode[code] ?? 0) + 1;
    }
    if (this.#refused.length < this.#input.refusedMax) this.#refused.push(row);
  }

  result(unknownColumns: readonly string[]): Checked {
    return {
      rows: this.#goodCount + this.#refusedCount,
      good: this.#goodCount,
      refused: this.#refusedCount,
      byCode: this.#byCode,
      flagged: this.#flaggedCount,
      byFlag: this.#byFlag,
      firstFlagged: this.#flagged,
      unknownColumns,
      firstRefused: this.#refused,
      firstGood: this.#good,
    };
  }
}

const KEYWORDS: Readonly<Record<string, string>> = {
  required: 'field.required',
  pattern: 'field.not_a_number',
  enum: 'field.unknown_word',
  minLength: 'field.required',
  maxLength: 'field.too_long',
};

/** What the schema has against a body, by field of the wire. An empty value is a missing one. */
function shapeFaults(body: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const error of schema.Errors(body)) {
    const missing = (error.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0];
    const path = error.instancePath.slice(1).replaceAll('/', '.');
    const name =
      [path, missing]
        .filter(Boolean)
        .join('.')
        .replace(/\.(value|basis|unit|kind)$/, '') || 'row';
    const code = valueAt(body, error.instancePath) === '' ? 'field.required' : KEYWORDS[error.keyword];
    fields[name] ??=
      /^window|Day$/.test(name) && code !== 'field.required'
        ? 'listing.day_invalid'
        : (code ?? 'field.invalid');
  }
  return fields;
}

function valueAt(body: unknown, pointer: string): unknown {
  let at: unknown = body;
  for (const part of pointer.split('/').slice(1)) at = (at as Record<string, unknown> | undefined)?.[part];
  return at;
}

/** A spreadsheet in China saves CSV in its own encoding: told by a first line that is not UTF-8. */
function readable(file: Uint8Array): Uint8Array {
  const end = file.indexOf(10);
  const first = file.subarray(0, end < 0 ? file.length : end);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(first);
    return file;
  } catch {
    return new TextEncoder().encode(new TextDecoder('gb18030').decode(file));
  }
}

const CHUNK_BYTES = 65_536;

async function* chunksOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < file.length; from += CHUNK_BYTES) yield file.subarray(from, from + CHUNK_BYTES);
}
