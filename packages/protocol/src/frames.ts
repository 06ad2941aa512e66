/**
 * Every frame of the live socket `GET /v1/socket`, once: the server checks what comes in with these
 * schemas, and the client's mirrors are typed by them.
 *
 * Frames of a topic hold absolute totals with `seq` (place in the journal) and `prev` (seq of the
 * frame before): a client whose own seq is not `prev` has missed something and subscribes again.
 * Decimals are strings, prices are money per tonne, masses tonnes, times RFC 3339.
 */
import { Type, type Static } from 'typebox';
import { AUCTION_CLIENT_FRAMES, CommandId } from './auction-commands.ts';
import { LiveRoom, MyRoom, StandingLine } from './auction-rooms.ts';
import { FormatTerms } from './auction-terms.ts';
import {
  CancelOutcome,
  MARKET_CLIENT_FRAMES,
  MARKET_SERVER_FRAMES,
  OrderOutcome,
  OrdersOutcome,
} from './market-frames.ts';
import {
  Currency,
  Exact,
  Id,
  Instant,
  Money,
  Nullable,
  OneOf,
  SOFT_CLOSE_MODES,
  Tonnes,
  VISIBILITIES,
} from './common.ts';

export { CommandId };

export const SOCKET_PATH = '/v1/socket';
/** Largest frame a client may send. */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;

/** Why the server closed the socket. Below 4000 as in RFC 6455. */
export const CLOSE_CODES = {
  policy: 1008,
  too_big: 1009,
  restart: 1012,
  busy: 1013,
  session_ended: 4401,
  suspended: 4403,
  idle: 4408,
  superseded: 4409,
  flood: 4429,
  slow_reader: 4460,
} as const;

const FrameId = Type.String({ pattern: '^[0-9A-Za-z_.-]{1,64}$' });
/** `auction:<auction id>`, or one of an instrument's: see `market-frames.ts`. */
export const Topic = Type.String({
  pattern: '^(auction|book|orders|trades|market|mine):[0-9a-zA-Z_-]{1,64}$',
});

export const PingFrame = Exact({
  t: Type.Literal('ping'),
  id: FrameId,
  /** Returned as it is, so that the client knows the round trip. */
  clientTime: Type.Optional(Type.String({ maxLength: 40 })),
});
export const SubscribeFrame = Exact({
  t: Type.Literal('subscribe'),
  topic: Topic,
  /** `seq` of the last frame seen: answered with what followed it, where that is still kept. */
  resumeFrom: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
});
export const UnsubscribeFrame = Exact({ t: Type.Literal('unsubscribe'), topic: Topic });
export const ClientFrame = Type.Union([
  PingFrame,
  SubscribeFrame,
  UnsubscribeFrame,
  ...AUCTION_CLIENT_FRAMES,
  ...MARKET_CLIENT_FRAMES,
]);
export type ClientFrame = Static<typeof ClientFrame>;

export const WelcomeFrame = Exact({
  t: Type.Literal('welcome'),
  serverTime: Instant,
  sessionId: Type.String(),
  heartbeatMs: Type.Integer(),
});
export const PongFrame = Exact({
  t: Type.Literal('pong'),
  id: FrameId,
  clientTime: Type.Optional(Type.String()),
  serverTime: Instant,
});
/** Each second. A client that misses a few shows its prices as old. */
export const HeartbeatFrame = Exact({
  t: Type.Literal('heartbeat'),
  serverTime: Instant,
  counter: Type.Integer(),
});
export const SubscribedFrame = Exact({
  t: Type.Literal('subscribed'),
  topic: Topic,
  /** Where the topic is now. */
  seq: Type.Integer(),
  /** True: the missed frames follow, none when nothing was missed. False: a snapshot follows. */
  resumed: Type.Boolean(),
});

export const LiveAuctionState = Type.Union([
  Type.Literal('scheduled'),
  Type.Literal('open'),
  Type.Literal('suspended'),
  /** Bidding is over, the award provisional. */
  Type.Literal('standstill'),
  Type.Literal('awarded'),
  Type.Literal('unsold'),
  Type.Literal('voided'),
]);

/** What only this viewer's company sees of itself. */
export const MyStanding = Exact({
  bidder: Nullable(Type.String()),
  rank: Nullable(Type.Integer()),
  price: Nullable(Money),
  quantity: Nullable(Tonnes),
  minimumAcceptable: Nullable(Tonnes),
  allocated: Nullable(Tonnes),
  /** Money that counts for bids in this auction. */
  securityAllocated: Money,
  /** What the standing bid requires of it. */
  securityRequired: Money,
  /** The quantity that the money allocated would cover. */
  quantityCovered: Tonnes,
  /** Price that would now just win the whole quantity (one's own, or the smallest allowed); null: none would. */
  priceToWinNext: Nullable(Money),
  /** What only this format tells its bidder; null while the auction is not open. */
  room: Nullable(MyRoom),
});

export const LiveResult = Exact({
  unsold: Nullable(Tonnes),
  reason: Nullable(Type.String()),
  awards: Type.Array(Exact({ bidder: Type.String(), price: Money, quantity: Tonnes, mine: Type.Boolean() })),
});

const liveState = {
  topic: Topic,
  seq: Type.Integer(),
  prev: Type.Integer(),
  at: Instant,
  auctionId: Id,
  state: LiveAuctionState,
  closesAt: Instant,
  extensions: Type.Integer(),
  /** Lowest price that still wins a lot; null while some quantity is unsold. */
  marginalPrice: Nullable(Money),
  /** Price that a new bidder may name: the lowest, in buying the highest; of a clock the round's, of a falling price the step's. */
  nextPrice: Money,
  bidCount: Type.Integer(),
  bidderCount: Type.Integer(),
  /** Of rising prices and of purchases, as far as it is open; of the other formats empty. */
  standing: Type.Array(StandingLine),
  room: LiveRoom,
  suspension: Nullable(Exact({ reason: Type.String(), remainingMs: Type.Integer() })),
  /** Present once the auction has ended. */
  result: Nullable(LiveResult),
  /** Null for whoever has neither bid nor security here. */
  my: Nullable(MyStanding),
};

/** What does not change while the auction runs. A hidden reserve price is not among it. */
export const LiveTerms = Exact({
  formatTerms: FormatTerms,
  currency: Currency,
  tickSize: Money,
  lotSize: Tonnes,
  quantity: Tonnes,
  minimumBidQuantity: Tonnes,
  startingPrice: Money,
  bidIncrement: Money,
  maximumIncrement: Nullable(Money),
  /** How much bidders see of each other while bidding runs; behind a mask counts and places are one's own. */
  visibility: OneOf(VISIBILITIES),
  /** Null: there is none, or it is hidden. */
  reservePrice: Nullable(Money),
  opensAt: Instant,
  plannedClose: Instant,
  softClose: Exact({
    mode: OneOf(SOFT_CLOSE_MODES),
    /** Late enough to move the end; 0 where every bid is. */
    windowMs: Type.Integer(),
    /** How long after the bid the end then comes at the earliest. */
    extensionMs: Type.Integer(),
    extensionsMax: Type.Integer(),
    hardEndAt: Instant,
  }),
});

export const AuctionUpdateFrame = Exact({ t: Type.Literal('auction.update'), ...liveState });
export const AuctionSnapshotFrame = Exact({
  t: Type.Literal('auction.snapshot'),
  ...liveState,
  terms: LiveTerms,
});

/** The journal's answer to a command: only ever sent after it was committed. */
export const AckFrame = Exact({
  t: Type.Literal('ack'),
  /** The command's. */
  id: CommandId,
  seq: Type.Integer(),
  at: Instant,
  outcome: Type.Union([
    Exact({
      status: Type.Literal('accepted'),
      rank: Nullable(Type.Integer()),
      allocated: Nullable(Tonnes),
    }),
    OrderOutcome,
    OrdersOutcome,
    CancelOutcome,
    Exact({
      status: Type.Literal('rejected'),
      code: Type.String(),
      /** What would have been accepted. */
      accepted: Type.Record(Type.String(), Type.String()),
    }),
  ]),
});

/** Nothing was journaled. `same_id`: the outcome is not known here, ask again with the same id. */
export const ErrFrame = Exact({
  t: Type.Literal('err'),
  code: Type.String(),
  id: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  retry: Type.Union([Type.Literal('no'), Type.Literal('same_id'), Type.Literal('after')]),
  afterMs: Type.Optional(Type.Integer()),
  accepted: Type.Optional(Type.Record(Type.String(), Type.String())),
});

export const ServerFrame = Type.Union([
  WelcomeFrame,
  PongFrame,
  HeartbeatFrame,
  SubscribedFrame,
  AuctionSnapshotFrame,
  AuctionUpdateFrame,
  ...MARKET_SERVER_FRAMES,
  AckFrame,
  ErrFrame,
]);
export type ServerFrame = Static<typeof ServerFrame>;
export type AuctionUpdateFrame = Static<typeof AuctionUpdateFrame>;
export type AuctionSnapshotFrame = Static<typeof AuctionSnapshotFrame>;
export type AckFrame = Static<typeof AckFrame>;
export type ErrFrame = Static<typeof ErrFrame>;
