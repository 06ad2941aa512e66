/** Lots of coal offered for sale. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { MonthQuantity, SalesChannel, channelFields } from './listings-channels.ts';
import { CertificateOfAnalysisView, ListingDocumentView } from './listings-papers.ts';
import { Country, MineView, NewMine, PlaceView } from './listings-sites.ts';
import { AssayStatement, AuditFlagView, CoalRank, CurrencyCode, Decimal, QualityTable } from './quality.ts';
import { type Route, route } from './route.ts';

export * from './listings-sites.ts';
export * from './quality.ts';

const AREA = 'listings';
/** Partially taken is `published` with less remaining than was offered. */
export const LISTING_STATES = [
  'draft',
  'in_review',
  'published',
  'in_auction',
  'suspended',
  'sold_out',
  'withdrawn',
  'expired',
] as const;
export const ListingState = Type.Enum(LISTING_STATES);
export type ListingState = (typeof LISTING_STATES)[number];
export const SALE_METHODS = ['fixed_price', 'auction'] as const;
export const SaleMethod = Type.Enum(SALE_METHODS);
export const DELIVERY_TERMS = ['ex_mine', 'fob', 'fca', 'cif', 'cfr', 'for_rail'] as const;
export const DeliveryTerm = Type.Enum(DELIVERY_TERMS);
export const TRANSPORT_MODES = ['road', 'rail', 'river', 'sea', 'conveyor'] as const;
export const TransportMode = Type.Enum(TRANSPORT_MODES);
export const ListingInput = Exact({
  /** One of the two. */
  mineId: Type.Optional(Id),
  newMine: Type.Optional(NewMine),
  coalRank: CoalRank,
  assay: AssayStatement,
  quantity: Decimal,
  currency: CurrencyCode,
  saleMethod: SaleMethod,
  /** Per tonne; for a fixed price. */
  price: Type.Optional(Decimal),
  /** Per tonne; where bidding begins, for an auction. */
  startPrice: Type.Optional(Decimal),
  deliveryTerm: DeliveryTerm,
  /** The named place of the term. Left out, it is where the coal is loaded. */
  deliveryPlaceId: Type.Optional(Id),
  /** Where the coal is loaded. Left out, it is the mouth of the mine. */
  loadPlaceId: Type.Optional(Id),
  windowFrom: Day,
  windowTo: Day,
  transport: TransportMode,
  note: Type.Optional(Text(1000, 0)),
  /** Left out: the end of the window, of the trading day or of the session. */
  validUntil: Type.Optional(Instant),
  ...channelFields,
  /** Kept for the own company until it is submitted. */
  draft: Type.Optional(Type.Boolean()),
});
export type ListingInput = Static<typeof ListingInput>;

export const PartyView = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });
export type PartyView = Static<typeof PartyView>;

/** An estimate of what coal costs at a place, for comparing; money per tonne and per GJ net as received. */
export const LandedCostView = Exact({
  placeId: Id,
  currency: CurrencyCode,
  distanceKm: Type.Integer(),
  /** By lanes all the way, as a carrier promised it to the reader, or with a part of it estimated by distance. */
  freightBasis: Type.Enum(['lane', 'quote', 'estimate']),
  /** With what is lost on the way. */
  freightPerTonne: Money,
  landedPerTonne: Money,
  perGigajoule: Money,
});
export type LandedCostView = Static<typeof LandedCostView>;

export const ListingSummary = Exact({
  id: Id,
  state: ListingState,
  version: Type.Integer(),
  /** `member`: offered by a certified seller; else an imported record, shown for reference only. */
  source: Type.String(),
  seller: PartyView,
  mine: MineView,
  coalRank: CoalRank,
  /** As received, percent; null where the statements do not allow it. */
  totalMoistureAr: Type.String(),
  ashAr: Nullable(Type.String()),
  sulphurAr: Nullable(Type.String()),
  /** Net as received, J/g. */
  netCalorificValue: Nullable(Type.Integer()),
  quantity: Tonnes,
  remaining: Tonnes,
  currency: Nullable(CurrencyCode),
  price: Nullable(Money),
  startPrice: Nullable(Money),
  saleMethod: Nullable(SaleMethod),
  deliveryTerm: Nullable(DeliveryTerm),
  deliveryPlace: Nullable(PlaceView),
  windowFrom: Day,
  windowTo: Day,
  transport: TransportMode,
  flagCount: Type.Integer(),
  expiresAt: Instant,
  landed: Nullable(LandedCostView),
});
export type ListingSummary = Static<typeof ListingSummary>;

const channelView = {
  /** Null for an imported record. */
  channel: Nullable(SalesChannel),
  tradingDay: Nullable(Day),
  sessionId: Nullable(Id),
  /** Nothing is taken before. */
  opensAt: Nullable(Instant),
};

/** A lot on a page of lots: the summary, and by which channel it is sold. */
export const ListingItem = Exact({ ...ListingSummary.properties, ...channelView });
export type ListingItem = Static<typeof ListingItem>;

export const ListingView = Exact({
  ...ListingItem.properties,
  monthSplit: Nullable(Type.Array(MonthQuantity)),
  documents: Type.Array(ListingDocumentView),
  certificates: Type.Array(CertificateOfAnalysisView),
  /** Why the centre declined or suspended it; told to the own company and the centre. */
  stateReason: Nullable(Type.String()),
  /** A change waits for the centre; the terms shown still hold. Told to the own company and the centre. */
  changePending: Type.Boolean(),
  assay: AssayStatement,
  quality: QualityTable,
  flags: Type.Array(AuditFlagView),
  loadPlace: Nullable(PlaceView),
  note: Type.String(),
  /** What the source of an imported record says about the trade. */
  record: Nullable(
    Exact({
      month: Type.String(),
      purchase: Type.String(),
      contractExpiry: Nullable(Type.String()),
      buyer: Type.String(),
      plant: Type.String(),
      region: Type.String(),
    }),
  ),
  createdAt: Instant,
  /** The caller's company sells it. */
  mineToSell: Type.Boolean(),
});
export type ListingView = Static<typeof ListingView>;

export const LISTING_SORTS = ['newest', 'price', 'landed_cost'] as const;

export const ListingQuery = Exact({
  country: Type.Optional(Country),
  rank: Type.Optional(CoalRank),
  /** Net as received, kcal/kg. */
  calorificMin: Type.Optional(Type.String({ pattern: '^\\d{1,5}$' })),
  calorificMax: Type.Optional(Type.String({ pattern: '^\\d{1,5}$' })),
  /** As received, percent. */
  sulphurMax: Type.Optional(Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$' })),
  ashMax: Type.Optional(Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$' })),
  moistureMax: Type.Optional(Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$' })),
  transport: Type.Optional(TransportMode),
  saleMethod: Type.Optional(SaleMethod),
  channel: Type.Optional(SalesChannel),
  tradingDay: Type.Optional(Day),
  sessionId: Type.Optional(Id),
  /** Long term: some of it is delivered in this month. */
  month: Type.Optional(MonthQuantity.properties.month),
  /** Needed to sort by price: amounts in two currencies have no order. */
  currency: Type.Optional(CurrencyCode),
  /** `offers` hides imported records. */
  source: Type.Optional(Type.Enum(['offers', 'records'])),
  text: Type.Optional(Text(100)),
  /** The place to which landed cost is computed. */
  to: Type.Optional(Id),
  sort: Type.Optional(Type.Enum(LISTING_SORTS)),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$' })),
});
export type ListingQuery = Static<typeof ListingQuery>;

export const SaleMade = Exact({ saleId: Id, contractId: Id });
export const TakeInput = Exact({
  quantity: Decimal,
  /** The version whose terms the buyer saw: another version is refused. */
  version: Type.Integer(),
});

const ASSAY_PROBLEMS = [
  'listing.invalid',
  'listing.total_moisture_out_of_range',
  'listing.inherent_moisture_out_of_range',
  'listing.ash_out_of_range',
  'listing.volatile_matter_out_of_range',
  'listing.sulphur_out_of_range',
  'listing.fixed_carbon_out_of_range',
  'listing.hydrogen_out_of_range',
  'listing.calorific_value_out_of_range',
  'listing.hardgrove_index_out_of_range',
  'listing.ash_fusion_out_of_range',
  'listing.size_out_of_range',
  'listing.value_missing',
  'listing.value_precision',
  'listing.basis_not_allowed',
  'listing.over_hundred_percent',
] as const;
const PLACE_PROBLEMS = ['listing.coordinates_out_of_range', 'listing.place_unknown'] as const;
export const PUBLISH_PROBLEMS = [
  'listing.too_many_open',
  'listing.quota_exceeded',
  'listing.session_over',
  'listing.sellers_only',
] as const;
export const CHANGE_PROBLEMS = [
  ...ASSAY_PROBLEMS,
  ...PLACE_PROBLEMS,
  'listing.mine_unknown',
  'listing.quantity_not_positive',
  'listing.quantity_out_of_range',
  'listing.quantity_precision',
  'listing.price_required',
  'listing.price_not_positive',
  'listing.price_precision',
  'listing.price_out_of_range',
  'listing.price_not_for_auction',
  'listing.window_reversed',
  'listing.window_past',
  'listing.day_invalid',
  'listing.valid_until_past',
  'listing.valid_until_too_far',
  'listing.channel_field',
  'listing.trading_day_past',
  'listing.month_split_required',
  'listing.month_split_months',
  'listing.month_split_sum',
  'listing.session_unknown',
  ...PUBLISH_PROBLEMS,
] as const;

export const listingRoutes = {
  createListing: route({
    method: 'POST',
    url: '/v1/listings',
    summary: 'Offer a lot of coal for sale',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    body: ListingInput,
    ok: ListingView,
    okStatus: 201,
    problems: CHANGE_PROBLEMS,
  }),
  listListings: route({
    method: 'GET',
    url: '/v1/listings',
    summary: 'Lots on offer, filtered and sorted',
    area: AREA,
    access: 'public',
    query: ListingQuery,
    ok: Page(ListingItem),
    problems: [
      'listing.cursor_invalid',
      'listing.destination_required',
      'listing.currency_required',
      'listing.place_unknown',
    ],
  }),
  listOwnListings: route({
    method: 'GET',
    url: '/v1/listings/mine',
    summary: 'Lots of the own company, in every state',
    area: AREA,
    access: 'member',
    query: Exact({ cursor: Type.Optional(Type.String({ maxLength: 200 })) }),
    ok: Page(ListingItem),
    problems: ['listing.cursor_invalid'],
  }),
  getListing: route({
    method: 'GET',
    url: '/v1/listings/:id',
    summary: 'A lot with its quality on every basis',
    area: AREA,
    access: 'public',
    params: IdParams,
    query: Exact({ to: Type.Optional(Id) }),
    ok: ListingView,
    problems: ['resource.not_found', 'listing.place_unknown'],
  }),
  withdrawListing: route({
    method: 'POST',
    url: '/v1/listings/:id/withdraw',
    summary: 'Take a lot off the market',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: ListingView,
    problems: ['resource.not_found', 'listing.in_auction', 'listing.not_published'],
  }),
  repriceListing: route({
    method: 'POST',
    url: '/v1/listings/:id/price',
    summary: 'Change the price of a lot; the terms get a new version',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ price: Decimal, version: Type.Integer() }),
    ok: ListingView,
    problems: [
      'resource.not_found',
      'listing.changed',
      'listing.in_auction',
      'listing.not_published',
      'listing.price_not_positive',
      'listing.price_precision',
      'listing.price_out_of_range',
    ],
  }),
  takeListing: route({
    method: 'POST',
    url: '/v1/listings/:id/take',
    summary: 'Buy from a lot at its fixed price',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: TakeInput,
    ok: SaleMade,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'listing.not_for_sale',
      'listing.not_fixed_price',
      'listing.buyers_only',
      'listing.not_published',
      'listing.in_auction',
      'listing.own',
      'listing.changed',
      'listing.session_not_open',
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'member.limit_exceeded',
      'contract.font_missing_glyph',
      'contract.terms_refused',
    ],
  }),
} as const satisfies Record<string, Route>;
