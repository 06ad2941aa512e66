/** Small buyers who ask together: a pool gathers tonnes until a day, and becomes one request. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { NewPlace, PartyView, PlaceView } from './listings.ts';
import { CoalRank, CurrencyCode, Decimal } from './quality.ts';
import { LimitStatement } from './requests-matching.ts';
import { route } from './route.ts';

const AREA = 'requests';

export const POOL_STATES = ['open', 'closed', 'missed', 'cancelled'] as const;
export type PoolState = (typeof POOL_STATES)[number];
/** Freight paid to one place for all, or each member to its own. */
export const CEILING_AT = ['listed', 'delivered'] as const;

export const PoolView = Exact({
  id: Id,
  name: Type.String(),
  state: Type.Enum([...POOL_STATES]),
  openedBy: PartyView,
  coalRanks: Type.Array(CoalRank),
  limits: Type.Array(LimitStatement),
  minimumQuantity: Tonnes,
  /** Of all members. */
  joined: Tonnes,
  memberCount: Type.Integer(),
  /** Members of the pool see each other; for everybody else empty. */
  members: Type.Array(
    Exact({
      organisation: PartyView,
      quantity: Tonnes,
      awarded: Tonnes,
      place: PlaceView,
      own: Type.Boolean(),
    }),
  ),
  /** Common to all; null: each member names its own. */
  place: Nullable(PlaceView),
  windowFrom: Day,
  windowTo: Day,
  currency: CurrencyCode,
  priceCeiling: Nullable(Money),
  ceilingAt: Type.Enum([...CEILING_AT]),
  note: Type.String(),
  deadline: Instant,
  /** Once it has closed. */
  requestId: Nullable(Id),
  /** Why it ended without a request. */
  reason: Nullable(Type.String()),
  own: Type.Boolean(),
  joinedBySelf: Type.Boolean(),
});
export type PoolView = Static<typeof PoolView>;

export const PoolInput = Exact({
  name: Text(120),
  coalRanks: Type.Array(CoalRank, { maxItems: 6, uniqueItems: true }),
  limits: Type.Array(LimitStatement, { maxItems: 10 }),
  /** What must come together. */
  minimumQuantity: Decimal,
  /** The opener's own tonnes. */
  quantity: Decimal,
  /** `common`: everybody's coal goes to this place. */
  placeOf: Type.Enum(['common', 'each']),
  placeId: Type.Optional(Id),
  newPlace: Type.Optional(NewPlace),
  windowFrom: Day,
  windowTo: Day,
  currency: CurrencyCode,
  priceCeiling: Type.Optional(Decimal),
  ceilingAt: Type.Optional(Type.Enum([...CEILING_AT])),
  note: Type.Optional(Text(1000, 0)),
  deadline: Instant,
});
export type PoolInput = Static<typeof PoolInput>;

export const PoolJoin = Exact({
  quantity: Decimal,
  /** Where each names its own place: one of the two. */
  placeId: Type.Optional(Id),
  newPlace: Type.Optional(NewPlace),
});
export type PoolJoin = Static<typeof PoolJoin>;

const trader = { access: { roles: ['trader'] }, area: AREA } as const;
const QUANTITY = [
  'listing.quantity_not_positive',
  'listing.quantity_out_of_range',
  'listing.quantity_precision',
] as const;
const PLACE = [
  'purchase_request.plant_required',
  'purchase_request.place_without_coordinates',
  'purchase_request.place_common',
  'listing.place_unknown',
  'listing.coordinates_out_of_range',
] as const;
const MEMBER = ['listing.buyers_only', 'purchase_request.account_missing'] as const;

export const poolRoutes = {
  openPool: route({
    method: 'POST',
    url: '/v1/request-pools',
    summary: 'Open a pool that other buyers may join',
    ...trader,
    activeOnly: true,
    body: PoolInput,
    ok: PoolView,
    okStatus: 201,
    problems: [
      ...MEMBER,
      ...QUANTITY,
      ...PLACE,
      'purchase_request.invalid',
      'purchase_request.limit_invalid',
      'purchase_request.limit_reversed',
      'purchase_request.limit_twice',
      'purchase_request.basis_not_allowed',
      'purchase_request.too_many_open',
      'listing.price_not_positive',
      'listing.price_precision',
      'listing.price_out_of_range',
      'listing.window_reversed',
      'listing.window_past',
      'listing.day_invalid',
      'listing.valid_until_past',
      'listing.valid_until_too_far',
      'request_pool.deadline_after_window',
    ],
  }),
  listPools: route({
    method: 'GET',
    url: '/v1/request-pools',
    summary: 'Pools that can be joined, or those of mine',
    area: AREA,
    access: 'signed_in',
    query: Exact({ scope: Type.Optional(Type.Enum(['open', 'own'])), cursor: Type.Optional(Id) }),
    ok: Page(PoolView),
    problems: [],
  }),
  getPool: route({
    method: 'GET',
    url: '/v1/request-pools/:id',
    summary: 'A pool',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: PoolView,
    problems: ['resource.not_found'],
  }),
  joinPool: route({
    method: 'POST',
    url: '/v1/request-pools/:id/join',
    summary: 'Join a pool with tonnes of mine, or change them',
    ...trader,
    activeOnly: true,
    params: IdParams,
    body: PoolJoin,
    ok: PoolView,
    problems: [
      'resource.not_found',
      ...MEMBER,
      ...QUANTITY,
      ...PLACE,
      'purchase_request.invalid',
      'request_pool.closed',
      'request_pool.full',
    ],
  }),
  leavePool: route({
    method: 'POST',
    url: '/v1/request-pools/:id/leave',
    summary: 'Leave a pool before its day',
    ...trader,
    params: IdParams,
    ok: PoolView,
    problems: [
      'resource.not_found',
      'request_pool.closed',
      'request_pool.not_joined',
      'request_pool.opener_stays',
    ],
  }),
  closePool: route({
    method: 'POST',
    url: '/v1/request-pools/:id/close',
    summary: 'Make the request now: enough tonnes have come together',
    ...trader,
    activeOnly: true,
    params: IdParams,
    ok: PoolView,
    problems: ['resource.not_found', 'request_pool.closed', 'request_pool.minimum_missed'],
  }),
  cancelPool: route({
    method: 'POST',
    url: '/v1/request-pools/:id/cancel',
    summary: 'Give a pool up before its day, and say why',
    ...trader,
    params: IdParams,
    body: Exact({ reason: Text(500) }),
    ok: PoolView,
    problems: ['resource.not_found', 'request_pool.closed'],
  }),
} as const;
