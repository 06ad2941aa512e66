/** What the exchange charges: rules for everybody to read, and how they are changed. */
import { Type, type Static } from 'typebox';
import { AuctionFormat } from './auction-terms.ts';
import {
  Currency,
  Empty,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  Percent,
  Text,
} from './common.ts';
import { DeliveryTerm } from './listings.ts';
import { OrganisationKind } from './members.ts';
import { CoalRank } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

export const FEE_MARKETS = ['auction', 'order_book', 'listing', 'request'] as const;

export const FEE_STATES = ['proposed', 'announced', 'in_force', 'replaced', 'ended', 'withdrawn'] as const;

const Company = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

/** What a rule names; what it does not name fits every sale. */
const ScopeBody = {
  sellerId: Type.Optional(Id),
  buyerId: Type.Optional(Id),
  sellerKind: Type.Optional(OrganisationKind),
  format: Type.Optional(AuctionFormat),
  market: Type.Optional(OneOf(FEE_MARKETS)),
  coalRank: Type.Optional(CoalRank),
  deliveryTerm: Type.Optional(DeliveryTerm),
  currency: Type.Optional(Currency),
};
const Amounts = {
  /** Of the final amount. */
  percent: Percent,
  perTonne: Money,
  minimum: Money,
  /** 0: no limit. */
  maximum: Money,
  paidBy: OneOf(['seller', 'buyer']),
  /** Value added tax on the fee. */
  taxPercent: Percent,
};

export const FeeRuleView = Exact({
  id: Id,
  /** Of the scope; null until it is confirmed. */
  version: Nullable(Type.Integer()),
  scope: Exact({
    seller: Nullable(Company),
    buyer: Nullable(Company),
    sellerKind: Nullable(Type.String()),
    format: Nullable(Type.String()),
    market: Nullable(Type.String()),
    coalRank: Nullable(Type.String()),
    deliveryTerm: Nullable(Type.String()),
    currency: Nullable(Type.String()),
  }),
  ...Amounts,
  from: Instant,
  to: Nullable(Instant),
  reason: Type.String(),
  state: OneOf(FEE_STATES),
  proposedAt: Instant,
  /** Comments are taken until then, and nobody confirms it before. */
  commentUntil: Instant,
  mayComment: Type.Boolean(),
  /** For staff every comment; for a company its own. */
  comments: Type.Array(Exact({ company: Company, text: Type.String(), at: Instant })),
  /** For staff: whether the caller proposed it, so that another person has to confirm it. */
  own: Type.Boolean(),
});
export type FeeRuleView = Static<typeof FeeRuleView>;

export const NewFeeRule = Exact({
  ...ScopeBody,
  ...Amounts,
  from: Instant,
  to: Type.Optional(Instant),
  reason: Text(1000, 5),
});
export type NewFeeRule = Static<typeof NewFeeRule>;

export const feeRoutes = {
  feeRules: route({
    method: 'GET',
    url: '/v1/fees',
    summary: 'What the exchange charges: rules in force, announced, proposed and past',
    area: AREA,
    access: 'public',
    // A rule for one company is read by it and by the centre.
    ok: Exact({ items: Type.Array(FeeRuleView) }),
    problems: [],
  }),
  commentOnFee: route({
    method: 'POST',
    url: '/v1/fees/:id/comments',
    summary: 'Say what my company thinks of a proposed fee',
    area: AREA,
    access: 'member',
    params: IdParams,
    body: Exact({ text: Text(1000, 5) }),
    ok: Empty,
    problems: ['resource.not_found', 'fee.comments_closed'],
  }),
  proposeFee: route({
    method: 'POST',
    url: '/v1/staff/fees',
    summary: 'Propose a new version of a fee, for all to see, from an announced instant on',
    area: AREA,
    access: 'staff',
    body: NewFeeRule,
    ok: Exact({ id: Id }),
    okStatus: 201,
    problems: ['fee.invalid', 'fee.notice_too_short', 'two_person.open_already'],
  }),
  decideFee: route({
    method: 'POST',
    url: '/v1/staff/fees/:id/decision',
    summary: 'Confirm a proposed fee as a second person after the comments, or take it back',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ confirm: Type.Boolean() }),
    ok: Empty,
    problems: [
      'resource.not_found',
      'two_person.own',
      'two_person.decided',
      'fee.comment_period',
      'fee.too_late',
      'fee.invalid',
    ],
  }),
} as const satisfies Record<string, Route>;
