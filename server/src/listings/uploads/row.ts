/** One row of a file of lots, as the lot it asks for. What it says is judged elsewhere, by the rules of all lots. */
import type { ListingInput } from '@seam/protocol';
import type { Column, Header } from './columns.ts';
import { WORDS, dayOf, numberOf, wordOf } from './words.ts';

/** A site a row names by its name or its id. */
export type SiteIds = (name: string) => string | undefined;
export type RowFaults = Readonly<Record<string, string>>;

/**
 * @param places ids by name; a name nobody knows is a fault of its column.
 * @returns a body of the wire, unchecked: `unknown` words and broken numbers are found by its schema.
 */
export function readLotRow(
  header: Header,
  fields: readonly string[],
  places: SiteIds,
): { readonly body: unknown } | { readonly faults: RowFaults } {
  const read = new Row(header, fields);
  const faults: Record<string, string> = {};
  const place = (column: 'delivery_place' | 'load_place'): string | undefined => {
    const name = read.text(column);
    if (name === '') return undefined;
    const id = places(name);
    if (id === undefined) faults[column] = 'listing.place_unknown';
    return id;
  };
  const deliveryPlaceId = place('delivery_place');
  const loadPlaceId = place('load_place');
  const method = wordOf(WORDS.method, read.text('sale_method')) || 'fixed_price';
  const [price, startPrice] = [read.number('price'), read.number('start_price')];
  const split = read.text('month_split');
  if (Object.keys(faults).length > 0) return { faults };
  const body: Record<keyof ListingInput, unknown> = {
    ...mineOf(read),
    draft: undefined,
    coalRank: wordOf(WORDS.rank, read.text('rank')),
    assay: assayOf(read),
    quantity: read.number('quantity'),
    currency: wordOf(WORDS.currency, read.text('currency')) || 'CNY',
    saleMethod: method,
    price,
    startPrice,
    deliveryTerm: wordOf(WORDS.term, read.text('delivery_term')) || 'ex_mine',
    deliveryPlaceId,
    loadPlaceId,
    windowFrom: dayOf(read.text('window_from')),
    windowTo: dayOf(read.text('window_to')),
    transport: wordOf(WORDS.transport, read.text('transport')),
    note: read.text('note') || undefined,
    validUntil: read.text('valid_until') || undefined,
    channel: wordOf(WORDS.channel, read.text('channel')) || undefined,
    tradingDay: dayOf(read.text('trading_day')) || undefined,
    sessionId: read.text('session_id') || undefined,
    monthSplit: split === '' ? undefined : readSplit(split),
  };
  return { body: given(body) };
}

/** `2027-01: 5000; 2027-02: 6000`. */
function readSplit(text: string): unknown[] {
  return text
    .split(/[;；]/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [month = '', quantity = ''] = part.split(/[:：=]/);
      return { month: month.trim(), quantity: numberOf(quantity) };
    });
}

function mineOf(read: Row): { mineId: unknown; newMine: unknown } {
  const mineId = read.text('mine_id');
  if (mineId !== '') return { mineId, newMine: undefined };
  return {
    mineId: undefined,
    newMine: given({
      name: read.text('mine'),
      nameZh: read.text('mine_zh') || undefined,
      country: read.text('country').toUpperCase() || 'CN',
      region: read.text('region') || undefined,
      latitude: read.number('latitude') ?? '',
      longitude: read.number('longitude') ?? '',
    }),
  };
}

function assayOf(read: Row): unknown {
  const share = (
    column: 'ash' | 'volatile' | 'sulphur' | 'fixed_carbon' | 'hydrogen',
    basis: string,
  ): unknown => {
    const value = read.number(column);
    if (value === undefined) return undefined;
    const written = wordOf(WORDS.basis, read.text(`${column}_basis`));
    return { value, basis: read.heading(column)?.basis ?? (written || basis) };
  };
  const heat = read.heading('calorific_value');
  const size = { minMm: read.number('size_min') ?? '0', maxMm: read.number('size_max') };
  return given({
    totalMoisture: read.number('total_moisture') ?? '',
    inherentMoisture: read.number('inherent_moisture'),
    ash: share('ash', 'ad') ?? { value: '', basis: 'ad' },
    volatileMatter: share('volatile', 'daf'),
    sulphur: share('sulphur', 'd') ?? { value: '', basis: 'd' },
    fixedCarbon: share('fixed_carbon', 'd'),
    hydrogen: share('hydrogen', 'daf'),
    calorificValue: {
      value: read.number('calorific_value') ?? '',
      unit: wordOf(WORDS.unit, read.text('calorific_unit')) || 'kcal/kg',
      kind: heat?.kind ?? (wordOf(WORDS.kind, read.text('calorific_kind')) || 'net'),
      basis: heat?.basis ?? (wordOf(WORDS.basis, read.text('calorific_basis')) || 'ar'),
    },
    hardgroveIndex: read.number('hgi'),
    ashFusion: ashFusionOf(read),
    size: size.maxMm === undefined ? undefined : size,
    also: alsoOf(read),
  });
}

function ashFusionOf(read: Row): unknown {
  const atmosphere = wordOf(WORDS.atmosphere, read.text('ash_atmosphere'));
  const fusion = given({
    deformationCelsius: read.number('ash_deformation'),
    softeningCelsius: read.number('ash_softening'),
    atmosphere: atmosphere || undefined,
  });
  // Laboratories in China melt ash in a weakly reducing gas unless they say otherwise (GB/T 219).
  return Object.keys(fusion).length === 0 ? undefined : { atmosphere: 'reducing', ...fusion };
}

/** Second values: `18.40 d; 17.20 ar`, and of heat `23111 J/g net ar`. */
function alsoOf(read: Row): unknown {
  const list = (column: Column): string[][] | undefined => {
    const parts = read.text(column).split(/[;；]/);
    const words = parts.map((part) => part.trim().split(/\s+/)).filter(([first]) => first !== '');
    return words.length === 0 ? undefined : words;
  };
  const shares = (column: Column): unknown =>
    list(column)?.map(([value = '', ...basis]) => ({
      value: numberOf(value),
      basis: wordOf(WORDS.basis, basis.join(' ')),
    }));
  const also = given({
    ash: shares('also_ash'),
    volatileMatter: shares('also_volatile'),
    sulphur: shares('also_sulphur'),
    calorificValue: list('also_calorific_value')?.map(([value = '', unit = '', kind = '', ...basis]) => ({
      value: numberOf(value),
      unit: wordOf(WORDS.unit, unit),
      kind: wordOf(WORDS.kind, kind),
      basis: wordOf(WORDS.basis, basis.join(' ')),
    })),
  });
  return Object.keys(also).length === 0 ? undefined : also;
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

class Row {
  readonly #header: Header;
  readonly #fields: readonly string[];
  constructor(header: Header, fields: readonly string[]) {
    this.#header = header;
    this.#fields = fields;
  }
  #at(column: Column): number {
    return this.#header.places.get(column) ?? -1;
  }
  heading(column: Column) {
    return this.#header.headings[this.#at(column)];
  }
  /** Trimmed; the mark against formulas that an export sets is taken off again. */
  text(column: Column): string {
    return unguarded((this.#fields[this.#at(column)] ?? '').trim());
  }
  number(column: Column): string | undefined {
    const text = this.text(column);
    return text === '' || text === '-' || text === '.' ? undefined : numberOf(text);
  }
}

/** What a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A text that no spreadsheet runs: an apostrophe in front, as they themselves write it. Numbers stay numbers. */
export function guarded(text: string): string {
  return (FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text)) || /^'+[=+\-@\t\r]/.test(text)
    ? `'${text}`
    : text;
}

export function unguarded(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
