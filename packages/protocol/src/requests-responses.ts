/** Answers of producers: several lots each, in versions, held side by side by the buyer and awarded. */
import { Type, type Static } from 'typebox';
import { Exact, Id, Instant, Money, Nullable, Text, Tonnes } from './common.ts';
import { LandedCostView, ListingSummary, PartyView } from './listings.ts';
import { CurrencyCode, Decimal } from './quality.ts';
import { MatchReasonView } from './requests-matching.ts';
import { route } from './route.ts';

const AREA = 'requests';

export const RESPONSE_STATES = [
  'offered',
  'shortlisted',
  'negotiating',
  'taken',
  'declined',
  'withdrawn',
  'expired',
] as const;
export const ResponseState = Type.Enum([...RESPONSE_STATES]);
export type ResponseState = (typeof RESPONSE_STATES)[number];

/** A company's confirmed account, as much of it as the other side needs to know it again. */
export const AccountView = Exact({
  bankName: Type.String(),
  bankCode: Type.String(),
  /** The last four characters. */
  ending: Type.String(),
  currency: Type.String(),
});
export type AccountView = Static<typeof AccountView>;

export const ResponseLotView = Exact({
  listing: ListingSummary,
  quantity: Tonnes,
  /** The least part the producer sells of it. */
  minimumQuantity: Tonnes,
  price: Money,
  taken: Tonnes,
  /** At this price, at the buyer's plant. */
  landed: Nullable(LandedCostView),
  fits: Type.Boolean(),
  reasons: Type.Array(MatchReasonView),
});
export type ResponseLotView = Static<typeof ResponseLotView>;

export const AwardView = Exact({
  listingId: Id,
  buyer: PartyView,
  quantity: Tonnes,
  saleId: Id,
  contractId: Id,
});
export type AwardView = Static<typeof AwardView>;

export const ResponseView = Exact({
  id: Id,
  requestId: Id,
  version: Type.Integer(),
  state: ResponseState,
  seller: PartyView,
  lots: Type.Array(ResponseLotView),
  quantity: Tonnes,
  currency: CurrencyCode,
  /** Of all its lots together, per GJ at the plant. */
  perGigajoule: Nullable(Money),
  account: Nullable(AccountView),
  note: Type.String(),
  /** The buyer's own; '' for everybody else. */
  shortlistNote: Type.String(),
  /** Why it was declined. */
  reason: Nullable(Type.String()),
  validUntil: Instant,
  createdAt: Instant,
  awards: Type.Array(AwardView),
  /** The caller's company gave it. */
  own: Type.Boolean(),
});
export type ResponseView = Static<typeof ResponseView>;

export const ResponseInput = Exact({
  lots: Type.Array(
    Exact({
      listingId: Id,
      quantity: Decimal,
      /** Left out: the whole or nothing. */
      minimumQuantity: Type.Optional(Decimal),
      /** Per tonne in the request's currency, on the lot's delivery term. */
      price: Decimal,
    }),
    { minItems: 1, maxItems: 10 },
  ),
  validUntil: Instant,
  note: Type.Optional(Text(1000, 0)),
});
export type ResponseInput = Static<typeof ResponseInput>;

const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const AwardInput = Exact({
  awards: Type.Array(
    Exact({
      responseId: Id,
      /** The version the buyer saw. */
      version: Version,
      /** Left out: every lot of it, whole. */
      lots: Type.Optional(
        Type.Array(Exact({ listingId: Id, quantity: Decimal }), { minItems: 1, maxItems: 10 }),
      ),
    }),
    { minItems: 1, maxItems: 20 },
  ),
});
export type AwardInput = Static<typeof AwardInput>;

export const TakeLotsInput = Exact({
  lots: Type.Array(
    Exact({
      listingId: Id,
      /** The version the buyer saw. */
      version: Version,
      quantity: Decimal,
    }),
    { minItems: 1, maxItems: 20 },
  ),
});
export type TakeLotsInput = Static<typeof TakeLotsInput>;

const ResponseParams = Exact({ id: Id, responseId: Id });
const CLOSED = [
  'resource.not_found',
  'purchase_request.not_open',
  'purchase_request.response_closed',
] as const;
const INPUT = [
  'resource.not_found',
  'purchase_request.invalid',
  'purchase_request.not_open',
  'purchase_request.own',
  'purchase_request.account_missing',
  'purchase_request.lot_unknown',
  'purchase_request.lot_twice',
  'purchase_request.minimum_above_quantity',
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
  'member.limit_exceeded',
  'listing.price_not_positive',
  'listing.price_precision',
  'listing.price_out_of_range',
  'listing.valid_until_past',
  'listing.valid_until_too_far',
  'listing.day_invalid',
] as const;
const trader = { access: { roles: ['trader'] }, area: AREA } as const;

export const responseRoutes = {
  listResponses: route({
    method: 'GET',
    url: '/v1/requests/:id/responses',
    summary: 'Answers to a request; a producer sees its own only',
    area: AREA,
    access: 'signed_in',
    params: Exact({ id: Id }),
    ok: Exact({ items: Type.Array(ResponseView) }),
    problems: ['resource.not_found'],
  }),
  createResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses',
    summary: 'Answer a request with lots of mine, firmly',
    ...trader,
    activeOnly: true,
    params: Exact({ id: Id }),
    body: ResponseInput,
    ok: ResponseView,
    okStatus: 201,
    problems: INPUT,
  }),
  reviseResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/revise',
    summary: 'Replace my answer by a new version of it',
    ...trader,
    activeOnly: true,
    params: ResponseParams,
    body: Exact({ version: Version, ...ResponseInput.properties }),
    ok: ResponseView,
    problems: [...INPUT, 'purchase_request.response_closed', 'purchase_request.response_changed'],
  }),
  withdrawResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/withdraw',
    summary: 'Take my answer back',
    ...trader,
    params: ResponseParams,
    ok: ResponseView,
    problems: CLOSED,
  }),
  shortlistResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/shortlist',
    summary: 'Put an answer on my shortlist, with a note of my own; null takes it off',
    ...trader,
    params: ResponseParams,
    body: Exact({ note: Nullable(Text(1000, 0)) }),
    ok: ResponseView,
    problems: CLOSED,
  }),
  declineResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/decline',
    summary: 'Turn an answer down, and say why',
    ...trader,
    params: ResponseParams,
    body: Exact({ reason: Text(500) }),
    ok: ResponseView,
    problems: CLOSED,
  }),
  negotiateResponse: route({
    method: 'POST',
    url: '/v1/requests/:id/responses/:responseId/negotiate',
    summary: 'Open a private negotiation about a lot of an answer',
    ...trader,
    activeOnly: true,
    params: ResponseParams,
    body: Exact({ listingId: Id }),
    ok: Exact({ negotiationId: Id }),
    okStatus: 201,
    problems: [
      ...CLOSED,
      'purchase_request.lot_unknown',
      'purchase_request.pooled',
      'purchase_request.negotiation_unavailable',
    ],
  }),
  takeLots: route({
    method: 'POST',
    url: '/v1/requests/:id/take',
    summary: 'Buy lots at their listed prices for my request, a blend say: all of them or nothing',
    ...trader,
    activeOnly: true,
    params: Exact({ id: Id }),
    body: TakeLotsInput,
    ok: Exact({ awards: Type.Array(AwardView) }),
    okStatus: 201,
    problems: [
      'resource.not_found',
      'purchase_request.not_open',
      'purchase_request.invalid',
      'purchase_request.lot_twice',
      'purchase_request.quantity_exceeded',
      'listing.changed',
      'listing.own',
      'listing.not_fixed_price',
      'listing.not_published',
      'listing.not_for_sale',
      'listing.in_auction',
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'member.limit_exceeded',
      'contract.font_missing_glyph',
      'contract.terms_refused',
    ],
  }),
  awardRequest: route({
    method: 'POST',
    url: '/v1/requests/:id/award',
    summary: 'Buy what producers answered, of one or of several, all of it or nothing',
    ...trader,
    activeOnly: true,
    params: Exact({ id: Id }),
    body: AwardInput,
    ok: Exact({ awards: Type.Array(AwardView) }),
    okStatus: 201,
    problems: [
      ...CLOSED,
      'purchase_request.invalid',
      'purchase_request.lot_unknown',
      'purchase_request.lot_twice',
      'purchase_request.response_changed',
      'purchase_request.award_twice',
      'purchase_request.award_out_of_range',
      'purchase_request.quantity_exceeded',
      'listing.not_published',
      'listing.in_auction',
      'listing.quantity_unavailable',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
      'listing.quantity_precision',
      'member.limit_exceeded',
      'contract.font_missing_glyph',
      'contract.terms_refused',
    ],
  }),
} as const;
