/** Security of contracts: bonds, forfeiture after notice, and how soon what is not needed comes back. */
import { Type, type Static } from 'typebox';
import { Currency, Empty, Exact, Id, IdParams, Instant, Money, Nullable, OneOf, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

export const FORFEITURE_STATES = ['noticed', 'cured', 'forfeited', 'withdrawn', 'reversed'] as const;
const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const ForfeitureView = Exact({
  id: Id,
  contractId: Id,
  contractNumber: Type.String(),
  debtor: Party,
  creditor: Party,
  /** Null for staff. */
  mine: Nullable(OneOf(['debtor', 'creditor'])),
  currency: Currency,
  amount: Money,
  /** Paying this in time ends the matter; null where money does not. */
  due: Nullable(Money),
  reason: Type.String(),
  noticedAt: Instant,
  cureUntil: Instant,
  acknowledgedAt: Nullable(Instant),
  state: OneOf(FORFEITURE_STATES),
  decidedAt: Nullable(Instant),
  decision: Nullable(Type.String()),
  /** For staff: whether the caller took the step before, so that another person has to take the next. */
  own: Exact({ notice: Type.Boolean(), reversal: Type.Boolean() }),
  reversalReason: Nullable(Type.String()),
  reversedAt: Nullable(Instant),
});
export type ForfeitureView = Static<typeof ForfeitureView>;

export const SecurityView = Exact({
  kind: OneOf(['auction', 'contract']),
  /** Of the auction or the contract. */
  id: Id,
  label: Type.String(),
  currency: Currency,
  amount: Money,
  since: Nullable(Instant),
  /** The caller may still add to it. */
  open: Type.Boolean(),
});
export type SecurityView = Static<typeof SecurityView>;

export const ReleaseTime = Exact({
  days: Type.Integer(),
  releases: Type.Integer(),
  medianMs: Nullable(Type.Number()),
  p95Ms: Nullable(Type.Number()),
  sameDay: Type.Integer(),
});
export type ReleaseTime = Static<typeof ReleaseTime>;

export const StandingDepositView = Exact({
  currency: Currency,
  /** All of it, what auctions hold included. */
  balance: Money,
  /** By auctions. */
  held: Money,
  /** For the next auction, or to be taken out. */
  available: Money,
  auctions: Type.Array(Exact({ id: Id, title: Type.String(), amount: Money, since: Instant })),
});
export type StandingDepositView = Static<typeof StandingDepositView>;

const problems = ['resource.not_found', 'security.decided', 'two_person.own'] as const;
export const securityRoutes = {
  releaseTime: route({
    method: 'GET',
    url: '/v1/security/release-time',
    summary: 'How long bidders waited for security they did not need, over the last 90 days',
    area: AREA,
    access: 'public',
    ok: ReleaseTime,
    problems: [],
  }),
  securities: route({
    method: 'GET',
    url: '/v1/securities',
    summary: 'What my company has behind bids and contracts',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(SecurityView) }),
    problems: [],
  }),
  standingDeposits: route({
    method: 'GET',
    url: '/v1/standing-deposits',
    summary: 'One deposit for many auctions: what it has left, and which auctions hold the rest',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(StandingDepositView) }),
    problems: [],
  }),
  moveStandingDeposit: route({
    method: 'POST',
    url: '/v1/standing-deposits',
    summary: 'Put free money into the standing deposit, or take out what no auction holds',
    area: AREA,
    access: { roles: ['finance'] },
    activeOnly: true,
    body: Exact({
      /** The same again is the same move. */
      commandId: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }),
      currency: Currency,
      amount: Money,
      direction: OneOf(['in', 'out']),
    }),
    ok: Exact({ items: Type.Array(StandingDepositView) }),
    problems: [
      'ledger.insufficient_funds',
      'request.invalid',
      'request.idempotency_conflict',
      'service.overloaded',
    ],
  }),
  giveBond: route({
    method: 'POST',
    url: '/v1/settlements/:id/bond',
    summary: 'Put free money behind my side of a contract; it comes back with the rest of the security',
    area: AREA,
    access: { roles: ['finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ amount: Money }),
    ok: Empty,
    problems: ['resource.not_found', 'settlement.not_due', 'ledger.insufficient_funds', 'request.invalid'],
  }),
  forfeitures: route({
    method: 'GET',
    url: '/v1/forfeitures',
    summary: 'Notices of default that my company gave cause for or waits for; for staff, all',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ items: Type.Array(ForfeitureView) }),
    problems: [],
  }),
  acknowledgeForfeiture: route({
    method: 'POST',
    url: '/v1/forfeitures/:id/acknowledgement',
    summary: 'Say that my company has read the notice',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found'],
  }),
  noticeForfeiture: route({
    method: 'POST',
    url: '/v1/staff/settlements/:id/default-notice',
    summary: 'Give notice of a default: the cure period begins',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ side: OneOf(['buyer', 'seller']), reason: Text(500, 5) }),
    ok: Exact({ id: Id }),
    okStatus: 201,
    problems: ['resource.not_found', 'security.none', 'security.not_in_default', 'two_person.open_already'],
  }),
  decideForfeiture: route({
    method: 'POST',
    url: '/v1/staff/forfeitures/:id/decision',
    summary: 'After the cure period another person decides; a payment in time saves the security',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ forfeit: Type.Boolean(), reason: Text(500, 5) }),
    ok: ForfeitureView,
    problems: [
      ...problems,
      'security.cure_period',
      'security.unidentified_credit',
      'security.none',
      'settlement.not_due',
      'ledger.insufficient_funds',
    ],
  }),
  reverseForfeiture: route({
    method: 'POST',
    url: '/v1/staff/forfeitures/:id/reversal',
    summary: 'Give forfeited security back: the first call proposes, the second, of another person, does it',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(500, 5) }),
    ok: ForfeitureView,
    problems: ['resource.not_found', 'security.not_forfeited', 'two_person.own', 'ledger.insufficient_funds'],
  }),
} as const satisfies Record<string, Route>;
