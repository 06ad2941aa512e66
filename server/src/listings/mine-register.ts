/**
 * Reads a register of coal mines (Global Coal Mine Tracker, as CSV) into origins. Columns are found by their
 * headings, in whatever order and edition; every row comes out once, loaded or refused with its line and reason.
 * A mine without coordinates is loaded: it is an origin, only not on the map. A mine that the register tells in
 * several rows (the pit that works, the extension that is planned) is an origin by each, the second as `M0004/2`.
 */
import { csvRecords } from './csv-records.ts';
import { COUNTRY_CODES } from './country-names.ts';

export type RegisteredMine = {
  readonly kind: 'loaded';
  readonly line: number;
  /** The register's own number of the mine, with that of the further phase. */
  readonly externalId: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly country: string;
  readonly region: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly operator: string;
  readonly status: string;
};
export type RefusedMine = {
  readonly kind: 'refused';
  readonly line: number;
  readonly code: MineFault;
  readonly reason: string;
};
export type MineFault =
  | 'header'
  | 'columns'
  | 'line_too_long'
  | 'not_utf8'
  | 'quotes'
  | 'missing'
  | 'country'
  | 'coordinates'
  | 'duplicate';

/** Headings of the editions seen, in small letters without signs between words. */
const HEADINGS = {
  id: ['gem_mine_id', 'mine_id', 'mine_ids', 'gem_id', 'id'],
  name: ['mine_name', 'name', 'mine'],
  nameZh: ['mine_name_zh', 'name_zh', 'mine_name_local', 'mine_name_non_eng', 'mine_name_non_english'],
  country: ['country', 'country_area', 'country_region'],
  province: ['state_province', 'state', 'province', 'subnational_unit', 'province_state'],
  coalfield: ['coalfield', 'coal_field'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'lon', 'lng', 'long'],
  operator: ['owners', 'owner', 'operator', 'mine_operator', 'parent_company'],
  status: ['status', 'operating_status'],
} as const;
type Field = keyof typeof HEADINGS;
const NEEDED = ['id', 'name', 'country'] as const satisfies readonly Field[];

/** @throws what `input` throws. */
export async function* readMines(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<RegisteredMine | RefusedMine> {
  let at: ReadonlyMap<Field, number> | undefined;
  let width = 0;
  let before = 0;
  const seen = new Map<string, number>();
  const phases = new Map<string, number>();
  for await (const record of csvRecords(input, () => (at ? width : undefined))) {
    const { line } = record;
    if ('problem' in record) {
      if (at) yield refused(line, record.problem, 'The line cannot be read.');
      continue;
    }
    if (!at) {
      at = headerOf(record.fields);
      width = record.fields.length;
      before += 1;
      // A title and a note may stand before the headings; more than that is another file.
      if (!at && before >= TITLE_ROWS_MAX) break;
      continue;
    }
    const read = readMine(at, width, record.fields, line);
    if (read.kind === 'refused') {
      yield read;
      continue;
    }
    const said = record.fields.join('\u0000');
    const first = seen.get(said);
    if (first !== undefined) {
      yield refused(line, 'duplicate', `The same row stands on line ${first}.`);
      continue;
    }
    seen.set(said, line);
    const phase = (phases.get(read.externalId) ?? 0) + 1;
    phases.set(read.externalId, phase);
    yield phase === 1 ? read : { ...read, externalId: `${read.externalId}/${phase}` };
  }
  if (!at) yield refused(1, 'header', `No register of mines: no headings ${NEEDED.join(', ')}.`);
}

const TITLE_ROWS_MAX = 20;

function headerOf(fields: readonly string[]): ReadonlyMap<Field, number> | undefined {
  const names = fields.map((name) =>
    name
      .normalize('NFKC')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
      .replaceAll(/^_|_$/g, ''),
  );
  const at = new Map<Field, number>();
  for (const field of Object.keys(HEADINGS) as Field[]) {
    const heading = HEADINGS[field].find((name) => names.includes(name));
    if (heading !== undefined) at.set(field, names.indexOf(heading));
  }
  return NEEDED.every((field) => at.has(field)) ? at : undefined;
}

function refused(line: number, code: MineFault, reason: string): RefusedMine {
  return { kind: 'refused', line, code, reason };
}

function readMine(
  at: ReadonlyMap<Field, number>,
  width: number,
  fields: readonly string[],
  line: number,
): RegisteredMine | RefusedMine {
  if (fields.length !== width) {
    return refused(line, 'columns', `The row has ${fields.length} fields, the header ${width}.`);
  }
  // Some names hold control characters of another encoding's dash: a space says as much.
  const text = (field: Field): string =>
    (fields[at.get(field) ?? -1] ?? '').replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const empty = NEEDED.find((field) => text(field) === '');
  if (empty) return refused(line, 'missing', `${empty} is empty.`);
  const country = countryOf(text('country'));
  if (!country) return refused(line, 'country', `No country of this name: "${text('country')}".`);
  const place = readPlace(text('latitude'), text('longitude'));
  if (place === 'wrong') {
    return refused(line, 'coordinates', `No place: "${text('latitude')}", "${text('longitude')}".`);
  }
  return {
    kind: 'loaded',
    line,
    externalId: text('id').slice(0, 60),
    name: text('name').slice(0, 200),
    nameZh: text('nameZh').slice(0, 200) || null,
    country,
    region: (text('province') || text('coalfield')).slice(0, 100),
    ...place,
    operator: text('operator').slice(0, 200),
    status: text('status').slice(0, 60),
  };
}

/** ISO 3166-1 from an English name, or as it stands. */
function countryOf(text: string): string | undefined {
  if (/^[A-Z]{2}$/.test(text)) return text;
  return COUNTRY_CODES.get(
    text
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim(),
  );
}

type Degrees = { readonly latitude: number | null; readonly longitude: number | null };
const NOT_KNOWN = /^(|\.|-|n\/?a|unknown|tbd|null|none)$/i;

function readPlace(latitude: string, longitude: string): Degrees | 'wrong' {
  if (NOT_KNOWN.test(latitude) || NOT_KNOWN.test(longitude)) return { latitude: null, longitude: null };
  const number = (text: string): number => (/^-?\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);
  const place = { latitude: number(latitude), longitude: number(longitude) };
  return Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : 'wrong';
}
