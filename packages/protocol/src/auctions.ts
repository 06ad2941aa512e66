/** Auctions over HTTP: scheduling, reading, security and, where no socket is to be had, bids. */
import { Type, type Static } from 'typebox';
import { Currency, Exact, Id, IdParams, Instant, Money, Nullable, OneOf, Text, Tonnes } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'auctions';

export const AUCTION_STATES = [
  'requested',
  'refused',
  'scheduled',
  'open',
  'suspended',
  'awarded',
  'unsold',
  'voided',
] as const;
export const AuctionStateText = OneOf(AUCTION_STATES);
export type AuctionStateText = (typeof AUCTION_STATES)[number];

export const BidSecurityTerms = Type.Union([
  Exact({ mode: Type.Literal('per_tonne'), amountPerTonne: Money }),
  Exact({
    mode: Type.Literal('percent_of_start'),
    percent: Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$' }),
  }),
  Exact({ mode: Type.Literal('fixed'), amount: Money }),
]);

const ClockTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'hh:mm' });
const extending = {
  extensionsMax: Type.Integer({ minimum: 0, maximum: 1_000 }),
  /** The close never moves past this long after the planned close. */
  hardEndAfterSeconds: Type.Integer({ minimum: 0, maximum: 604_800 }),
};

/** How bids that change the standing move the close. Without a mode: a window. */
export const SoftCloseTerms = Type.Union([
  Exact({
    mode: Type.Optional(Type.Literal('window')),
    windowSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
    extensionSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
    ...extending,
  }),
  /** The first bid earns one extension after the planned close, and each bid in it restarts it. */
  Exact({
    mode: Type.Literal('phase'),
    extensionSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    ...extending,
  }),
  /** The auction ends when no bid has come for so long. */
  Exact({
    mode: Type.Literal('cooloff'),
    quietSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    /** Local times of an offset from UTC; without a morning the stop is the end. */
    dailyStop: Type.Optional(
      Exact({
        stop: ClockTime,
        resume: Type.Optional(ClockTime),
        utcOffset: Type.String({ pattern: '^[+-](0\\d|1[0-4]):[0-5]\\d$' }),
      }),
    ),
    ...extending,
  }),
  Exact({ mode: Type.Literal('none') }),
]);
export type SoftCloseTerms = Static<typeof SoftCloseTerms>;

export const ScheduleAuctionBody = Exact({
  listingId: Id,
  startingPrice: Money,
  reservePrice: Type.Optional(Money),
  bidIncrement: Money,
  maximumIncrement: Type.Optional(Money),
  /** Smallest price step per tonne; default 1.00. */
  tickSize: Type.Optional(Money),
  /** Quantity step; default 50 t. */
  lotSize: Type.Optional(Tonnes),
  minimumBidQuantity: Type.Optional(Tonnes),
  /** Absent: opens at once. */
  opensAt: Type.Optional(Instant),
  closesAt: Instant,
  softClose: SoftCloseTerms,
  bidSecurity: BidSecurityTerms,
});
export type ScheduleAuctionBody = Static<typeof ScheduleAuctionBody>;

export const AuctionSummary = Exact({
  id: Id,
  listingId: Id,
  title: Type.String(),
  seller: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
  state: AuctionStateText,
  currency: Currency,
  quantity: Tonnes,
  startingPrice: Money,
  /** Lowest price that would win something now; null while quantity is left. */
  marginalPrice: Nullable(Money),
  bestPrice: Nullable(Money),
  /** These four are null and 0 while bidders are not to see each other. */
  bidCount: Type.Integer(),
  bidderCount: Type.Integer(),
  opensAt: Instant,
  closesAt: Instant,
  extensions: Type.Integer(),
});
export type AuctionSummary = Static<typeof AuctionSummary>;

export const AuctionView = Exact({
  ...AuctionSummary.properties,
  lotSize: Tonnes,
  tickSize: Money,
  minimumBidQuantity: Tonnes,
  bidIncrement: Money,
  maximumIncrement: Nullable(Money),
  hasReserve: Type.Boolean(),
  softClose: SoftCloseTerms,
  bidSecurity: BidSecurityTerms,
  reason: Nullable(Type.String()),
  /** Journal place and hash of the close: with them anybody can check the protocol. */
  closedSeq: Nullable(Type.Integer()),
  closedHash: Nullable(Type.String()),
  serverTime: Instant,
});
export type AuctionView = Static<typeof AuctionView>;

/** A line of the tape: no names, a pseudonym that holds for this auction only. */
export const TapeLine = Exact({
  seq: Type.Integer(),
  at: Instant,
  bidder: Type.String(),
  price: Money,
  quantity: Tonnes,
  mine: Type.Boolean(),
});
export const AwardLine = Exact({
  bidder: Type.String(),
  price: Money,
  quantity: Tonnes,
  mine: Type.Boolean(),
});

export const MyAuctionPosition = Exact({
  /** Held and counted by the market. */
  securityAllocated: Money,
  /** Held in the ledger, not yet counted. */
  securityPending: Money,
  freeMoney: Money,
  lastBid: Nullable(
    Exact({ seq: Type.Integer(), price: Money, quantity: Tonnes, minimumAcceptable: Tonnes }),
  ),
  award: Nullable(Exact({ price: Money, quantity: Tonnes, contractId: Nullable(Id) })),
});
export type MyAuctionPosition = Static<typeof MyAuctionPosition>;

export const PlaceBidBody = Exact({
  /** Made by the client, kept across retries: the same id gives the same answer for ever. */
  commandId: Type.String({ pattern: '^[0-9A-Za-z_.-]{8,64}$' }),
  price: Money,
  quantity: Tonnes,
  minimumAcceptable: Type.Optional(Tonnes),
});

export const BidReceipt = Exact({
  auctionId: Id,
  /** Place in the journal: proof that the bid was in, and when. */
  seq: Type.Integer(),
  at: Instant,
  price: Money,
  quantity: Tonnes,
});

const bidProblems = [
  'resource.not_found',
  'auction.unknown',
  'auction.not_open',
  'auction.closed',
  'auction.suspended',
  'auction.turn_due',
  'bid.own_lot',
  'bid.conflict_of_interest',
  'bid.wrong_format',
  'bid.price_off_grid',
  'bid.quantity_off_grid',
  'bid.price_below_start',
  'bid.price_above_limit',
  'bid.below_increment',
  'bid.above_maximum_increment',
  'bid.quantity_out_of_range',
  'bid.minimum_acceptable_invalid',
  'bid.not_improving',
  'bid.command_id_reused',
  'bid.outcome_unknown',
  'bid_security.insufficient',
  'service.overloaded',
] as const;

export const auctionRoutes = {
  scheduleAuction: route({
    method: 'POST',
    url: '/v1/auctions',
    summary: 'Put a lot of mine to auction',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    body: ScheduleAuctionBody,
    ok: AuctionView,
    okStatus: 202,
    problems: ['resource.not_found', 'auction.listing_unavailable', 'auction.terms_invalid'],
  }),
  auctions: route({
    method: 'GET',
    url: '/v1/auctions',
    summary: 'Auctions, soonest close first',
    area: AREA,
    access: 'public',
    query: Exact({
      state: Type.Optional(OneOf([...AUCTION_STATES, 'live', 'ended'])),
      limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-9]\\d|100)$' })),
    }),
    ok: Exact({ items: Type.Array(AuctionSummary), serverTime: Instant }),
    problems: [],
  }),
  auction: route({
    method: 'GET',
    url: '/v1/auctions/:id',
    summary: 'One auction',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: AuctionView,
    problems: ['resource.not_found'],
  }),
  auctionTape: route({
    method: 'GET',
    url: '/v1/auctions/:id/tape',
    summary: 'Accepted bids without names; after the close the awards',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: Exact({ bids: Type.Array(TapeLine), awards: Type.Array(AwardLine) }),
    problems: ['resource.not_found'],
  }),
  myAuctionPosition: route({
    method: 'GET',
    url: '/v1/auctions/:id/mine',
    summary: 'My security, last bid and award',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: MyAuctionPosition,
    problems: ['resource.not_found'],
  }),
  holdBidSecurity: route({
    method: 'POST',
    url: '/v1/auctions/:id/security',
    summary: 'Set money aside so that my bids count',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ amount: Money }),
    ok: MyAuctionPosition,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'ledger.insufficient_funds',
      'bid.own_lot',
      'bid.conflict_of_interest',
      'bid_security.invalid',
      'auction.closed',
      'auction.state_conflict',
    ],
  }),
  placeBid: route({
    method: 'POST',
    url: '/v1/auctions/:id/bids',
    summary: 'Bid (the socket is faster and tells the standing)',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: PlaceBidBody,
    ok: BidReceipt,
    okStatus: 201,
    problems: bidProblems,
  }),
  suspendAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/suspend',
    summary: 'Freeze the clock, with a public reason',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(300, 3) }),
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
  resumeAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/resume',
    summary: 'Let the clock run again',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
  voidAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/void',
    summary: 'End without a result, with a public reason; all security is released',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(300, 3) }),
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
} as const satisfies Record<string, Route>;
