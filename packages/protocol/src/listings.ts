/** Mines, places, and lots of coal offered for sale. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { AssayStatement, AuditFlagView, CoalRank, CurrencyCode, Decimal, QualityTable } from './quality.ts';
import { type Route, route } from './route.ts';

export * from './quality.ts';

const AREA = 'listings';
export const LISTING_STATES = ['published', 'in_auction', 'sold_out', 'withdrawn', 'expired'] as const;
export const ListingState = Type.Enum(LISTING_STATES);
export type ListingState = (typeof LISTING_STATES)[number];
export const SALE_METHODS = ['fixed_price', 'auction'] as const;
export const SaleMethod = Type.Enum(SALE_METHODS);
export const DELIVERY_TERMS = ['ex_mine', 'fob', 'fca', 'cif', 'cfr', 'for_rail'] as const;
export const DeliveryTerm = Type.Enum(DELIVERY_TERMS);
export const TRANSPORT_MODES = ['road', 'rail', 'river', 'sea', 'conveyor'] as const;
export const TransportMode = Type.Enum(TRANSPORT_MODES);
export const PLACE_KINDS = ['mine_mouth', 'port', 'station', 'plant'] as const;
export const PlaceKind = Type.Enum(PLACE_KINDS);

const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' });
const Coordinates = { latitude: Nullable(Type.Number()), longitude: Nullable(Type.Number()) };

export const MineView = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Country,
  region: Type.String(),
  ...Coordinates,
  source: Type.String(),
});
export type MineView = Static<typeof MineView>;

export const PlaceView = Exact({
  id: Id,
  kind: PlaceKind,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Country,
  ...Coordinates,
});
export type PlaceView = Static<typeof PlaceView>;

const newSite = {
  name: Text(200),
  nameZh: Type.Optional(Text(200)),
  country: Country,
  /** Degrees north and east: without them nothing can be said about distance and freight. */
  latitude: Decimal,
  longitude: Decimal,
};
export const NewMine = Exact({ ...newSite, region: Type.Optional(Text(100, 0)) });
export const NewPlace = Exact({ ...newSite, kind: Type.Enum(['port', 'station', 'plant']) });
export type NewPlace = Static<typeof NewPlace>;

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
  /** Left out: the end of the window. */
  validUntil: Type.Optional(Instant),
});
export type ListingInput = Static<typeof ListingInput>;

export const PartyView = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });
export type PartyView = Static<typeof PartyView>;

/** An estimate of what coal costs at a place, for comparing; money per tonne and per GJ net as received. */
export const LandedCostView = Exact({
  placeId: Id,
  currency: CurrencyCode,
  distanceKm: Type.Integer(),
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

export const ListingView = Exact({
  ...ListingSummary.properties,
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
    problems: [
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
      'listing.too_many_open',
      'listing.sellers_only',
    ],
  }),
  listListings: route({
    method: 'GET',
    url: '/v1/listings',
    summary: 'Lots on offer, filtered and sorted',
    area: AREA,
    access: 'public',
    query: ListingQuery,
    ok: Page(ListingSummary),
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
    ok: Page(ListingSummary),
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
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
    ],
  }),
  listMines: route({
    method: 'GET',
    url: '/v1/mines',
    summary: 'The register of mines',
    area: AREA,
    access: 'public',
    query: Exact({ text: Type.Optional(Text(100)), country: Type.Optional(Country) }),
    ok: Exact({ items: Type.Array(MineView) }),
    problems: [],
  }),
  listPlaces: route({
    method: 'GET',
    url: '/v1/places',
    summary: 'Ports, stations, mine mouths and plants',
    area: AREA,
    access: 'public',
    query: Exact({ text: Type.Optional(Text(100)), kind: Type.Optional(PlaceKind) }),
    ok: Exact({ items: Type.Array(PlaceView) }),
    problems: [],
  }),
  createPlace: route({
    method: 'POST',
    url: '/v1/places',
    summary: 'Add a port, a station or a plant',
    area: AREA,
    access: { roles: ['trader'] },
    body: NewPlace,
    ok: PlaceView,
    okStatus: 201,
    problems: ['listing.coordinates_out_of_range'],
  }),
} as const satisfies Record<string, Route>;
