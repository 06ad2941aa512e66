/** What is sent and shown of order books over HTTP. Prices are money per tonne, quantities tonnes. */
import { Type, type Static } from 'typebox';
import { Currency, Exact, Id, Instant, Money, Nullable, OneOf, Percent, Text, Tonnes } from './common.ts';
import { CommandId } from './frames.ts';
import { DeliveryTerm } from './listings.ts';
import {
  CancelOutcome,
  MarketMode,
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
} from './market-frames.ts';

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
  /** A lot must be offered on it to be nominated for a trade. */
  deliveryTerm: DeliveryTerm,
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

/** A kill switch as those it stops see it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it keeps the names of the scopes in the type
const Stop = <Of extends readonly [string, ...string[]]>(of: Of) =>
  Nullable(Exact({ of: OneOf(of), reason: Type.String(), at: Instant }));

export const InstrumentView = Exact({
  ...InstrumentSummary.properties,
  /** Everybody's orders are cancelled and none are taken. */
  stopped: Stop(['market', 'exchange']),
  hardCollarPercent: Type.String(),
  softCollarPercent: Type.String(),
  maximumOrderValue: Money,
  /** What runs now and what is scheduled. */
  session: Type.Array(
    Exact({
      phase: MarketPhase,
      startsAt: Instant,
      /** Calls only: in the last so many seconds nothing may be cancelled or amended. */
      noCancelSeconds: Type.Integer(),
      /** A call ends in its last so many seconds, at the moment its seed says. */
      randomEnd: Nullable(
        Exact({
          seconds: Type.Integer(),
          /** SHA-256 of the seed's text, lower-case hex: given before the first order. */
          commitment: Type.String(),
          seed: Nullable(Type.String()),
        }),
      ),
    }),
  ),
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
  /** Trades that wait for their contract: what they bind of the limit, and what is to come and to go. */
  unsettled: Exact({ exposure: Money, bought: Tonnes, sold: Tonnes }),
  /** Why my company may not trade here, though others may. */
  stopped: Stop(['account', 'owner_group']),
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

/** A trade whose seller has not named its coal in time. */
export const OverdueTrade = Exact({
  id: Id,
  instrumentId: Id,
  tradeNumber: Type.Integer(),
  price: Money,
  quantity: Tonnes,
  currency: Currency,
  at: Instant,
  nominateBy: Instant,
  seller: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
  buyer: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
});
export type OverdueTrade = Static<typeof OverdueTrade>;

export const KillScope = Type.Union([
  Exact({ of: Type.Literal('account'), organisationId: Id }),
  Exact({ of: Type.Literal('owner_group'), ownerGroup: Text(64) }),
  Exact({ of: Type.Literal('market') }),
  Exact({ of: Type.Literal('exchange') }),
]);
export type KillScope = Static<typeof KillScope>;

/** What is stopped in a market, who has agreed to end it, and what staff did. `seq`: place in the journal. */
export const MarketSupervision = Exact({
  mode: MarketMode,
  reason: Nullable(Type.String()),
  stoppedSeq: Nullable(Type.Integer()),
  /** The first of the two persons; null when nobody has agreed yet, or nothing is stopped. */
  resumeApprovedBy: Nullable(Type.String()),
  killSwitches: Type.Array(
    Exact({
      scope: KillScope,
      reason: Type.String(),
      at: Instant,
      seq: Type.Integer(),
      liftApprovedBy: Nullable(Type.String()),
    }),
  ),
  /** Newest first. */
  actions: Type.Array(
    Exact({
      at: Instant,
      person: Type.String(),
      /** The command, or `market.approved`. */
      action: Type.String(),
      /** Of the kill switch, or what was approved. */
      about: Nullable(Type.String()),
      reason: Nullable(Type.String()),
      /** Null for what never reached the journal. */
      seq: Nullable(Type.Integer()),
      refused: Nullable(Type.String()),
    }),
  ),
});
export type MarketSupervision = Static<typeof MarketSupervision>;
