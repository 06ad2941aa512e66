/**
 * Order books over HTTP: what is traded and when, the same commands as on the socket, the money behind
 * them, and what the centre may do. Prices are money per tonne, quantities tonnes.
 */
import { Type, type Static } from 'typebox';
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
  Text,
  Tonnes,
} from './common.ts';
import { CommandId } from './frames.ts';
import {
  BookLevel,
  CancelOutcome,
  MarketPhase,
  MarketStatus,
  MyFill,
  MyLimits,
  MyOrder,
  ORDERS_PER_FRAME_MAX,
  OrderFields,
  OrderInput,
  OrderOutcome,
  OrderSide,
  OrdersOutcome,
  TradeLine,
} from './market-frames.ts';
import { route } from './route.ts';

const AREA = 'markets';
const Percent = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$' });
const Seconds = Type.Integer({ minimum: 1, maximum: 604_800 });

export const SessionPhase = Exact({
  phase: MarketPhase,
  startsAt: Instant,
  /** Calls only: in the last so many seconds nothing may be cancelled or amended. */
  noCancelSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  /** Calls only: the end is drawn from the last so many seconds. */
  randomEndSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600 })),
});
export type SessionPhase = Static<typeof SessionPhase>;

export const ListInstrumentBody = Exact({
  /** Chosen by the centre, shown to everybody: `Q5500-QHD-2027-01`. */
  id: Id,
  grade: Text(64),
  specification: Text(64),
  deliveryTerm: Text(32),
  deliveryPlace: Text(80),
  deliveryPeriod: Text(32),
  currency: Currency,
  tickSize: Money,
  lotSize: Tonnes,
  referencePrice: Money,
  /** Orders further from the reference price are refused; beyond the soft one they must be confirmed. */
  hardCollarPercent: Percent,
  softCollarPercent: Percent,
  maximumOrderValue: Money,
  /** A move of so much within the window pauses trading, which re-opens by a call. */
  volatilityPercent: Percent,
  volatilityWindowSeconds: Seconds,
  volatilityCallSeconds: Seconds,
  reopeningCallSeconds: Seconds,
  session: Type.Array(SessionPhase, { minItems: 2, maxItems: 64 }),
});
export type ListInstrumentBody = Static<typeof ListInstrumentBody>;

export const InstrumentSummary = Exact({
  id: Id,
  grade: Type.String(),
  specification: Type.String(),
  deliveryTerm: Type.String(),
  deliveryPlace: Type.String(),
  deliveryPeriod: Type.String(),
  currency: Currency,
  tickSize: Money,
  lotSize: Tonnes,
  /** Null until the market has answered to its listing. */
  status: Nullable(MarketStatus),
});
export type InstrumentSummary = Static<typeof InstrumentSummary>;

export const InstrumentView = Exact({
  ...InstrumentSummary.properties,
  hardCollarPercent: Type.String(),
  softCollarPercent: Type.String(),
  maximumOrderValue: Money,
  session: Type.Array(Exact({ phase: MarketPhase, startsAt: Instant })),
  serverTime: Instant,
});
export type InstrumentView = Static<typeof InstrumentView>;

export const PlaceOrderBody = Exact({ commandId: CommandId, ...OrderFields });
export const PlaceOrdersBody = Exact({
  commandId: CommandId,
  orders: Type.Array(OrderInput, { minItems: 1, maxItems: ORDERS_PER_FRAME_MAX }),
});
export const AmendOrderBody = Exact({
  commandId: CommandId,
  price: Money,
  /** The new total, what has executed included. */
  quantity: Tonnes,
  confirm: Type.Optional(Type.Boolean()),
});

const journaled = { seq: Type.Integer(), at: Instant };
export const OrderReceipt = Exact({ ...journaled, outcome: OrderOutcome });
export const OrdersReceipt = Exact({ ...journaled, outcome: OrdersOutcome });
export const CancelReceipt = Exact({ ...journaled, outcome: CancelOutcome });

/** My side of one market. */
export const MarketPosition = Exact({
  limits: MyLimits,
  /** Money held for this market in the ledger, and what of it the market counts already. */
  exposureHeld: Money,
  freeMoney: Money,
  open: Type.Array(MyOrder),
  fills: Type.Array(MyFill),
});
export type MarketPosition = Static<typeof MarketPosition>;

/** A trade of mine, until its contract: the seller nominates the coal that it will deliver. */
export const MarketTrade = Exact({
  id: Id,
  instrumentId: Id,
  tradeNumber: Type.Integer(),
  side: OrderSide,
  price: Money,
  quantity: Tonnes,
  currency: Currency,
  at: Instant,
  state: OneOf(['to_nominate', 'contracted']),
  nominateBy: Instant,
  counterparty: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
  contractId: Nullable(Id),
});
export type MarketTrade = Static<typeof MarketTrade>;

const OrderParams = Exact({ id: Id, orderId: Type.String({ pattern: '^[1-9]\\d{0,9}$' }) });
const KillScope = Type.Union([
  Exact({ of: Type.Literal('account'), organisationId: Id }),
  Exact({ of: Type.Literal('owner_group'), ownerGroup: Text(64) }),
  Exact({ of: Type.Literal('market') }),
  Exact({ of: Type.Literal('exchange') }),
]);

const outcome = [
  'bid.command_id_reused',
  'bid.outcome_unknown',
  'service.overloaded',
  'service.unavailable',
] as const;
const takesOrders = [
  'resource.not_found',
  'market.unknown',
  'market.halted',
  'market.cancel_only',
  'market.closed',
  'market.turn_due',
  'trading.blocked',
  'account.not_admitted',
  'order.price_off_grid',
  'order.quantity_off_grid',
  'order.invalid',
  'order.price_outside_collar',
  'order.confirm_required',
  'order.quantity_out_of_range',
  'order.minimum_quantity_invalid',
  'order.notional_exceeded',
  'order.exposure_exceeded',
  'order.reduce_only',
  'order.would_take',
  'order.not_in_call',
  'order.expiry_invalid',
  'order.limit_reached',
  ...outcome,
] as const;
const trader = { access: { roles: ['trader'] }, activeOnly: true } as const;

export const marketRoutes = {
  instruments: route({
    method: 'GET',
    url: '/v1/instruments',
    summary: 'What is traded in order books',
    area: AREA,
    access: 'public',
    ok: Exact({ items: Type.Array(InstrumentSummary), serverTime: Instant }),
    problems: [],
  }),
  instrument: route({
    method: 'GET',
    url: '/v1/instruments/:id',
    summary: 'One instrument, its session and its market now',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: InstrumentView,
    problems: ['resource.not_found'],
  }),
  instrumentBook: route({
    method: 'GET',
    url: '/v1/instruments/:id/book',
    summary: 'Price levels of both sides, best first',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: Exact({
      seq: Type.Integer(),
      at: Instant,
      buys: Type.Array(BookLevel),
      sells: Type.Array(BookLevel),
    }),
    problems: ['resource.not_found'],
  }),
  instrumentTrades: route({
    method: 'GET',
    url: '/v1/instruments/:id/trades',
    summary: 'The tape, newest first',
    area: AREA,
    access: 'public',
    params: IdParams,
    query: Exact({
      /** Only trades with a smaller number. */
      before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$' })),
      limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-9]\\d|[1-4]\\d\\d|500)$' })),
    }),
    ok: Exact({ items: Type.Array(TradeLine) }),
    problems: ['resource.not_found'],
  }),
  marketPosition: route({
    method: 'GET',
    url: '/v1/instruments/:id/mine',
    summary: 'My limits, open orders and newest fills',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: MarketPosition,
    problems: ['resource.not_found'],
  }),
  placeOrder: route({
    method: 'POST',
    url: '/v1/instruments/:id/orders',
    summary: 'Place an order (the socket is faster)',
    area: AREA,
    ...trader,
    params: IdParams,
    body: PlaceOrderBody,
    ok: OrderReceipt,
    okStatus: 201,
    problems: takesOrders,
  }),
  placeOrders: route({
    method: 'POST',
    url: '/v1/instruments/:id/orders/batch',
    summary: 'Place up to fifty orders, each with an outcome of its own',
    area: AREA,
    ...trader,
    params: IdParams,
    body: PlaceOrdersBody,
    ok: OrdersReceipt,
    okStatus: 201,
    problems: [...takesOrders, 'order.batch_size_invalid'],
  }),
  amendOrder: route({
    method: 'POST',
    url: '/v1/instruments/:id/orders/:orderId/amend',
    summary: 'Change price or quantity; less at the same price keeps the place',
    area: AREA,
    ...trader,
    params: OrderParams,
    body: AmendOrderBody,
    ok: OrderReceipt,
    problems: [...takesOrders, 'order.unknown', 'order.unchanged', 'order.cancel_barred'],
  }),
  cancelOrder: route({
    method: 'POST',
    url: '/v1/instruments/:id/orders/:orderId/cancel',
    summary: 'Cancel an order',
    area: AREA,
    ...trader,
    params: OrderParams,
    body: Exact({ commandId: CommandId }),
    ok: CancelReceipt,
    problems: [
      'resource.not_found',
      'market.unknown',
      'market.halted',
      'market.turn_due',
      'account.not_admitted',
      'order.unknown',
      'order.cancel_barred',
      ...outcome,
    ],
  }),
  cancelOrders: route({
    method: 'POST',
    url: '/v1/instruments/:id/cancel-orders',
    summary: 'Cancel all my orders here, or those of one side',
    area: AREA,
    ...trader,
    params: IdParams,
    body: Exact({ commandId: CommandId, side: Type.Optional(OrderSide) }),
    ok: CancelReceipt,
    problems: [
      'resource.not_found',
      'market.unknown',
      'market.halted',
      'market.turn_due',
      'account.not_admitted',
      'order.cancel_barred',
      ...outcome,
    ],
  }),
  holdExposure: route({
    method: 'POST',
    url: '/v1/instruments/:id/exposure',
    summary: 'Set money aside so that my orders count; the first time also admits my company',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ amount: Money }),
    ok: MarketPosition,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'market.unknown',
      'ledger.insufficient_funds',
      'exposure.invalid',
      ...outcome,
    ],
  }),
  releaseExposure: route({
    method: 'POST',
    url: '/v1/instruments/:id/exposure/release',
    summary: 'Take back money that no order and no trade needs',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    params: IdParams,
    body: Exact({ commandId: CommandId, amount: Money }),
    ok: MarketPosition,
    problems: [
      'resource.not_found',
      'market.unknown',
      'account.not_admitted',
      'exposure.invalid',
      'exposure.in_use',
      ...outcome,
    ],
  }),
  marketTrades: route({
    method: 'GET',
    url: '/v1/market-trades',
    summary: 'My trades in order books, newest first',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(MarketTrade) }),
    problems: [],
  }),
  nominateTrade: route({
    method: 'POST',
    url: '/v1/market-trades/:id/nominate',
    summary: 'The seller names the lot that it delivers; the contract follows',
    area: AREA,
    ...trader,
    params: IdParams,
    body: Exact({ listingId: Id }),
    ok: MarketTrade,
    problems: ['resource.not_found', 'trade.already_nominated', 'trade.listing_unfit'],
  }),
  listInstrument: route({
    method: 'POST',
    url: '/v1/staff/instruments',
    summary: 'List an instrument',
    area: AREA,
    access: 'staff',
    body: ListInstrumentBody,
    ok: InstrumentView,
    okStatus: 201,
    problems: ['market.terms_invalid', 'market.duplicate', ...outcome],
  }),
  scheduleSession: route({
    method: 'POST',
    url: '/v1/staff/instruments/:id/session',
    summary: 'Schedule the next session',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ session: Type.Array(SessionPhase, { minItems: 2, maxItems: 64 }) }),
    ok: InstrumentView,
    problems: [
      'resource.not_found',
      'market.unknown',
      'market.terms_invalid',
      'market.state_conflict',
      ...outcome,
    ],
  }),
  superviseMarket: route({
    method: 'POST',
    url: '/v1/staff/instruments/:id/supervise',
    summary: 'Halt, allow cancels only, or resume: one person stops, a second one agrees to resume',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Type.Union([
      Exact({ action: Type.Literal('halt'), reason: Text(500) }),
      Exact({ action: Type.Literal('cancel_only'), reason: Text(500) }),
      Exact({ action: Type.Literal('resume') }),
    ]),
    ok: Exact({ instrument: InstrumentView, awaitsSecondPerson: Type.Boolean() }),
    problems: [
      'resource.not_found',
      'market.unknown',
      'market.state_conflict',
      'market.approvals_invalid',
      ...outcome,
    ],
  }),
  killSwitch: route({
    method: 'POST',
    url: '/v1/staff/instruments/:id/kill-switch',
    summary:
      'Cancel all orders of a company, a group or the market and take no more; lifting needs two persons',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Type.Union([
      Exact({ action: Type.Literal('set'), scope: KillScope, reason: Text(500) }),
      Exact({ action: Type.Literal('lift'), scope: KillScope }),
    ]),
    ok: Exact({ instrument: InstrumentView, awaitsSecondPerson: Type.Boolean() }),
    problems: [
      'resource.not_found',
      'market.unknown',
      'trading.not_blocked',
      'account.invalid',
      'market.approvals_invalid',
      ...outcome,
    ],
  }),
  setCreditLine: route({
    method: 'POST',
    url: '/v1/staff/instruments/:id/credit-lines',
    summary: 'How much one company trusts another with; null: without limit',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ from: Id, to: Id, amount: Nullable(Money) }),
    ok: Empty,
    problems: [
      'resource.not_found',
      'market.unknown',
      'credit_line.invalid',
      'account.not_admitted',
      ...outcome,
    ],
  }),
} as const;
