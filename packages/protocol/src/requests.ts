/** Requests: what a buyer needs, from the draft to the contract; whom it asks. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { NewPlace, PartyView, PlaceView } from './listings.ts';
import { CoalRank, CurrencyCode, Decimal } from './quality.ts';
import { LimitStatement, MatchView } from './requests-matching.ts';
import { CEILING_AT } from './requests-pools.ts';
import { AccountView, responseRoutes } from './requests-responses.ts';
import { type Route, route } from './route.ts';

const AREA = 'requests';

/** From the draft to its end; `open` to `in_auction` can be answered. */
export const REQUEST_STATES = [
  'draft',
  'open',
  'matched',
  'responding',
  'shortlisted',
  'negotiating',
  'in_auction',
  'contracted',
  'cancelled',
  'expired',
] as const;
export const RequestState = Type.Enum([...REQUEST_STATES]);
export type RequestState = (typeof REQUEST_STATES)[number];
/** Published and not at its end. */
export const LIVE_REQUEST_STATES = [
  'open',
  'matched',
  'responding',
  'shortlisted',
  'negotiating',
  'in_auction',
] as const satisfies readonly RequestState[];

/** `invited`: only the producers the buyer asks see it. */
export const AUDIENCES = ['public', 'invited'] as const;

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
  /** Per tonne. */
  priceCeiling: Type.Optional(Decimal),
  /** Of the ceiling. `listed`: on the delivery term of the lot; `delivered`: at the plant, freight included. */
  ceilingAt: Type.Optional(Type.Enum([...CEILING_AT])),
  note: Type.Optional(Text(1000, 0)),
  /** Left out: the end of the window. */
  validUntil: Type.Optional(Instant),
  audience: Type.Optional(Type.Enum([...AUDIENCES])),
  /** Kept for later, seen by nobody else. */
  draft: Type.Optional(Type.Boolean()),
});
export type RequestInput = Static<typeof RequestInput>;

export const InvitationView = Exact({
  organisation: PartyView,
  invitedAt: Instant,
  /** Answers that stand or were taken. */
  answers: Type.Integer(),
  /** Why it will not answer. */
  declined: Nullable(Type.String()),
});
export type InvitationView = Static<typeof InvitationView>;

export const RequestView = Exact({
  id: Id,
  state: RequestState,
  audience: Type.Enum([...AUDIENCES]),
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
  ceilingAt: Type.Enum([...CEILING_AT]),
  /** From which the buyer pays: confirmed by its bank. */
  account: Nullable(AccountView),
  note: Type.String(),
  expiresAt: Instant,
  createdAt: Instant,
  /** Lots that fitted when the market was last looked through; null before that. */
  matchedLots: Nullable(Type.Integer()),
  responseCount: Type.Integer(),
  /** Of the buyer's shortlist. */
  shortlisted: Type.Integer(),
  /** The pool it came of: whose members share every award by tonnes. */
  pool: Nullable(Exact({ id: Id, members: Type.Integer() })),
  /** The caller's company needs it. */
  own: Type.Boolean(),
  /** The caller's company shares in it, or was asked by the buyer. */
  member: Type.Boolean(),
  invited: Type.Boolean(),
});
export type RequestView = Static<typeof RequestView>;

const CHECKED = [
  'purchase_request.invalid',
  'purchase_request.limit_invalid',
  'purchase_request.limit_reversed',
  'purchase_request.limit_twice',
  'purchase_request.basis_not_allowed',
  'purchase_request.minimum_above_quantity',
  'purchase_request.plant_required',
  'purchase_request.place_without_coordinates',
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
] as const;
const trader = { access: { roles: ['trader'] }, area: AREA } as const;

export const requestRoutes = {
  createRequest: route({
    method: 'POST',
    url: '/v1/requests',
    summary: 'Publish what coal is needed, or keep it as a draft',
    ...trader,
    activeOnly: true,
    body: RequestInput,
    ok: RequestView,
    okStatus: 201,
    problems: [
      ...CHECKED,
      'purchase_request.too_many_open',
      'purchase_request.account_missing',
      'listing.buyers_only',
    ],
  }),
  editRequest: route({
    method: 'POST',
    url: '/v1/requests/:id/edit',
    summary: 'Rewrite a draft of mine',
    ...trader,
    activeOnly: true,
    params: IdParams,
    body: RequestInput,
    ok: RequestView,
    problems: [
      'resource.not_found',
      'purchase_request.not_draft',
      'purchase_request.account_missing',
      'purchase_request.too_many_open',
      ...CHECKED,
    ],
  }),
  publishRequest: route({
    method: 'POST',
    url: '/v1/requests/:id/publish',
    summary: 'Publish a draft of mine',
    ...trader,
    activeOnly: true,
    params: IdParams,
    ok: RequestView,
    problems: [
      'resource.not_found',
      'purchase_request.not_draft',
      'purchase_request.too_many_open',
      'purchase_request.account_missing',
      'listing.window_past',
      'listing.valid_until_past',
    ],
  }),
  listRequests: route({
    method: 'GET',
    url: '/v1/requests',
    summary: 'Open requests, or the own ones, those one was invited to, or those answered',
    area: AREA,
    access: 'public',
    query: Exact({
      scope: Type.Optional(Type.Enum(['open', 'own', 'invited', 'answered'])),
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
    summary: 'Lots that fit, best first, and near misses, with reasons; a producer sees its own lots only',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: MatchView,
    problems: ['resource.not_found'],
  }),
  inviteProducers: route({
    method: 'POST',
    url: '/v1/requests/:id/invitations',
    summary: 'Ask producers to answer: those whose lots fit, all on the market, or named ones',
    ...trader,
    activeOnly: true,
    params: IdParams,
    body: Type.Union([
      Exact({ to: Type.Enum(['matched', 'all']) }),
      Exact({
        to: Type.Literal('named'),
        organisationIds: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }),
      }),
    ]),
    ok: Exact({ invited: Type.Integer(), items: Type.Array(InvitationView) }),
    okStatus: 201,
    problems: [
      'resource.not_found',
      'purchase_request.not_open',
      'purchase_request.producer_unknown',
      'purchase_request.nobody_to_invite',
    ],
  }),
  listInvitations: route({
    method: 'GET',
    url: '/v1/requests/:id/invitations',
    summary: 'Whom I asked, and what came of it',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Exact({ items: Type.Array(InvitationView) }),
    problems: ['resource.not_found'],
  }),
  declineInvitation: route({
    method: 'POST',
    url: '/v1/requests/:id/invitations/decline',
    summary: 'Tell the buyer that I shall not answer, and why',
    ...trader,
    params: IdParams,
    body: Exact({ reason: Text(500) }),
    ok: RequestView,
    problems: ['resource.not_found', 'purchase_request.not_open', 'purchase_request.not_invited'],
  }),
  closeRequest: route({
    method: 'POST',
    url: '/v1/requests/:id/close',
    summary: 'Take a request back; open answers are turned down',
    ...trader,
    params: IdParams,
    ok: RequestView,
    problems: [
      'resource.not_found',
      'purchase_request.not_open',
      'purchase_request.in_auction',
      'purchase_request.in_negotiation',
    ],
  }),
  ...responseRoutes,
} as const satisfies Record<string, Route>;
