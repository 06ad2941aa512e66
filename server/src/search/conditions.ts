/** What a visitor asked, read and checked once: impossible questions are answered with what is wrong in them. */
import { COAL_RANKS, type Rational, TRANSPORT_MODES, multiply, parseRational, rational } from '@seam/coal';
import {
  DELIVERY_TERMS,
  type ProblemCode,
  SALE_METHODS,
  type SavedQuery,
  type SearchSort,
} from '@seam/protocol';
import { CURRENCIES, type Currency, parseTonnes } from '@seam/units';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { Point } from './destination.ts';
import type { Facet } from './lots.ts';
import { type Range, readRanges } from './ranges.ts';
import { type Shown, readShown } from './shown.ts';
import { WORDS_MAX, wordsOf } from './words.ts';

export type Where = { readonly placeId: string } | Point;

export type Conditions = {
  readonly ranges: readonly Range[];
  readonly chosen: Readonly<Partial<Record<Facet, readonly string[]>>>;
  readonly seller: string | undefined;
  readonly source: 'offers' | 'records' | 'all';
  /** Minor units per tonne, of the one currency chosen. */
  readonly priceMin: number | undefined;
  readonly priceMax: number | undefined;
  readonly quantityMinKg: number | undefined;
  /** Days since 1970-01-01. */
  readonly windowFrom: number | undefined;
  readonly windowTo: number | undefined;
  readonly words: readonly string[];
  readonly near: Where | undefined;
  readonly radiusKm: number | undefined;
  readonly to: Where | undefined;
  readonly costCurrency: Currency | undefined;
  /** Minor units, exact. */
  readonly landedMax: Rational | undefined;
  readonly landedTonneMax: Rational | undefined;
  readonly sort: SearchSort;
  /** No condition: what is shown of each lot. */
  readonly shown: readonly Shown[];
};

export type Fields = Record<string, ProblemCode>;

/** What is asked; `show` comes with a page, never with what is kept. */
export type Asked = SavedQuery & { readonly show?: string };

export function readConditions(query: Asked): Conditions | Refusal {
  const fields: Fields = {};
  const accepted: Record<string, string> = {};
  const chosen = readChosen(query, fields, accepted);
  const conditions: Conditions = {
    ranges: readRanges(query.ranges, fields, accepted),
    chosen,
    seller: query.seller,
    source: query.source ?? 'offers',
    ...readNumbers(query, fields),
    ...readPlaces(query, fields),
    words: query.text === undefined ? [] : wordsOf(query.text).slice(0, WORDS_MAX),
    sort: query.sort ?? (query.to === undefined ? 'newest' : 'landed_cost'),
    shown: readShown(query.show, fields, accepted),
  };
  checkTogether(conditions, fields);
  const codes = Object.values(fields);
  if (codes.length === 0) return conditions;
  const isOne = codes.every((code) => code === codes[0]);
  return refuse(isOne ? codes[0]! : 'search.invalid', {
    fields,
    ...(Object.keys(accepted).length > 0 && { accepted }),
  });
}

const CHOICES = {
  rank: COAL_RANKS,
  transport: TRANSPORT_MODES,
  saleMethod: SALE_METHODS,
  deliveryTerm: DELIVERY_TERMS,
  currency: CURRENCIES,
} as const satisfies Partial<Record<Facet, readonly string[]>>;

function readChosen(
  query: SavedQuery,
  fields: Fields,
  accepted: Record<string, string>,
): Partial<Record<Facet, readonly string[]>> {
  const chosen: Partial<Record<Facet, readonly string[]>> = {};
  if (query.country !== undefined) {
    chosen.country = query.country.split(',');
    if (chosen.country.some((country) => !/^[A-Z]{2}$/.test(country)))
      fields['country'] = 'search.value_unknown';
  }
  for (const [facet, known] of Object.entries(CHOICES) as [keyof typeof CHOICES, readonly string[]][]) {
    const text = query[facet];
    if (text === undefined) continue;
    const values = text.split(',');
    chosen[facet] = values;
    if (values.every((value) => known.includes(value))) continue;
    fields[facet] = 'search.value_unknown';
    accepted[facet] = known.join(', ');
  }
  return chosen;
}

function readNumbers(
  query: SavedQuery,
  fields: Fields,
): Pick<
  Conditions,
  'priceMin' | 'priceMax' | 'quantityMinKg' | 'windowFrom' | 'windowTo' | 'landedMax' | 'landedTonneMax'
> {
  const money = (text: string | undefined): Rational | undefined => {
    const value = text === undefined ? undefined : parseRational(text);
    return value && multiply(value, rational(100));
  };
  const near = (value: Rational | undefined): number | undefined =>
    value && Number(value.numerator) / Number(value.denominator);
  const tonnes = query.quantityMin === undefined ? undefined : parseTonnes(query.quantityMin);
  if (query.quantityMin !== undefined && tonnes === undefined)
    fields['quantityMin'] = 'search.range_malformed';
  const priceMin = near(money(query.priceMin));
  const priceMax = near(money(query.priceMax));
  if (priceMin !== undefined && priceMax !== undefined && priceMin > priceMax)
    fields['priceMax'] = 'search.range_impossible';
  return {
    priceMin,
    priceMax,
    quantityMinKg: tonnes === undefined ? undefined : Number(tonnes),
    ...readWindow(query, fields),
    landedMax: money(query.landedMax),
    landedTonneMax: money(query.landedTonneMax),
  };
}

function readWindow(query: SavedQuery, fields: Fields): Pick<Conditions, 'windowFrom' | 'windowTo'> {
  const day = (name: 'windowFrom' | 'windowTo'): number | undefined => {
    const text = query[name];
    if (text === undefined) return undefined;
    const at = new Date(`${text}T00:00:00Z`);
    // February 30 becomes March 2, which is not what was written.
    if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return at.getTime() / DAY_MS;
    fields[name] = 'search.day_invalid';
    return undefined;
  };
  const windowFrom = day('windowFrom');
  const windowTo = day('windowTo');
  if (windowFrom !== undefined && windowTo !== undefined && windowFrom > windowTo)
    fields['windowTo'] = 'search.day_invalid';
  return { windowFrom, windowTo };
}

export const DAY_MS = 86_400_000;

function readPlaces(
  query: SavedQuery,
  fields: Fields,
): Pick<Conditions, 'near' | 'radiusKm' | 'to' | 'costCurrency'> {
  const where = (name: 'near' | 'to'): Where | undefined => {
    const text = query[name];
    if (text === undefined) return undefined;
    const read = readWhere(text);
    if (!read) fields[name] = 'search.coordinates_out_of_range';
    return read;
  };
  return {
    near: where('near'),
    radiusKm: query.radiusKm === undefined ? undefined : Number(query.radiusKm),
    to: where('to'),
    costCurrency: query.costCurrency,
  };
}

/** @returns undefined for a point that is not on the globe. */
export function readWhere(text: string): Where | undefined {
  if (!text.includes(',')) return { placeId: text };
  const [latitude = Number.NaN, longitude = Number.NaN] = text.split(',').map(Number);
  const isOnGlobe = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isOnGlobe ? { latitude, longitude } : undefined;
}

/** Conditions that need each other. */
function checkTogether(conditions: Conditions, fields: Fields): void {
  const { sort, near, to, radiusKm, chosen, priceMin, priceMax, landedMax, landedTonneMax } = conditions;
  if (radiusKm !== undefined && !near) fields['near'] ??= 'search.radius_without_place';
  const needsCurrency = sort === 'price' || priceMin !== undefined || priceMax !== undefined;
  if (needsCurrency && chosen.currency?.length !== 1) fields['currency'] ??= 'search.currency_required';
  const needsDestination = sort === 'landed_cost' || landedMax !== undefined || landedTonneMax !== undefined;
  if (needsDestination && !to) fields['to'] ??= 'search.destination_required';
  if (sort === 'distance' && !near && !to) fields['near'] ??= 'search.radius_without_place';
}
