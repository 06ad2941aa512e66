/** Search: lots by quality on any basis, by place, by what they cost where they are burnt; compare; searches kept. */
import { Type, type Static } from 'typebox';
import { Currency, Day, Empty, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text } from './common.ts';
import { ListingSummary, LandedCostView } from './listings.ts';
import { type Route, route } from './route.ts';

const AREA = 'search';

export const SEARCH_SORTS = ['landed_cost', 'price', 'distance', 'newest'] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];

/** Several words with commas between them: any of them fits. */
const Words = Type.String({
  pattern: '^[A-Za-z_]{1,20}(,[A-Za-z_]{1,20}){0,19}$',
  description: 'Words with commas between them: any of them fits',
});
const Amount = Type.String({ pattern: '^\\d{1,15}(\\.\\d{1,9})?$', description: 'Decimal without exponent' });
const Where = Type.String({
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

export const SearchQuery = Exact({
  ...searched,
  cursor: Type.Optional(Type.String({ maxLength: 300 })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$' })),
  /** Also count what fits, by each facet: costs a look at every lot. */
  facets: Type.Optional(Type.Enum(['yes'])),
});
export type SearchQuery = Static<typeof SearchQuery>;

/** As in listings; `placeId` is null where the coal is burnt at a point without a name. */
export const SearchLanded = Exact({ ...LandedCostView.properties, placeId: Nullable(Id) });
export type SearchLanded = Static<typeof SearchLanded>;

export const SearchLot = Exact({
  ...ListingSummary.properties,
  landed: Nullable(SearchLanded),
  /** To `near`, or else to `to`; kilometres in a straight line. */
  distanceKm: Nullable(Type.Integer()),
});
export type SearchLot = Static<typeof SearchLot>;

const Counts = Type.Array(Exact({ value: Type.String(), lots: Type.Integer() }));
/** How many lots each value would show with every other condition as it is; the most first. */
export const SearchFacets = Exact({
  lots: Type.Integer(),
  country: Counts,
  rank: Counts,
  transport: Counts,
  saleMethod: Counts,
  deliveryTerm: Counts,
  currency: Counts,
});
export type SearchFacets = Static<typeof SearchFacets>;

export const SearchPage = Exact({
  items: Type.Array(SearchLot),
  nextCursor: Nullable(Type.String()),
  costCurrency: Nullable(Currency),
  /** Everything committed before this moment is in the answer. */
  asOf: Instant,
  facets: Type.Optional(SearchFacets),
});
export type SearchPage = Static<typeof SearchPage>;

/** Why a lot costs more or less than the best one, per tonne of reference coal; the parts add up exactly. */
const CompareReason = Exact({
  code: Type.Enum([
    'best',
    'price',
    'freight',
    'heat',
    'price_by_auction',
    'place_unknown',
    'out_of_reach',
    'heat_unknown',
    'no_place',
  ]),
  values: Type.Record(Type.String(), Type.String()),
});

export const COMPARED_VALUES = [
  'normalised',
  'perGigajoule',
  'landedPerTonne',
  'price',
  'netCalorificValue',
  'ashAr',
  'sulphurAr',
  'totalMoistureAr',
  'remaining',
  'distanceKm',
] as const;

export const ComparedLot = Exact({
  lot: SearchLot,
  /** Landed cost of as many GJ as a tonne of reference coal holds. */
  normalised: Nullable(Money),
  /** Where this lot is the best, or shares the best, of those compared. */
  best: Type.Array(Type.Enum(COMPARED_VALUES)),
  reasons: Type.Array(CompareReason),
});
export type ComparedLot = Static<typeof ComparedLot>;

export const LotComparison = Exact({
  /** Net as received, J/g. */
  referenceHeat: Type.Integer(),
  costCurrency: Nullable(Currency),
  /** The lot whose heat costs least at the place; null when no cost is known. */
  bestId: Nullable(Id),
  lots: Type.Array(ComparedLot),
});
export type LotComparison = Static<typeof LotComparison>;

export const SavedSearchView = Exact({
  id: Id,
  name: Type.String(),
  query: SavedQuery,
  /** Lots found for it that its owner has not read. */
  unread: Type.Integer(),
  createdAt: Instant,
});
export type SavedSearchView = Static<typeof SavedSearchView>;

export const SearchAlertView = Exact({
  searchId: Id,
  searchName: Type.String(),
  lot: ListingSummary,
  /** The version that was found; `lot` shows it as it is now. */
  foundVersion: Type.Integer(),
  foundAt: Instant,
  readAt: Nullable(Instant),
});
export type SearchAlertView = Static<typeof SearchAlertView>;

const QUERY_PROBLEMS = [
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

export const searchRoutes = {
  searchLots: route({
    method: 'GET',
    url: '/v1/search/lots',
    summary: 'Lots on offer by quality, place, time and what they cost where they are burnt',
    area: AREA,
    access: 'public',
    query: SearchQuery,
    ok: SearchPage,
    problems: [...QUERY_PROBLEMS, 'listing.cursor_invalid', 'search.behind'],
  }),
  compareLots: route({
    method: 'GET',
    url: '/v1/search/compare',
    summary: 'Two to eight lots side by side, brought to one reference coal',
    area: AREA,
    access: 'public',
    query: Exact({
      ids: Type.String({ pattern: '^[0-9a-zA-Z_-]{1,64}(,[0-9a-zA-Z_-]{1,64}){0,19}$' }),
      to: Type.Optional(Where),
      costCurrency: Type.Optional(Currency),
      /** Net as received, kcal/kg; 6,000 when left out. */
      referenceKcal: Type.Optional(Type.String({ pattern: '^[1-9]\\d{3}$' })),
    }),
    ok: LotComparison,
    problems: [
      'search.compare_count',
      'search.coordinates_out_of_range',
      'search.range_impossible',
      'listing.place_unknown',
      'resource.not_found',
    ],
  }),
  saveSearch: route({
    method: 'POST',
    url: '/v1/saved-searches',
    summary: 'Keep a search and be told of every lot that comes to fit it',
    area: AREA,
    access: 'member',
    body: Exact({ name: Text(100), query: SavedQuery }),
    ok: SavedSearchView,
    okStatus: 201,
    problems: [...QUERY_PROBLEMS, 'search.too_many_saved'],
  }),
  listSavedSearches: route({
    method: 'GET',
    url: '/v1/saved-searches',
    summary: 'The caller’s own saved searches, newest first',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(SavedSearchView) }),
    problems: [],
  }),
  deleteSavedSearch: route({
    method: 'DELETE',
    url: '/v1/saved-searches/:id',
    summary: 'Forget a saved search and what was found for it',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found'],
  }),
  listSearchAlerts: route({
    method: 'GET',
    url: '/v1/search-alerts',
    summary: 'Lots that came to fit the caller’s saved searches, newest first',
    area: AREA,
    access: 'member',
    query: Exact({ cursor: Type.Optional(Type.String({ maxLength: 300 })) }),
    ok: Page(SearchAlertView),
    problems: ['listing.cursor_invalid'],
  }),
  readSearchAlerts: route({
    method: 'POST',
    url: '/v1/saved-searches/:id/read',
    summary: 'Mark what was found for a saved search as read',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found'],
  }),
} as const satisfies Record<string, Route>;
