/** Requests: what a buyer needs, the lots that fit, and the answers of producers. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { ListingSummary, LandedCostView, NewPlace, PartyView, PlaceView, SaleMade } from './listings.ts';
import { Basis, CoalRank, CurrencyCode, Decimal, EnergyUnit, HeatKind } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'requests';

export const REQUEST_STATES = ['open', 'responding', 'contracted', 'cancelled', 'expired'] as const;
export const RequestState = Type.Enum(REQUEST_STATES);
export type RequestState = (typeof REQUEST_STATES)[number];
export const RESPONSE_STATES = ['offered', 'taken', 'declined', 'expired'] as const;
export const ResponseState = Type.Enum(RESPONSE_STATES);
export type ResponseState = (typeof RESPONSE_STATES)[number];

export const LimitParameter = Type.Enum([
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
  'calorificValue',
  'hardgroveIndex',
  'ashSoftening',
  'sizeMax',
]);

/** Percent for shares, `unit` for heat, index points, °C or mm for the rest. Both ends are allowed values. */
export const LimitStatement = Exact({
  parameter: LimitParameter,
  basis: Type.Optional(Basis),
  kind: Type.Optional(HeatKind),
  unit: Type.Optional(EnergyUnit),
  minimum: Type.Optional(Decimal),
  maximum: Type.Optional(Decimal),
});
export type LimitStatement = Static<typeof LimitStatement>;

export const RequestInput = Exact({
  /** Empty: any. */
  coalRanks: Type.Array(CoalRank, { maxItems: 6, uniqueItems: true }),
  limits: Type.Array(LimitStatement, { maxItems: 10 }),
  quantity: Decimal,
  /** The least part of use; left out, only the whole quantity is. */
  minimumQuantity: Type.Optional(Decimal),
  /** Where the coal is burnt. One of the two. */
  plantPlaceId: Type.Optional(Id),
  newPlant: Type.Optional(NewPlace),
  windowFrom: Day,
  windowTo: Day,
  currency: CurrencyCode,
  /** Per tonne, on the delivery term of the lot that is offered. */
  priceCeiling: Type.Optional(Decimal),
  note: Type.Optional(Text(1000, 0)),
  /** Left out: the end of the window. */
  validUntil: Type.Optional(Instant),
});
export type RequestInput = Static<typeof RequestInput>;

export const RequestView = Exact({
  id: Id,
  state: RequestState,
  buyer: PartyView,
  coalRanks: Type.Array(CoalRank),
  limits: Type.Array(LimitStatement),
  quantity: Tonnes,
  minimumQuantity: Tonnes,
  /** What is still needed. */
  outstanding: Tonnes,
  plant: PlaceView,
  windowFrom: Day,
  windowTo: Day,
  currency: CurrencyCode,
  priceCeiling: Nullable(Money),
  note: Type.String(),
  expiresAt: Instant,
  createdAt: Instant,
  responseCount: Type.Integer(),
  /** The caller's company needs it. */
  own: Type.Boolean(),
});
export type RequestView = Static<typeof RequestView>;

/** Why a lot fits or does not: a code and its numbers, worded by whoever shows them. */
export const MatchReasonView = Exact({
  code: Type.String(),
  met: Type.Boolean(),
  parameter: Type.Optional(LimitParameter),
  basis: Type.Optional(Basis),
  kind: Type.Optional(HeatKind),
  values: Type.Record(Type.String(), Type.String()),
});
export type MatchReasonView = Static<typeof MatchReasonView>;

export const SuggestionView = Exact({
  /** 1 is the best. */
  rank: Type.Integer(),
  fits: Type.Boolean(),
  listing: ListingSummary,
  reasons: Type.Array(MatchReasonView),
});
export type SuggestionView = Static<typeof SuggestionView>;

export const ResponseView = Exact({
  id: Id,
  requestId: Id,
  state: ResponseState,
  seller: PartyView,
  listing: ListingSummary,
  quantity: Tonnes,
  price: Money,
  currency: CurrencyCode,
  /** At this price, at the buyer's plant. */
  landed: Nullable(LandedCostView),
  fits: Type.Boolean(),
  reasons: Type.Array(MatchReasonView),
  note: Type.String(),
  validUntil: Instant,
  createdAt: Instant,
  saleId: Nullable(Id),
  contractId: Nullable(Id),
  /** The caller's company gave it. */
  own: Type.Boolean(),
});
export type ResponseView = Static<typeof ResponseView>;

export const ResponseInput = Exact({
  listingId: Id,
  quantity: Decimal,
  /** Per tonne in the request's currency, on the lot's delivery term. */
  price: Decimal,
  validUntil: Instant,
  note: Type.Optional(Text(1000, 0)),
});
export type ResponseInput = Static<typeof ResponseInput>;

const ResponseParams = Exact({ id: Id, responseId: Id });
const CLOSED = [
  'resource.not_found',
  'purchase_request.not_open',
  'purchase_request.response_closed',
] as const;

export const requestRoutes = {
  createRequest: route({
    method: 'POST',
    url: '/v1/requests',
    summary: 'Publish what coal is needed',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    body: RequestInput,
    ok: RequestView,
    okStatus: 201,
    problems: [
      'purchase_request.invalid',
      'purchase_request.limit_invalid',
      'purchase_request.limit_reversed',
      'purchase_request.limit_twice',
      'purchase_request.minimum_above_quantity',
      'purchase_request.plant_required',
      'purchase_request.place_without_coordinates',
      'purchase_request.too_many_open',
      'listing.buyers_only',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'listing.price_not_positive',
      'listing.price_precision',
      'listing.price_out_of_range',
      'listing.window_reversed',
      'listing.window_past',
      'listing.day_invalid',
      'listing.valid_until_past',
      'listing.valid_until_too_far',
      'listing.coordinates_out_of_range',
      'listing.place_unknown',
    ],
  }),
  listRequests: route({
    method: 'GET',
    url: '/v1/requests',
    summary: 'Open requests, or the own ones, or those answered',
    area: AREA,
    access: 'public',
    query: Exact({
      scope: Type.Optional(Type.Enum(['open', 'own', 'answered'])),
      cursor: Type.Optional(Id),
    }),
    ok: Page(RequestView),
    problems: ['auth.required'],
  }),
  getRequest: route({
    method: 'GET',
    url: '/v1/requests/:id',
    summary: 'A request',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: RequestView,
    problems: ['resource.not_found'],
  }),
  listSuggestions: route({
    method: 'GET',
    url: '/v1/requests/:id/suggestions',
    summary: 'Lots that fit, best first, with reasons; a producer sees its own lots only',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Exact({ items: Type.Array(SuggestionView) }),
    problems: ['resource.not_found'],
  }),
  listResponses: route({
    method: 'GET',
    url: '/v1/requests/:id/responses',
    summary: 'Answers to a request; a producer sees its own only',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Exact({ items: Type.Array(ResponseView) }),
    problems: ['resource.not_found'],
  }),
  createResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses',
    summary: 'Answer a request with a lot, firmly',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: ResponseInput,
    ok: ResponseView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'purchase_request.invalid',
      'purchase_request.not_open',
      'purchase_request.own',
      'purchase_request.lot_unknown',
      'purchase_request.price_above_ceiling',
      'purchase_request.quantity_below_minimum',
      'purchase_request.quantity_exceeded',
      'purchase_request.already_answered',
      'listing.not_published',
      'listing.in_auction',
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'listing.price_not_positive',
      'listing.price_precision',
      'listing.price_out_of_range',
      'listing.valid_until_past',
      'listing.valid_until_too_far',
      'listing.day_invalid',
    ],
  }),
  takeResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/take',
    summary: 'Buy what a producer answered, at its price',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: ResponseParams,
    ok: SaleMade,
    okStatus: 201,
    problems: [
      ...CLOSED,
      'purchase_request.quantity_exceeded',
      'listing.not_published',
      'listing.in_auction',
      'listing.quantity_unavailable',
    ],
  }),
  declineResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/decline',
    summary: 'Turn an answer down',
    area: AREA,
    access: { roles: ['trader'] },
    params: ResponseParams,
    ok: ResponseView,
    problems: CLOSED,
  }),
  closeRequest: route({
    method: 'POST',
    url: '/v1/requests/:id/close',
    summary: 'Take a request back; open answers are turned down',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: RequestView,
    problems: ['resource.not_found', 'purchase_request.not_open', 'purchase_request.in_auction'],
  }),
} as const satisfies Record<string, Route>;
