/**
 * A search as an address: the page's address is the question asked of the exchange, plus how it is shown.
 * A form without scripts sends its own field names; `toAddress` makes the one address out of either.
 */
import { decimalText } from '#lib/form/read.ts';

export const BASES = ['ar', 'ad', 'd', 'daf'] as const;
export type ShownBasis = (typeof BASES)[number];
export const HEAT_UNITS = ['kcal/kg', 'MJ/kg'] as const;
export type HeatUnit = (typeof HEAT_UNITS)[number];

/** Every parameter with the bases it is reported on; none: a number without a basis. */
export const PARAMETERS = {
  net: ['ar', 'ad', 'd'],
  gross: ['ar', 'ad', 'd', 'daf'],
  totalMoisture: ['ar'],
  ash: ['ar', 'ad', 'd'],
  sulphur: BASES,
  volatileMatter: BASES,
  inherentMoisture: ['ad'],
  fixedCarbon: BASES,
  hydrogen: BASES,
  hardgrove: [],
  ashDeformation: [],
  ashSoftening: [],
  sizeMin: [],
  sizeMax: [],
} as const satisfies Record<string, readonly ShownBasis[]>;
export type Parameter = keyof typeof PARAMETERS;
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as Parameter[];
/** Asked for so often that they are never folded away. */
export const MAIN_PARAMETERS: readonly Parameter[] = [
  'net',
  'totalMoisture',
  'ash',
  'sulphur',
  'volatileMatter',
];
export const isHeat = (parameter: Parameter): boolean => parameter === 'net' || parameter === 'gross';

export const FACETS = ['country', 'rank', 'transport', 'saleMethod', 'deliveryTerm', 'currency'] as const;
export type Facet = (typeof FACETS)[number];

/** Conditions that are one word or number each. */
const SINGLE = [
  'text',
  'to',
  'costCurrency',
  'landedMax',
  'landedTonneMax',
  'near',
  'radiusKm',
  'windowFrom',
  'windowTo',
  'quantityMin',
  'priceMin',
  'priceMax',
  'source',
  'seller',
  'sort',
] as const;
const NUMBERS = new Set<string>([
  'landedMax',
  'landedTonneMax',
  'radiusKm',
  'quantityMin',
  'priceMin',
  'priceMax',
]);
const ASKED = new Set<string>(['ranges', ...FACETS, ...SINGLE]);

export type RangeText = { readonly low: string; readonly high: string; readonly basis: ShownBasis | '' };
export type Ranges = Readonly<Partial<Record<Parameter, RangeText>>>;

export type Find = {
  /** As the exchange is asked. */
  readonly query: Readonly<Record<string, string>>;
  readonly ranges: Ranges;
  readonly basis: ShownBasis;
  readonly heat: HeatUnit;
  readonly cursor: string | undefined;
};

export function readAddress(params: URLSearchParams): Find {
  const query: Record<string, string> = {};
  for (const [name, value] of params) if (ASKED.has(name) && value !== '') query[name] = value;
  // The header's search box said `q` once; addresses live long.
  const searched = params.get('q')?.trim();
  if (searched && !query['text']) query['text'] = searched.slice(0, 100);
  return {
    query,
    ranges: readRanges(query['ranges'] ?? ''),
    basis: BASES.find((basis) => basis === params.get('basis')) ?? 'ar',
    heat: HEAT_UNITS.find((unit) => unit === params.get('heat')) ?? heatIn(query['ranges'] ?? ''),
    cursor: params.get('cursor') ?? undefined,
  };
}

function heatIn(ranges: string): HeatUnit {
  return ranges.includes(':MJ/kg') ? 'MJ/kg' : 'kcal/kg';
}

/** As typed: what is wrong in them the exchange says. */
function readRanges(text: string): Ranges {
  const ranges: Partial<Record<Parameter, RangeText>> = {};
  for (const part of text.split(',')) {
    const [name = '', basis = '', ends = ''] = part.split(':');
    const [low = '', high = ''] = ends.split('~');
    const parameter = PARAMETER_NAMES.find((known) => known === name);
    if (parameter) ranges[parameter] = { low, high, basis: BASES.find((known) => known === basis) ?? '' };
  }
  return ranges;
}

/** The address of what a form says. Nothing that is empty, or as it would be anyway, is in it. */
export function toAddress(form: FormData): URLSearchParams {
  const address = new URLSearchParams();
  const heat = HEAT_UNITS.find((unit) => unit === form.get('heat')) ?? 'kcal/kg';
  const ranges = PARAMETER_NAMES.flatMap((parameter) => rangeOf(form, parameter, heat));
  for (const name of SINGLE) {
    const value = NUMBERS.has(name) ? decimalText(form, name) : said(form, name);
    if (value !== '' && !(name === 'source' && value === 'offers')) address.set(name, value);
  }
  for (const name of ['to', 'near'] as const) {
    const point = said(form, `${name}Point`).normalize('NFKC').replaceAll(/\s/g, '');
    if (point !== '') address.set(name, point);
  }
  if (address.has('radiusKm') && !address.has('near') && address.has('to'))
    address.set('near', address.get('to')!);
  for (const facet of FACETS) {
    const values = form.getAll(facet).filter((value) => typeof value === 'string' && value !== '');
    if (values.length > 0) address.set(facet, [...new Set(values)].join(','));
  }
  if (ranges.length > 0) address.set('ranges', ranges.join(','));
  const basis = said(form, 'basis');
  if (basis !== '' && basis !== 'ar') address.set('basis', basis);
  if (heat !== 'kcal/kg') address.set('heat', heat);
  return address;
}

function said(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function rangeOf(form: FormData, parameter: Parameter, heat: HeatUnit): string[] {
  // What would end the range early is no number anyway.
  const end = (name: string): string => decimalText(form, name).replaceAll(/[:~]/g, ' ');
  const [low, high] = [end(`min.${parameter}`), end(`max.${parameter}`)];
  if (low === '' && high === '') return [];
  const bases: readonly string[] = PARAMETERS[parameter];
  const chosen = said(form, `on.${parameter}`);
  const basis = bases.includes(chosen) ? chosen : (bases[0] ?? '');
  return [`${parameter}:${basis}:${low}~${high}${isHeat(parameter) ? `:${heat}` : ''}`];
}

/** A form without scripts sends field names of its own, and empty ones. */
export function isFromForm(params: URLSearchParams): boolean {
  const names = [...params.keys()];
  return (
    new Set(names).size !== names.length ||
    [...params].some(
      ([name, value]) => value === '' || /^(min|max|on)\./.test(name) || name.endsWith('Point'),
    )
  );
}

/** An address with something else in it, on its first page. */
export function withChange(
  find: Find,
  change: Readonly<Record<string, string | undefined>>,
): URLSearchParams {
  const address = addressOf(find);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') address.delete(name);
    else address.set(name, value);
  }
  return address;
}

export function addressOf({ query, basis, heat }: Find): URLSearchParams {
  const address = new URLSearchParams(query);
  if (basis !== 'ar') address.set('basis', basis);
  if (heat !== 'kcal/kg') address.set('heat', heat);
  return address;
}

export type ShownColumn = { readonly parameter: Parameter; readonly basis: ShownBasis | '' };

/** What each row shows: the main parameters and what is asked for, on the basis asked for or chosen. */
export function shownColumns({ ranges, basis }: Find): ShownColumn[] {
  const names = PARAMETER_NAMES.filter(
    (name) => MAIN_PARAMETERS.includes(name) || ranges[name] !== undefined,
  ).slice(0, 12);
  return names.map((parameter) => {
    const bases: readonly ShownBasis[] = PARAMETERS[parameter];
    const asked = ranges[parameter]?.basis;
    if (asked) return { parameter, basis: asked };
    return { parameter, basis: bases.includes(basis) ? basis : (bases[0] ?? '') };
  });
}

export function showOf(columns: readonly ShownColumn[], heat: HeatUnit): string {
  return columns
    .map(({ parameter, basis }) => `${parameter}:${basis}${isHeat(parameter) ? `:${heat}` : ''}`)
    .join(',');
}

/** The address without one condition, named as the exchange names it. */
export function without(find: Find, name: string): URLSearchParams {
  if (name.startsWith('ranges.')) {
    const parts = (find.query['ranges'] ?? '').split(',');
    const left = parts.filter((part) => part.split(':')[0] !== name.slice('ranges.'.length));
    return withChange(find, { ranges: left.join(',') });
  }
  const together: Readonly<Record<string, readonly string[]>> = {
    near: ['near', 'radiusKm'],
    window: ['windowFrom', 'windowTo'],
    price: ['priceMin', 'priceMax'],
    to: [
      'to',
      'landedMax',
      'landedTonneMax',
      'costCurrency',
      ...(find.query['sort'] === 'landed_cost' ? ['sort'] : []),
    ],
    currency: ['currency', 'priceMin', 'priceMax', ...(find.query['sort'] === 'price' ? ['sort'] : [])],
  };
  const names = together[name] ?? [name];
  return withChange(find, Object.fromEntries(names.map((each) => [each, undefined])));
}

/** The conditions of a search in the order they are asked, named as the exchange names them. */
export function conditionNames({ query, ranges }: Find): string[] {
  const names = [
    ...(query['text'] ? ['text'] : []),
    ...Object.keys(ranges).map((name) => `ranges.${name}`),
    ...FACETS.filter((facet) => query[facet]),
    ...(query['near'] && query['radiusKm'] ? ['near'] : []),
    ...(query['windowFrom'] || query['windowTo'] ? ['window'] : []),
    ...(query['priceMin'] || query['priceMax'] ? ['price'] : []),
    ...['quantityMin', 'landedMax', 'landedTonneMax', 'seller', 'source'].filter((name) => query[name]),
  ];
  return names;
}
