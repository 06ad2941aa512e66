/** The three sales channels, the named sessions of the centre, and how much a producer may list. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, Instant, Nullable, Text, Tonnes } from './common.ts';
import { Decimal } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';
export const SALES_CHANNELS = ['long_term', 'spot', 'special'] as const;
/**
 * `long_term`: a year's quantity with its split over months. `spot`: for the day, when a trading day is named,
 * else standing. `special`: entered for a session of the centre, taken in its hours only.
 */
export const SalesChannel = Type.Enum(SALES_CHANNELS);
export type SalesChannel = (typeof SALES_CHANNELS)[number];

export const MonthQuantity = Exact({
  month: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }),
  quantity: Decimal,
});
export type MonthQuantity = Static<typeof MonthQuantity>;

/** What belongs to one channel or another; a field of another channel is refused. */
export const channelFields = {
  /** Left out: spot. */
  channel: Type.Optional(SalesChannel),
  /** Spot: the lot ends with this day at the centre. Left out, it stands until `validUntil`. */
  tradingDay: Type.Optional(Day),
  /** Special: the session it is entered for. */
  sessionId: Type.Optional(Id),
  /** Long term: each month of the window once, in order, together the quantity. */
  monthSplit: Type.Optional(Type.Array(MonthQuantity, { minItems: 1, maxItems: 12 })),
};

export const SpecialSessionView = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  opensAt: Instant,
  closesAt: Instant,
  /** Lots entered and not withdrawn. */
  lots: Type.Integer(),
});
export type SpecialSessionView = Static<typeof SpecialSessionView>;

export const QUOTA_PERIODS = ['day', 'month', 'year'] as const;
export const QuotaPeriod = Type.Enum(QUOTA_PERIODS);
export const QuotaView = Exact({
  organisationId: Id,
  organisationName: Type.String(),
  channel: SalesChannel,
  period: QuotaPeriod,
  limit: Tonnes,
  /** Listed in the period that runs now. */
  used: Tonnes,
  left: Tonnes,
});
export type QuotaView = Static<typeof QuotaView>;

export const REVIEW_RULES = ['first_listing', 'price_band', 'certificate_flags'] as const;
export const ReviewRule = Type.Enum(REVIEW_RULES);
export type ReviewRule = (typeof REVIEW_RULES)[number];
export const ListingRuleView = Exact({
  id: ReviewRule,
  enabled: Type.Boolean(),
  channels: Type.Array(SalesChannel),
  changedAt: Instant,
});
export type ListingRuleView = Static<typeof ListingRuleView>;

export const listingChannelRoutes = {
  listSpecialSessions: route({
    method: 'GET',
    url: '/v1/special-sessions',
    summary: 'Special sessions that are open or still come',
    area: AREA,
    access: 'public',
    ok: Exact({ items: Type.Array(SpecialSessionView) }),
    problems: [],
  }),
  createSpecialSession: route({
    method: 'POST',
    url: '/v1/staff/special-sessions',
    summary: 'Announce a special session',
    area: AREA,
    access: 'staff',
    body: Exact({ name: Text(100), nameZh: Type.Optional(Text(100)), opensAt: Instant, closesAt: Instant }),
    ok: SpecialSessionView,
    okStatus: 201,
    problems: ['listing.session_hours'],
  }),
  listOwnQuotas: route({
    method: 'GET',
    url: '/v1/listing-quotas',
    summary: 'How much the own company may still list',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(QuotaView) }),
    problems: [],
  }),
  listQuotas: route({
    method: 'GET',
    url: '/v1/staff/listing-quotas',
    summary: 'Listing quotas of all producers',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(QuotaView) }),
    problems: [],
  }),
  setQuota: route({
    method: 'PUT',
    url: '/v1/staff/listing-quotas',
    summary: 'Set or lift how much a producer may list in a channel and period',
    area: AREA,
    access: 'staff',
    body: Exact({
      organisationId: Id,
      channel: SalesChannel,
      period: QuotaPeriod,
      /** Tonnes; null lifts the quota. */
      limit: Nullable(Decimal),
    }),
    ok: Exact({ items: Type.Array(QuotaView) }),
    problems: [
      'resource.not_found',
      'listing.quantity_precision',
      'listing.quantity_not_positive',
      'listing.quantity_out_of_range',
    ],
  }),
  listListingRules: route({
    method: 'GET',
    url: '/v1/listing-rules',
    summary: 'When the centre looks at a lot before the market does',
    area: AREA,
    access: 'public',
    ok: Exact({ items: Type.Array(ListingRuleView) }),
    problems: [],
  }),
  setListingRule: route({
    method: 'PUT',
    url: '/v1/staff/listing-rules/:id',
    summary: 'Switch a rule of review, or choose its channels',
    area: AREA,
    access: 'staff',
    params: Exact({ id: ReviewRule }),
    body: Exact({ enabled: Type.Boolean(), channels: Type.Array(SalesChannel, { uniqueItems: true }) }),
    ok: ListingRuleView,
    problems: [],
  }),
} as const satisfies Record<string, Route>;
