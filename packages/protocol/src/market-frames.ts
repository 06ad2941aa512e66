/**
 * Frames of the order book on the live socket: commands of members, and five topics for each instrument.
 *
 * `book:<id>` price levels (L2) · `orders:<id>` every resting order (L3) · `trades:<id>` the tape ·
 * `market:<id>` phase, prices, indicative call · `mine:<id>` one's own company's orders, fills and limits.
 *
 * A snapshot is the whole; an update holds absolute totals of what changed between `prev` and `seq`.
 * Prices are money per tonne, quantities tonnes.
 */
import { Type, type Static } from 'typebox';
import { Exact, Id, Instant, Money, Nullable, OneOf, Tonnes } from './common.ts';

export const ORDERS_PER_FRAME_MAX = 50;
export const OrderSide = OneOf(['buy', 'sell']);
export const TimeInForce = OneOf([
  'day',
  'good_till_cancel',
  'good_till_date',
  'immediate_or_cancel',
  'fill_or_kill',
]);
export const MarketPhase = OneOf(['closed', 'pre_open', 'call', 'continuous', 'pre_close']);
export const MarketMode = OneOf(['online', 'cancel_only', 'halted']);
/** Dense within its instrument, given by the market. */
export const OrderNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const CommandId = Type.String({ pattern: '^[0-9A-Za-z_.-]{8,64}$' });
const Topic = Type.String();

export const OrderFields = {
  side: OrderSide,
  price: Money,
  quantity: Tonnes,
  timeInForce: TimeInForce,
  /** With `good_till_date`. */
  expiresAt: Type.Optional(Instant),
  postOnly: Type.Optional(Type.Boolean()),
  minimumQuantity: Type.Optional(Tonnes),
  /** Outside the soft collar: the price is meant. */
  confirm: Type.Optional(Type.Boolean()),
};
export const OrderInput = Exact(OrderFields);
export type OrderInput = Static<typeof OrderInput>;

const command = <Name extends string>(name: Name) => ({
  t: Type.Literal(name),
  /** Made by the client, kept across retries: the same id gives the same outcome for ever. */
  id: CommandId,
  instrumentId: Id,
});
export const PlaceOrderFrame = Exact({ ...command('place_order'), ...OrderFields });
export const PlaceOrdersFrame = Exact({
  ...command('place_orders'),
  orders: Type.Array(OrderInput, { minItems: 1, maxItems: ORDERS_PER_FRAME_MAX }),
});
export const CancelOrderFrame = Exact({ ...command('cancel_order'), orderId: OrderNumber });
/** `quantity` is the new total, what has executed included. */
export const AmendOrderFrame = Exact({
  ...command('amend_order'),
  orderId: OrderNumber,
  price: Money,
  quantity: Tonnes,
  confirm: Type.Optional(Type.Boolean()),
});
export const CancelOrdersFrame = Exact({ ...command('cancel_orders'), side: Type.Optional(OrderSide) });
/**
 * While this connection lives, the exchange moves the deadline on; when it is lost, all orders of the
 * company in this market are cancelled `afterMs` later. Null ends it.
 */
export const CancelOnDisconnectFrame = Exact({
  ...command('cancel_on_disconnect'),
  afterMs: Nullable(Type.Integer({ minimum: 5_000, maximum: 600_000 })),
});
export const MARKET_CLIENT_FRAMES = [
  PlaceOrderFrame,
  PlaceOrdersFrame,
  CancelOrderFrame,
  AmendOrderFrame,
  CancelOrdersFrame,
  CancelOnDisconnectFrame,
] as const;

/** What became of an order in the entry that took it. */
export const OrderOutcome = Exact({
  status: Type.Literal('accepted'),
  orderId: OrderNumber,
  state: OneOf(['resting', 'filled', 'cancelled']),
  filled: Tonnes,
  remaining: Tonnes,
  /** Of what was filled, rounded half even. */
  averagePrice: Nullable(Money),
  /** Why what is left does not rest. */
  reason: Nullable(Type.String()),
});
export type OrderOutcome = Static<typeof OrderOutcome>;
export const OrderRefused = Exact({
  status: Type.Literal('rejected'),
  code: Type.String(),
  accepted: Type.Record(Type.String(), Type.String()),
});
export const OrdersOutcome = Exact({
  status: Type.Literal('accepted'),
  lines: Type.Array(Type.Union([OrderOutcome, OrderRefused])),
});
export type OrdersOutcome = Static<typeof OrdersOutcome>;
export const CancelOutcome = Exact({ status: Type.Literal('accepted'), cancelled: Type.Array(OrderNumber) });
export type CancelOutcome = Static<typeof CancelOutcome>;

const place = { topic: Topic, seq: Type.Integer(), prev: Type.Integer(), at: Instant, instrumentId: Id };
const frame = <Name extends string, Fields extends Parameters<typeof Exact>[0]>(name: Name, fields: Fields) =>
  Exact({ t: Type.Literal(name), ...place, ...fields });

/** Price, total quantity, number of orders. Quantity "0.000": the level is gone. */
export const BookLevel = Type.Tuple([Money, Tonnes, Type.Integer()]);
export type BookLevel = Static<typeof BookLevel>;
const levels = { buys: Type.Array(BookLevel), sells: Type.Array(BookLevel) };
/** CRC-32 of the best levels after this frame, as `bookChecksum` makes it; not in every update. */
const checksum = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
export const BookSnapshotFrame = frame('book.snapshot', { ...levels, checksum });
export const BookUpdateFrame = frame('book.update', { ...levels, checksum: Type.Optional(checksum) });

/** A resting order without its owner. Remaining "0.000": it is gone. Earlier `priority` goes first at one price. */
export const RestingOrderLine = Exact({
  orderId: OrderNumber,
  side: OrderSide,
  price: Money,
  remaining: Tonnes,
  priority: Type.Integer(),
});
export type RestingOrderLine = Static<typeof RestingOrderLine>;
export const OrdersSnapshotFrame = frame('orders.snapshot', { orders: Type.Array(RestingOrderLine) });
export const OrdersUpdateFrame = frame('orders.update', { orders: Type.Array(RestingOrderLine) });

export const TradeLine = Exact({
  tradeNumber: Type.Integer(),
  at: Instant,
  price: Money,
  quantity: Tonnes,
  /** Side of the order that came second; `call` when both rested. */
  taker: OneOf(['buy', 'sell', 'call']),
});
export type TradeLine = Static<typeof TradeLine>;
export const TradesSnapshotFrame = frame('trades.snapshot', { trades: Type.Array(TradeLine) });
export const TradesUpdateFrame = frame('trades.update', { trades: Type.Array(TradeLine) });

/** What the call would end with if it ended now. */
export const Indicative = Exact({
  price: Nullable(Money),
  volume: Tonnes,
  /** Tonnes demanded less tonnes offered at the price; negative: more is offered. */
  surplus: Type.String({ pattern: '^-?\\d{1,12}(\\.\\d{1,3})?$' }),
  rule: Type.String(),
});
export const MarketStatus = Exact({
  phase: MarketPhase,
  /** As far as the schedule knows; a call may end earlier. */
  until: Nullable(Instant),
  mode: MarketMode,
  reason: Nullable(Type.String()),
  referencePrice: Money,
  priceMinimum: Money,
  priceMaximum: Money,
  bestBuy: Nullable(Money),
  bestSell: Nullable(Money),
  last: Nullable(Money),
  /** Of the session: first, highest and lowest price, quantity, and the average by quantity. */
  open: Nullable(Money),
  high: Nullable(Money),
  low: Nullable(Money),
  volume: Tonnes,
  vwap: Nullable(Money),
  indicative: Nullable(Indicative),
});
export type MarketStatus = Static<typeof MarketStatus>;
export const MarketSnapshotFrame = frame('market.snapshot', { status: MarketStatus });
export const MarketUpdateFrame = frame('market.update', { status: MarketStatus });

export const MyOrder = Exact({
  orderId: OrderNumber,
  /** The client's id of the command that placed it, and its line when that was a batch. */
  commandId: Nullable(Type.String()),
  line: Nullable(Type.Integer()),
  side: OrderSide,
  price: Money,
  quantity: Tonnes,
  filled: Tonnes,
  remaining: Tonnes,
  timeInForce: TimeInForce,
  expiresAt: Nullable(Instant),
  state: OneOf(['resting', 'filled', 'cancelled']),
  reason: Nullable(Type.String()),
  at: Instant,
});
export type MyOrder = Static<typeof MyOrder>;
export const MyFill = Exact({
  tradeNumber: Type.Integer(),
  orderId: OrderNumber,
  side: OrderSide,
  price: Money,
  quantity: Tonnes,
  at: Instant,
});
export type MyFill = Static<typeof MyFill>;
export const MyLimits = Exact({
  admitted: Type.Boolean(),
  exposureLimit: Money,
  /** When all orders are cancelled unless the connection that asked for it is still there. */
  cancelOnDisconnectAt: Nullable(Instant),
});
export type MyLimits = Static<typeof MyLimits>;
const mine = { orders: Type.Array(MyOrder), fills: Type.Array(MyFill), limits: MyLimits };
/** Open orders and the newest fills. */
export const MineSnapshotFrame = frame('mine.snapshot', mine);
/** Orders that changed, with their end, and new fills. */
export const MineUpdateFrame = frame('mine.update', mine);

export const MARKET_SERVER_FRAMES = [
  BookSnapshotFrame,
  BookUpdateFrame,
  OrdersSnapshotFrame,
  OrdersUpdateFrame,
  TradesSnapshotFrame,
  TradesUpdateFrame,
  MarketSnapshotFrame,
  MarketUpdateFrame,
  MineSnapshotFrame,
  MineUpdateFrame,
] as const;
export type MarketServerFrame = Static<(typeof MARKET_SERVER_FRAMES)[number]>;
export type MarketClientFrame = Static<(typeof MARKET_CLIENT_FRAMES)[number]>;

/** Levels of each side that the checksum covers. */
export const CHECKSUM_LEVELS = 10;

/**
 * CRC-32 (IEEE, as zlib) of `price:quantity` of the best ten buys from the highest, then the best ten
 * sells from the lowest, joined by commas. The same on the server and in a mirror, or one has missed
 * something.
 */
export function bookChecksum(buys: readonly BookLevel[], sells: readonly BookLevel[]): number {
  const side = (all: readonly BookLevel[]): string[] =>
    all.slice(0, CHECKSUM_LEVELS).map(([price, quantity]) => `${price}:${quantity}`);
  return crc32([...side(buys), ...side(sells)].join(','));
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The text is ASCII: digits, points, colons, commas. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i += 1) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
