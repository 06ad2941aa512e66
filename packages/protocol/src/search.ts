/** Search: lots by quality on any basis, by place, by what they cost where they are burnt; compare; searches kept. */
import { Type, type Static } from 'typebox';
import { Currency, Empty, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text } from './common.ts';
import { LandedCostView, ListingSummary, PlaceView } from './listings.ts';
import { type Route, route } from './route.ts';
import { Amount, QUERY_PROBLEMS, SavedQuery, SearchQuery, Shown, Where } from './search-query.ts';

export { SEARCH_SORTS, SavedQuery, SearchQuery, type SearchSort } from './search-query.ts';

const AREA = 'search';

/** As in listings; `placeId` is null where the coal is burnt at a point without a name. */
export const SearchLanded = Exact({ ...LandedCostView.properties, placeId: Nullable(Id) });
export type SearchLanded = Static<typeof SearchLanded>;

/** Why nothing can be said of what a lot costs at a place. */
export const LANDED_UNKNOWN = [
  'price_by_auction',
  'place_unknown',
  'out_of_reach',
  'heat_unknown',
  'no_place',
] as const;

export const SearchLot = Exact({
  ...ListingSummary.properties,
  landed: Nullable(SearchLanded),
  /** Null where `landed` is known. */
  landedUnknown: Nullable(Type.Enum(LANDED_UNKNOWN)),
  /** What `show` asked for, in its order; null where the lot does not state it and it does not follow. */
  shown: Type.Array(Nullable(Type.String())),
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
  /** Least and most of what `show` asked for, over all that fits; null where no lot states it. */
  spans: Type.Array(Nullable(Exact({ low: Type.String(), high: Type.String() }))),
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

/** Of each condition of a search: how many lots meet it alone, and how many would fit without it. */
export const SearchExplained = Exact({
  onMarket: Type.Integer(),
  lots: Type.Integer(),
  /** A parameter of `ranges` is named `ranges.PARAMETER`; a place and its radius are one condition, `near`. */
  conditions: Type.Array(Exact({ name: Type.String(), alone: Type.Integer(), without: Type.Integer() })),
});
export type SearchExplained = Static<typeof SearchExplained>;

/** Where the lots that fit are handed over, or mined where no place of delivery is named. */
export const SearchSite = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  lots: Type.Integer(),
  /** The cheapest heat from there at `to`, in the money of the cost. */
  perGigajoule: Nullable(Money),
});
export type SearchSite = Static<typeof SearchSite>;

/** Why a lot costs more or less than the best one, per tonne of reference coal; the parts add up exactly. */
const CompareReason = Exact({
  code: Type.Enum(['best', 'price', 'freight', 'heat', ...LANDED_UNKNOWN]),
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

/** The language in which e-mail is written. */
export const MAIL_LANGUAGES = ['en', 'zh'] as const;
const MailLanguage = Type.Enum(MAIL_LANGUAGES);

export const SavedSearchView = Exact({
  id: Id,
  name: Type.String(),
  query: SavedQuery,
  /** Null: alerts are shown in the exchange only. */
  mail: Nullable(MailLanguage),
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
  /** What became of the e-mail; null when none was wanted. */
  mail: Nullable(Type.Enum(['waiting', 'sent', 'refused'])),
});
export type SearchAlertView = Static<typeof SearchAlertView>;

const MailToken = Type.String({ maxLength: 200, pattern: '^[0-9a-zA-Z_.-]{20,200}$' });

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
  explainSearch: route({
    method: 'GET',
    url: '/v1/search/conditions',
    summary: 'How many lots each condition of a search meets alone, and how many would fit without it',
    area: AREA,
    access: 'public',
    query: SavedQuery,
    ok: SearchExplained,
    problems: [...QUERY_PROBLEMS, 'search.behind'],
  }),
  searchPlaces: route({
    method: 'GET',
    url: '/v1/search/places',
    summary: 'Where the lots of a search are handed over: for a map',
    area: AREA,
    access: 'public',
    query: SavedQuery,
    ok: Exact({
      items: Type.Array(SearchSite),
      /** Lots whose place nobody knows, and those of places left off. */
      unplaced: Type.Integer(),
      costCurrency: Nullable(Currency),
    }),
    problems: [...QUERY_PROBLEMS, 'search.behind'],
  }),
  listOwnPlaces: route({
    method: 'GET',
    url: '/v1/search/own-places',
    summary: 'Places the own company has added or asked coal to be brought to',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(PlaceView) }),
    problems: [],
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
      show: Type.Optional(Shown),
    }),
    ok: LotComparison,
    problems: [
      'search.compare_count',
      'search.parameter_unknown',
      'search.basis_not_allowed',
      'search.unit_not_allowed',
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
    body: Exact({ name: Text(100), query: SavedQuery, mail: Type.Optional(Nullable(MailLanguage)) }),
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
    ok: Exact({
      items: Type.Array(SavedSearchView),
      /** Whether this exchange sends e-mail at all. */
      mailAvailable: Type.Boolean(),
    }),
    problems: [],
  }),
  changeSavedSearch: route({
    method: 'POST',
    url: '/v1/saved-searches/:id',
    summary: 'Rename a saved search, move its highest landed cost, start or stop its e-mail',
    area: AREA,
    access: 'member',
    params: IdParams,
    body: Exact({
      name: Type.Optional(Text(100)),
      mail: Type.Optional(Nullable(MailLanguage)),
      /** Per GJ at the place of the search; null: no limit. What fits the new limit counts from now on. */
      landedMax: Type.Optional(Nullable(Amount)),
    }),
    ok: SavedSearchView,
    problems: [...QUERY_PROBLEMS, 'resource.not_found'],
  }),
  getSearchMail: route({
    method: 'GET',
    url: '/v1/search-mail',
    summary: 'Which search the link of an e-mail belongs to; the link is the proof',
    area: AREA,
    access: 'public',
    query: Exact({ token: MailToken }),
    ok: Exact({ name: Type.String(), active: Type.Boolean() }),
    problems: ['resource.not_found'],
  }),
  stopSearchMail: route({
    method: 'POST',
    url: '/v1/search-mail/stop',
    summary: 'Stop the e-mail of a saved search by the link that every e-mail carries',
    area: AREA,
    access: 'public',
    body: Exact({ token: MailToken }),
    ok: Exact({ name: Type.String(), active: Type.Boolean() }),
    problems: ['resource.not_found'],
  }),
  stopSearchMailOnce: route({
    method: 'POST',
    url: '/v1/search-mail/stop-once',
    summary: 'Stop the e-mail of a saved search as mail programs do: the form of RFC 8058, without a page',
    area: AREA,
    access: 'public',
    query: Exact({ token: MailToken }),
    body: Type.Object({ 'List-Unsubscribe': Type.Literal('One-Click') }),
    ok: Empty,
    problems: ['resource.not_found'],
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
