/** A search as it is asked and kept: conditions in an address, and what may be wrong with them. */
import { Type, type Static } from 'typebox';
import { Currency, Day, Exact, Id, Text } from './common.ts';

export const SEARCH_SORTS = ['landed_cost', 'price', 'distance', 'newest'] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];

/** Several words with commas between them: any of them fits. */
const Words = Type.String({
  pattern: '^[A-Za-z_]{1,20}(,[A-Za-z_]{1,20}){0,19}$',
  description: 'Words with commas between them: any of them fits',
});
export const Amount = Type.String({
  pattern: '^\\d{1,15}(\\.\\d{1,9})?$',
  description: 'Decimal without exponent',
});
export const Where = Type.String({
  pattern: '^([0-9a-zA-Z_-]{1,64}|-?\\d{1,3}(\\.\\d{1,9})?,-?\\d{1,3}(\\.\\d{1,9})?)$',
  description: 'The id of a place, or latitude and longitude with a comma between them',
});

const searched = {
  /**
   * `parameter:basis:low~high[:unit]` with commas between; one end may be left out, a parameter without a
   * basis has none between its colons: `ash:d:~12.5,net:ar:5500~:kcal/kg,hardgrove::45~`.
   */
  ranges: Type.Optional(
    Type.String({
      maxLength: 800,
      description:
        'parameter:basis:low~high[:unit], several with commas between: ash:d:~12.5,net:ar:5500~:kcal/kg,hardgrove::45~',
    }),
  ),
  country: Type.Optional(Words),
  rank: Type.Optional(Words),
  transport: Type.Optional(Words),
  saleMethod: Type.Optional(Words),
  deliveryTerm: Type.Optional(Words),
  currency: Type.Optional(Words),
  seller: Type.Optional(Id),
  /** `offers` when left out; imported records are shown for reference. */
  source: Type.Optional(Type.Enum(['offers', 'records', 'all'])),
  /** Per tonne; needs exactly one currency. */
  priceMin: Type.Optional(Amount),
  priceMax: Type.Optional(Amount),
  /** Tonnes left of the lot. */
  quantityMin: Type.Optional(Amount),
  /** Lots whose delivery window has a day in common with this one. */
  windowFrom: Type.Optional(Day),
  windowTo: Type.Optional(Day),
  /** Every word begins a word of the mine, its region, the place of delivery or the seller. */
  text: Type.Optional(Text(100)),
  near: Type.Optional(Where),
  radiusKm: Type.Optional(Type.String({ pattern: '^\\d{1,5}$' })),
  /** Where the coal is burnt: landed cost is counted to it. */
  to: Type.Optional(Where),
  /** In which money; left out, that of the country of `to`, and of a bare point US dollars. */
  costCurrency: Type.Optional(Currency),
  /** Landed, per GJ net as received and per tonne, in the money of the cost. */
  landedMax: Type.Optional(Amount),
  landedTonneMax: Type.Optional(Amount),
  sort: Type.Optional(Type.Enum(SEARCH_SORTS)),
};

/** What a saved search keeps. */
export const SavedQuery = Exact(searched);
export type SavedQuery = Static<typeof SavedQuery>;

/** `parameter:basis[:unit]` with commas between, as in `ranges` without the numbers. */
export const Shown = Type.String({
  maxLength: 400,
  description: 'Quality to show of each lot: parameter:basis[:unit], several with commas between',
});

export const SearchQuery = Exact({
  ...searched,
  show: Type.Optional(Shown),
  cursor: Type.Optional(Type.String({ maxLength: 300 })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$' })),
  /** Also count what fits, by each facet: costs a look at every lot. */
  facets: Type.Optional(Type.Enum(['yes'])),
});
export type SearchQuery = Static<typeof SearchQuery>;

export const QUERY_PROBLEMS = [
  'search.parameter_unknown',
  'search.basis_not_allowed',
  'search.unit_not_allowed',
  'search.range_malformed',
  'search.range_impossible',
  'search.value_unknown',
  'search.radius_without_place',
  'search.coordinates_out_of_range',
  'search.destination_required',
  'search.currency_required',
  'search.day_invalid',
  'search.invalid',
  'listing.place_unknown',
] as const;
