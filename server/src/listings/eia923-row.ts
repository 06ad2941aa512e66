/** Reads one row of coal receipts (EIA Form 923, Page 5): each field, its ranges, and the key of the whole. */
import { createHash } from 'node:crypto';
import {
  type Assay,
  type Place,
  type Rational,
  assayErrors,
  divide,
  multiply,
  parseRational,
  rational,
  roundHalfEven,
  toJoulesPerGram,
} from '@seam/coal';
import { type Kilograms, type Minor, kilograms, minor } from '@seam/units';
import { FOREIGN, MINE_TYPES, OTHER_FUELS, PURCHASE, RANKS, STATES, TRANSPORT } from './eia923-codes.ts';
import type { EiaMine, EiaReceipt, EiaRefusalCode } from './eia923-types.ts';

export const COLUMNS = [
  'year',
  'month',
  'plant_id',
  'plant_name',
  'plant_state',
  'purchase_type',
  'contract_expiry',
  'coal_rank',
  'mine_type',
  'mine_state',
  'mine_county_fips',
  'mine_msha_id',
  'mine_name',
  'supplier',
  'quantity_short_tons',
  'heat_mmbtu_per_ton',
  'sulfur_pct',
  'ash_pct',
  'moisture_pct',
  'fuel_cost_cents_per_mmbtu',
  'buyer_operator',
  'buyer_operator_id',
  'transport_mode_1',
  'transport_mode_2',
  'mine_lat',
  'mine_lon',
] as const;
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Record<Column, string>>;

/** 2,000 pounds of 0.45359237 kg. */
const KILOGRAMS_PER_SHORT_TON = rational(90_718_474n, 100_000n);
const QUANTITY_MAX_KG = 1_000_000_000_000n;
/** Thousand dollars a tonne: above it a decimal point was lost. */
const PRICE_MAX = 100_000n;

export type Refused = { readonly code: EiaRefusalCode; readonly reason: string };
export type Loaded = Omit<EiaReceipt, 'kind' | 'line'>;

export function refuse(code: EiaRefusalCode, reason: string): Refused {
  return { code, reason };
}

/** How many fields a row has, and which of them each of COLUMNS is; −1 for one that the file does not have. */
export type Header = { readonly width: number; readonly at: readonly number[] };

/** Headings as the form's own workbook has them, beside the names above; small letters, words joined by _. */
const ALSO: Readonly<Partial<Record<Column, readonly string[]>>> = {
  purchase_type: ['contract_type'],
  contract_expiry: ['contract_expiration_date', 'contract_exp_date'],
  coal_rank: ['energy_source', 'fuel_type', 'energy_source_code'],
  mine_type: ['coalmine_type'],
  mine_state: ['coalmine_state'],
  mine_county_fips: ['coalmine_county'],
  mine_msha_id: ['coalmine_msha_id', 'coalmine_mshaid', 'msha_id'],
  mine_name: ['coalmine_name'],
  quantity_short_tons: ['quantity', 'received_units'],
  heat_mmbtu_per_ton: ['average_heat_content', 'heat_content', 'mmbtu_per_unit'],
  sulfur_pct: ['average_sulfur_content', 'sulfur_content'],
  ash_pct: ['average_ash_content', 'ash_content'],
  moisture_pct: ['moisture_content', 'average_moisture_content'],
  fuel_cost_cents_per_mmbtu: ['fuel_cost', 'fuel_cost_per_mmbtu'],
  buyer_operator: ['operator_name', 'utility_name'],
  buyer_operator_id: ['operator_id', 'utility_id'],
  transport_mode_1: ['primary_transportation_mode', 'primary_transport_mode'],
  transport_mode_2: ['secondary_transportation_mode', 'secondary_transport_mode'],
};
/** A file without them is the form all the same: what they tell is then not known. */
const OPTIONAL: ReadonlySet<Column> = new Set([
  'contract_expiry',
  'mine_county_fips',
  'fuel_cost_cents_per_mmbtu',
  'transport_mode_2',
  'mine_lat',
  'mine_lon',
]);

/** @returns the header, or what it lacks of one. */
export function readHeader(
  fields: readonly string[],
): Header | { readonly missing: readonly string[]; readonly twice: readonly string[] } {
  const names = fields.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_|_$/g, ''),
  );
  const places = COLUMNS.map((column) => {
    const own = [column, ...(ALSO[column] ?? [])].find((name) => names.includes(name));
    return own === undefined ? [] : names.flatMap((name, index) => (name === own ? [index] : []));
  });
  const missing = COLUMNS.filter((column, index) => places[index]!.length === 0 && !OPTIONAL.has(column));
  const twice = COLUMNS.filter((_column, index) => places[index]!.length > 1);
  if (missing.length > 0 || twice.length > 0) return { missing, twice };
  return { width: fields.length, at: places.map(([first = -1]) => first) };
}

/** A dot alone stands for no value; commas may count thousands. */
function cleaned(text: string): string {
  const value = text.replace(/\s+/g, ' ').trim();
  if (value === '.') return '';
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(value) ? value.replaceAll(',', '') : value;
}

export function readFields(header: Header, fields: readonly string[]): Loaded | Refused {
  if (fields.length !== header.width) {
    return refuse('columns', `The row has ${fields.length} fields, the header ${header.width}.`);
  }
  const values = header.at.map((index) => cleaned(fields[index] ?? ''));
  const spoilt = values.findIndex((value) => /\p{Cc}/u.test(value));
  if (spoilt >= 0) return refuse('control_characters', `${COLUMNS[spoilt]} holds control characters.`);
  try {
    return readRow(Object.fromEntries(COLUMNS.map((name, index) => [name, values[index]])) as Row);
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, error.message);
    throw error;
  }
}

/** Carries the first reason against a row out of the readers below; never leaves this file. */
class Refusal extends Error {
  readonly code: EiaRefusalCode;
  constructor(code: EiaRefusalCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

function readRow(row: Row): Loaded {
  if (OTHER_FUELS.has(row.coal_rank)) {
    throw new Refusal('not_coal', `Another fuel than mined coal: ${row.coal_rank}.`);
  }
  const rank = coded(row, 'coal_rank', RANKS, 'rank');
  const mine = readMine(row);
  const listing = {
    rank,
    month: readMonth(row),
    quantity: readQuantity(row),
    assay: readAssay(row),
    heatTyped: canonical(row, 'heat_mmbtu_per_ton'),
    pricePerTonne: readPrice(row),
    currency: 'USD' as const,
    transport: coded(row, 'transport_mode_1', TRANSPORT, 'transport'),
    secondaryTransport:
      row.transport_mode_2 === '' ? null : coded(row, 'transport_mode_2', TRANSPORT, 'transport'),
    purchase: coded(row, 'purchase_type', PURCHASE, 'purchase_type'),
    contractExpiry: readExpiry(row),
  };
  const supplier = required(row, 'supplier');
  const contentSha = hashOf(row);
  return {
    key: `eia923:${contentSha.toString('hex')}`,
    contentSha,
    company: { key: companyKey(supplier), name: supplier },
    mine,
    buyer: {
      operatorId: required(row, 'buyer_operator_id'),
      operator: required(row, 'buyer_operator'),
      plantId: required(row, 'plant_id'),
      plant: required(row, 'plant_name'),
      state: required(row, 'plant_state'),
    },
    listing,
  };
}

function readMine(row: Row): EiaMine {
  // A spreadsheet takes the number's zeros away, or gives it a fraction.
  const id = row.mine_msha_id
    .replace(/^(\d{5,7})\.0+$/, '$1')
    .replace(/^\d{5,6}$/, (short) => short.padStart(7, '0'));
  const foreign = FOREIGN[row.mine_state];
  if (id === '' && !foreign) {
    throw new Refusal('mine_id', 'The mine has no MSHA number, so it cannot be told from others.');
  }
  if (id !== '' && !/^\d{7}$/.test(id)) throw new Refusal('mine_id', `No MSHA number: "${id}".`);
  if (!foreign && !STATES.has(row.mine_state)) {
    throw new Refusal('mine_state', `Unknown state of the mine: "${row.mine_state}".`);
  }
  const name = required(row, 'mine_name');
  const county = row.mine_county_fips;
  return {
    key: id === '' ? `name:${foreign}:${name.toUpperCase()}` : `msha:${id}`,
    mshaId: id === '' ? null : id,
    name,
    country: foreign ?? 'US',
    state: foreign ? null : row.mine_state,
    countyFips: /^\d{1,3}$/.test(county) ? county.padStart(3, '0') : null,
    place: readPlace(row),
    type: row.mine_type === '' ? null : coded(row, 'mine_type', MINE_TYPES, 'mine_type'),
  };
}

function readPlace(row: Row): Place | null {
  if (row.mine_lat === '' && row.mine_lon === '') return null;
  const degrees = (column: Column, most: number): number => {
    const value = parseRational(row[column]) ? Number(row[column]) : Number.NaN;
    if (!(Math.abs(value) <= most)) throw new Refusal('coordinates', `No place: ${column} "${row[column]}".`);
    return value;
  };
  return { latitude: degrees('mine_lat', 90), longitude: degrees('mine_lon', 180) };
}

function readMonth(row: Row): string {
  const [year, month] = [Number(row.year), Number(row.month)];
  const fits =
    /^\d{4}$/.test(row.year) && /^\d{1,2}$/.test(row.month) && year >= 1970 && month >= 1 && month <= 12;
  if (!fits) throw new Refusal('period', `No month: "${row.year}-${row.month}".`);
  return `${row.year}-${String(month).padStart(2, '0')}`;
}

function readExpiry(row: Row): string | null {
  if (row.contract_expiry === '') return null;
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(row.contract_expiry)) return row.contract_expiry;
  // The form itself writes MMYY.
  const short = /^(0?[1-9]|1[0-2])(\d{2})(?:\.0)?$/.exec(row.contract_expiry);
  if (short) return `20${short[2]}-${short[1]!.padStart(2, '0')}`;
  throw new Refusal('period', `No month of expiry: "${row.contract_expiry}".`);
}

function readQuantity(row: Row): Kilograms {
  const value = roundHalfEven(multiply(decimal(row, 'quantity_short_tons'), KILOGRAMS_PER_SHORT_TON));
  if (value > 0n && value <= QUANTITY_MAX_KG) return kilograms(value);
  throw new Refusal('quantity', `No quantity to sell: "${row.quantity_short_tons}" short tons.`);
}

function readAssay(row: Row): Assay {
  const share = (column: Column) => ({
    basisPoints: Number(roundHalfEven(decimal(row, column), 2)),
    basis: 'ar' as const,
  });
  const assay: Assay = {
    totalMoisture: share('moisture_pct'),
    ash: share('ash_pct'),
    sulphur: share('sulfur_pct'),
    calorificValue: {
      joulesPerGram: toJoulesPerGram(decimal(row, 'heat_mmbtu_per_ton'), 'MMBtu/st'),
      kind: 'gross',
      basis: 'ar',
    },
  };
  const problem = assayErrors(assay)[0];
  if (!problem) return assay;
  const { field, code, value, minimum, maximum } = problem;
  const numbers = value === undefined ? '' : `: ${value} is not from ${minimum} to ${maximum}`;
  throw new Refusal('quality', `${field} ${code}${numbers}.`);
}

/** Cents per million Btu × million Btu per short ton = cents per short ton. */
function readPrice(row: Row): Minor | null {
  if (row.fuel_cost_cents_per_mmbtu === '') return null;
  const perShortTon = multiply(decimal(row, 'fuel_cost_cents_per_mmbtu'), decimal(row, 'heat_mmbtu_per_ton'));
  const value = roundHalfEven(divide(multiply(perShortTon, rational(1000)), KILOGRAMS_PER_SHORT_TON));
  if (value > 0n && value <= PRICE_MAX) return minor(value);
  throw new Refusal('price', `No price of coal: "${row.fuel_cost_cents_per_mmbtu}" cents per million Btu.`);
}

function required(row: Row, column: Column): string {
  const value = row[column];
  if (value === '') throw new Refusal('missing', `${column} is empty.`);
  if (value.length > 200) throw new Refusal('missing', `${column} is longer than 200 characters.`);
  return value;
}

function decimal(row: Row, column: Column): Rational {
  const value = parseRational(required(row, column));
  if (!value) throw new Refusal('number', `${column} is no decimal number: "${row[column]}".`);
  return value;
}

function coded<T>(row: Row, column: Column, codes: Readonly<Record<string, T>>, code: EiaRefusalCode): T {
  if (Object.hasOwn(codes, row[column])) return codes[row[column]] as T;
  throw new Refusal(code, `Unknown ${column}: "${row[column]}".`);
}

/** A number as short as it can be said; other text as it stands. */
function canonical(row: Row, column: Column): string {
  const text = row[column];
  if (!parseRational(text)) return text;
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed.replace(/^(-?)0+(?=\d)/, '$1');
}

/** Coordinates are not part of the receipt: they were joined to it, and better ones change no receipt. */
function hashOf(row: Row): Buffer {
  const facts = COLUMNS.filter((column) => column !== 'mine_lat' && column !== 'mine_lon').map((column) => [
    column,
    canonical(row, column),
  ]);
  return createHash('sha256').update(JSON.stringify(facts)).digest();
}

const LEGAL_FORMS = /\b(LLC|LTD|INC|INCORPORATED|CO|COMPANY|CORP|CORPORATION|LP|LLP)\b/g;

function companyKey(name: string): string {
  const words = name.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
  const plain = words.replace(LEGAL_FORMS, ' ').replace(/\s+/g, ' ').trim();
  return plain === '' ? words.trim() : plain;
}
