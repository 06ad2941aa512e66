/** Auctions as everybody reads them over HTTP, and the part of the caller's company in one. */
import { Type, type Static } from 'typebox';
import { LotsCapTerms, WaitingTerms } from './auction-after-close.ts';
import { AuctionFormat, BidSecurityTerms, FormatTerms, SoftCloseTerms } from './auction-terms.ts';
import { Currency, Exact, Id, Instant, Money, Nullable, OneOf, Tonnes, VISIBILITIES } from './common.ts';

export const AUCTION_STATES = [
  'requested',
  'refused',
  'scheduled',
  'open',
  'suspended',
  'standstill',
  'awarded',
  'unsold',
  'voided',
] as const;
export const AuctionStateText = OneOf(AUCTION_STATES);
export type AuctionStateText = (typeof AUCTION_STATES)[number];

export const AuctionSummary = Exact({
  id: Id,
  format: AuctionFormat,
  /** `sell`: the owner sells a lot. `buy`: the owner buys what a request says, and the winners sell to it. */
  direction: OneOf(['sell', 'buy'] as const),
  /** The lot, of a sale. */
  listingId: Nullable(Id),
  /** The request, of a purchase. */
  requestId: Nullable(Id),
  title: Type.String(),
  owner: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
  state: AuctionStateText,
  currency: Currency,
  quantity: Tonnes,
  startingPrice: Money,
  /** Lowest price that would win something now; null while quantity is left. */
  marginalPrice: Nullable(Money),
  bestPrice: Nullable(Money),
  /** What was awarded was awarded at these; equal when all pay one price. Null while nothing is. */
  awardedPrices: Nullable(Exact({ lowest: Money, highest: Money })),
  /** These four are null and 0 while bidders are not to see each other, or bids are sealed. */
  bidCount: Type.Integer(),
  bidderCount: Type.Integer(),
  opensAt: Instant,
  closesAt: Instant,
  extensions: Type.Integer(),
});
export type AuctionSummary = Static<typeof AuctionSummary>;

const AfterCloseView = Exact({
  standstillSeconds: Nullable(Type.Integer()),
  waiting: Nullable(WaitingTerms),
  /** Lots of one catalogue come one after another. */
  catalogue: Nullable(
    Exact({
      firstAuctionId: Id,
      position: Type.Integer(),
      pauseSeconds: Type.Integer(),
      cap: Nullable(LotsCapTerms),
    }),
  ),
});

export const AuctionView = Exact({
  ...AuctionSummary.properties,
  lotSize: Tonnes,
  tickSize: Money,
  minimumBidQuantity: Tonnes,
  bidIncrement: Money,
  maximumIncrement: Nullable(Money),
  hasReserve: Type.Boolean(),
  /** Null: there is none, or it is hidden. */
  reservePrice: Nullable(Money),
  visibility: OneOf(VISIBILITIES),
  minimumBidders: Type.Integer(),
  /** What only this format has. */
  formatTerms: FormatTerms,
  softClose: SoftCloseTerms,
  bidSecurity: BidSecurityTerms,
  /** What follows the close; each part null where the terms do not ask for it. */
  afterClose: AfterCloseView,
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

const MyAward = Exact({ price: Money, quantity: Tonnes, contractId: Nullable(Id) });

export const MyAuctionPosition = Exact({
  /** Held and counted by the market. */
  securityAllocated: Money,
  /** Held in the ledger, not yet counted. */
  securityPending: Money,
  freeMoney: Money,
  /** What the standing deposit of this currency has left for auctions. */
  standingDeposit: Money,
  /** The most that may be bid for with what is held here and all that it has left. */
  standingCovers: Tonnes,
  lastBid: Nullable(
    Exact({ seq: Type.Integer(), price: Money, quantity: Tonnes, minimumAcceptable: Tonnes }),
  ),
  /** Of a purchase: the lot one supplies from. */
  listingId: Nullable(Id),
  /** The first of `awards`. */
  award: Nullable(MyAward),
  /** A falling price may be accepted more than once. */
  awards: Type.Array(MyAward),
});
export type MyAuctionPosition = Static<typeof MyAuctionPosition>;
