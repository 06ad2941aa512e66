/** What follows the close of an auction: the standstill, awards to be confirmed and signed, bidders who wait. */
import { Type, type Static } from 'typebox';
import { auctionComplaintRoutes } from './auction-complaints.ts';
import { AuctionStateText } from './auction-views.ts';
import { Exact, Id, IdParams, Instant, Money, Nullable, OneOf, Text, Tonnes } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'auctions';

export const AWARD_STATES = [
  'provisional',
  'pending',
  'confirmed',
  'concluded',
  'declined',
  'lapsed',
  'released',
] as const;

export const AWARD_PARTS = ['owner', 'winner', 'waiting', 'bidder', 'none'] as const;

const Company = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const AuctionAwards = Exact({
  auctionId: Id,
  state: AuctionStateText,
  /** Until when the award is provisional; null: it is final, or never was. */
  standstillEndsAt: Nullable(Instant),
  /** Why the standstill is longer than the terms had it: `complaint`, or what the centre wrote. */
  standstillReason: Nullable(Type.String()),
  /** What the caller's company is in this auction. */
  myPart: OneOf(AWARD_PARTS),
  /** For the owner in the standstill: the reserve was not met, and there are bids below it. */
  mayWaiveReserve: Type.Boolean(),
  awards: Type.Array(
    Exact({
      number: Type.Integer(),
      bidder: Type.String(),
      price: Money,
      quantity: Tonnes,
      state: OneOf(AWARD_STATES),
      /** Until when it must be confirmed (pending) or its contract signed (confirmed). */
      dueAt: Nullable(Instant),
      mine: Type.Boolean(),
      /** For the centre; for the owner once the award is confirmed: then it is who the contract is with. */
      organisation: Nullable(Company),
      /** For its two parties and the centre, once there is one. */
      contractId: Nullable(Id),
      /** Of mine: what more of my security may be forfeited if I let it fall. */
      securityAtRisk: Nullable(Money),
    }),
  ),
  /** Who would take what falls away, the next first. */
  waiting: Type.Array(Exact({ bidder: Type.String(), price: Money, quantity: Tonnes, mine: Type.Boolean() })),
  /** From when a waiting bidder may leave; null: never by itself, or nobody waits. */
  withdrawFrom: Nullable(Instant),
  serverTime: Instant,
});
export type AuctionAwards = Static<typeof AuctionAwards>;

const AwardParams = Exact({ id: Id, number: Type.String({ pattern: '^[1-9]\\d{0,6}$' }) });
const Reason = Exact({ reason: Text(300, 3) });
const awardProblems = [
  'resource.not_found',
  'auction.state_conflict',
  'award.unknown',
  'award.state_conflict',
  'service.overloaded',
] as const;
const standstillProblems = [
  'resource.not_found',
  'auction.state_conflict',
  'standstill.over',
  'service.overloaded',
] as const;

export const auctionAwardRoutes = {
  auctionAwards: route({
    method: 'GET',
    url: '/v1/auctions/:id/awards',
    summary: 'Awards after the close, and who waits, without names',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: AuctionAwards,
    problems: ['resource.not_found'],
  }),
  confirmAward: route({
    method: 'POST',
    url: '/v1/auctions/:id/awards/:number/confirm',
    summary: 'Confirm what I have won; the contract follows',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: AwardParams,
    ok: AuctionAwards,
    problems: awardProblems,
  }),
  declineAward: route({
    method: 'POST',
    url: '/v1/auctions/:id/awards/:number/decline',
    summary: 'Decline what I have won; its security may be forfeited, and it goes to who waits',
    area: AREA,
    access: { roles: ['trader'] },
    params: AwardParams,
    ok: AuctionAwards,
    problems: [...awardProblems, 'contract.not_open'],
  }),
  withdrawWaiting: route({
    method: 'POST',
    url: '/v1/auctions/:id/waiting/withdraw',
    summary: 'Wait no longer; my security is released',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    ok: AuctionAwards,
    problems: [
      'resource.not_found',
      'auction.state_conflict',
      'waiting.unknown',
      'waiting.withdrawal_early',
      'service.overloaded',
    ],
  }),
  waiveReserve: route({
    method: 'POST',
    url: '/v1/auctions/:id/waive-reserve',
    summary: 'Accept the best bids although they are below my reserve',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    ok: AuctionAwards,
    problems: [...standstillProblems, 'reserve.nothing_below'],
  }),
  extendStandstill: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/standstill',
    summary: 'Let the award stay provisional longer: a complaint is not decided yet',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ until: Instant, reason: Text(300, 3) }),
    ok: AuctionAwards,
    problems: [...standstillProblems, 'standstill.not_longer'],
  }),
  releaseAward: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/awards/:number/release',
    summary: 'Free a winner from its award: it falls without its fault',
    area: AREA,
    access: 'staff',
    params: AwardParams,
    body: Reason,
    ok: AuctionAwards,
    problems: [...awardProblems, 'contract.not_open'],
  }),
  ...auctionComplaintRoutes,
} as const satisfies Record<string, Route>;

export * from './auction-complaints.ts';
