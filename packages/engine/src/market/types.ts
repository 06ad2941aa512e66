/**
 * The words of the continuous order book: what a market takes, tells and refuses. Everything is plain
 * JSON and goes into the journal as it is; see `types.ts` of the engine for units.
 *
 * An event does not repeat what its command says: the instrument, the account, price and quantity of a new
 * order stand in the command of the same journal entry. That keeps the entry of a resting order small.
 *
 * `accountId` is an organisation; `ownerGroup` its beneficial owner ("member" in the kill switch). Who may
 * send what is the gateway's to know: the engine believes the account and the staff ids it is given.
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import type { MinorText } from '../auction/types.ts';
import type { InstrumentTerms, Phase, ScheduledPhase } from './terms-types.ts';

export type OrderSide = 'buy' | 'sell';
export type SettlementClass = 'escrow' | 'credit';
/** Minor units, or `open`: without a bound. */
export type CreditBound = MinorText;
export type TimeInForce =
  'day' | 'good_till_cancel' | 'good_till_date' | 'immediate_or_cancel' | 'fill_or_kill';

/**
 * An order as its sender states it; absent fields are left out of the journal. The client's order id is the
 * journal's `cmdId`, idempotent for the market's life, and is not repeated here.
 */
export type OrderRequest = {
  readonly side: OrderSide;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly timeInForce: TimeInForce;
  /** With `good_till_date` only: the order is out at this instant. */
  readonly expiresAt?: Instant;
  /** Refused where it would take. */
  readonly postOnly?: boolean;
  /** Lots that must execute at once, or the order is cancelled. What then rests may execute in any quantity. */
  readonly minimumQuantity?: Lots;
  /** A price outside the soft collar is meant. */
  readonly confirm?: boolean;
};

/** Whom a kill switch stops. `exchange`: the host sends it to every market. `owner_group`: a member. */
export type BlockScope =
  | { readonly of: 'account'; readonly accountId: string }
  | { readonly of: 'owner_group'; readonly ownerGroup: string }
  | { readonly of: 'market' }
  | { readonly of: 'exchange' };

/** One person stops, two different ones start again. */
export type Approvals = readonly [staffId: string, staffId: string];

/** `halted`: nothing is taken. `cancel_only`: cancels are. Neither matches. */
export type MarketMode = 'online' | 'cancel_only' | 'halted';

type Of<Type extends string, Fields = unknown> = Fields & {
  readonly type: Type;
  readonly instrumentId: string;
};

/** What a member sends. */
export type OrderCommand =
  | Of<'place_order', OrderRequest & { readonly accountId: string }>
  /** 1 to ORDERS_PER_BATCH_MAX orders, each with an outcome of its own (`line` counts from 0). */
  | Of<'place_orders', { readonly accountId: string; readonly orders: readonly OrderRequest[] }>
  | Of<'cancel_order', { readonly accountId: string; readonly orderId: number }>
  /**
   * `quantity` is the new total, executed lots included, so that an execution on the way is never bought
   * twice. Less at the same price keeps the place; all else goes to the end of the queue.
   */
  | Of<
      'amend_order',
      {
        readonly accountId: string;
        readonly orderId: number;
        readonly price: Ticks;
        readonly quantity: Lots;
        readonly confirm?: boolean;
      }
    >
  /** All resting orders of the account; of one side when `side` is given. */
  | Of<'cancel_orders', { readonly accountId: string; readonly side?: OrderSide }>
  /** Cancels all orders of the account once at `cancelAt`. A later one moves it. */
  | Of<'arm_cancel_on_disconnect', { readonly accountId: string; readonly cancelAt: Instant }>
  | Of<'disarm_cancel_on_disconnect', { readonly accountId: string }>;

/** What the exchange sends: accounts, money limits, sessions. */
export type AdministrationCommand =
  | { readonly type: 'list_instrument'; readonly terms: InstrumentTerms }
  /** More sessions, all after the last phase known so far. */
  | Of<'schedule_session', { readonly session: readonly ScheduledPhase[] }>
  /** Admits with no limit; again, changes group and class while the account has no orders. */
  | Of<
      'admit_account',
      {
        readonly accountId: string;
        readonly ownerGroup: string;
        readonly settlementClass: SettlementClass;
      }
    >
  /**
   * Raises the exposure limit by money already held in the ledger; the hold's effect key is the `cmdId`. The
   * ledger gives it back only after `exposure_released`: the limit is never above the hold.
   */
  | Of<'allocate_exposure', { readonly accountId: string; readonly amount: MinorText }>
  | Of<'release_exposure', { readonly accountId: string; readonly amount: MinorText }>
  /**
   * How much `from` trusts `to` with, unsettled trades counted. Two credit accounts trade only while the
   * lines both ways can bear the whole incoming order.
   */
  | Of<'set_credit_line', { readonly from: string; readonly to: string; readonly amount: CreditBound }>
  /** The trade is settled or secured elsewhere: both exposures and the credit lines are free of it. */
  | Of<'settle_trade', { readonly tradeNumber: number }>
  /** Only while the market is closed or halted. */
  | Of<'set_reference_price', { readonly price: Ticks }>;

/** What the staff sends, and the clock. */
export type ControlCommand =
  | Of<'halt_market', { readonly staffId: string; readonly reason: string }>
  | Of<'set_cancel_only', { readonly staffId: string; readonly reason: string }>
  /** Where the schedule says `continuous`, trading re-opens by a call. */
  | Of<'resume_market', { readonly approvals: Approvals }>
  /** Cancels all resting orders of the scope and refuses new ones until lifted. */
  | Of<'set_kill_switch', { readonly scope: BlockScope; readonly staffId: string; readonly reason: string }>
  | Of<'lift_kill_switch', { readonly scope: BlockScope; readonly approvals: Approvals }>
  /** Reveals the seed of the running call's random end: only from the beginning of its window on. */
  | Of<'draw_random_end', { readonly seed: string }>
  /** A due deadline, made by the host from `dueTimers`. */
  | Of<'turn_market', { readonly deadline: Instant }>;

export type MarketCommand = OrderCommand | AdministrationCommand | ControlCommand;
export type StampedMarketCommand = MarketCommand & { readonly seq: number; readonly at: Instant };

/** Why an order ended without executing in full. */
export type CancelReason =
  | 'requested'
  | 'immediate_or_cancel'
  | 'fill_or_kill'
  | 'minimum_quantity'
  /** What was left would have rested against an order of its own group. */
  | 'self_trade'
  /** Its date, or the end of its day. */
  | 'expired'
  | 'kill_switch'
  | 'disconnected';

/** Which rule left a single price: `unique` is the greatest volume and the least surplus. */
export type ClearingRule = 'unique' | 'buy_pressure' | 'sell_pressure' | 'reference' | 'midpoint';

export type PhaseCause = 'schedule' | 'volatility' | 'reopening' | 'call_over';

export type UncrossTrade = {
  readonly buyOrderId: number;
  readonly sellOrderId: number;
  readonly quantity: Lots;
};

type OrderEvent =
  /** `line`: of a batch. What of the order is neither traded nor cancelled in this entry rests. */
  | { readonly type: 'order_accepted'; readonly orderId: number; readonly line?: number }
  /** A line of a batch. A single order is refused by `command_rejected`. */
  | { readonly type: 'order_rejected'; readonly line: number; readonly rejection: MarketRejection }
  /** At the maker's price. Trades are numbered from 1 in each market. */
  | {
      readonly type: 'trade_executed';
      readonly tradeNumber: number;
      readonly takerOrderId: number;
      readonly makerOrderId: number;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
  /** The order would have taken `quantity` of `restingOrderId`, of its own group. Said for the first it met. */
  | {
      readonly type: 'self_trade_prevented';
      readonly orderId: number;
      readonly restingOrderId: number;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
  | {
      readonly type: 'order_cancelled';
      readonly orderId: number;
      /** What was left of it. */
      readonly quantity: Lots;
      readonly reason: CancelReason;
    }
  /** Ascending ids; may be none. */
  | { readonly type: 'orders_cancelled'; readonly orderIds: readonly number[]; readonly reason: CancelReason }
  /** Price and total quantity are the command's. Trades may follow when the place is lost. */
  | { readonly type: 'order_amended'; readonly orderId: number; readonly keepsPriority: boolean };

type SessionEvent =
  | { readonly type: 'instrument_listed'; readonly terms: InstrumentTerms }
  | { readonly type: 'session_scheduled'; readonly session: readonly ScheduledPhase[] }
  /**
   * `until`: as far as the schedule knows; a call with a random end may end earlier. Null: nothing is
   * scheduled. `cause`: the schedule, a volatility pause, the re-opening call after a halt, or the end of the
   * latter two.
   */
  | {
      readonly type: 'phase_changed';
      readonly phase: Phase;
      readonly until: Instant | null;
      readonly cause: PhaseCause;
    }
  | { readonly type: 'random_end_drawn'; readonly seed: string; readonly endsAt: Instant }
  /**
   * A call has ended, or continuous trading begins. `volume` and `surplus` (lots demanded less lots offered) are
   * those of the price, if everyone may trade with everyone; `trades` are what was executed, numbered on
   * from `firstTradeNumber`. Price and rule null: nothing crossed. Where forbidden pairs kept orders apart,
   * `trade_executed` between resting orders and cancels for `self_trade` may follow.
   */
  | {
      readonly type: 'uncrossed';
      readonly price: Ticks | null;
      readonly volume: Lots;
      readonly surplus: number;
      readonly rule: ClearingRule | null;
      readonly firstTradeNumber: number;
      readonly trades: readonly UncrossTrade[];
    }
  | {
      readonly type: 'collar_changed';
      readonly referencePrice: Ticks;
      readonly priceMinimum: Ticks;
      readonly priceMaximum: Ticks;
    }
  /** `price` moved too far from `comparedWith`, traded within the window. A call follows. */
  | {
      readonly type: 'volatility_paused';
      readonly price: Ticks;
      readonly comparedWith: Ticks;
    };

type AccountEvent =
  | {
      readonly type: 'account_admitted';
      readonly accountId: string;
      readonly ownerGroup: string;
      readonly settlementClass: SettlementClass;
    }
  /** `total`: the limit from now on. */
  | {
      readonly type: 'exposure_allocated' | 'exposure_released';
      readonly accountId: string;
      readonly amount: MinorText;
      readonly total: MinorText;
    }
  | {
      readonly type: 'credit_line_set';
      readonly from: string;
      readonly to: string;
      readonly amount: CreditBound;
    }
  | { readonly type: 'trade_settled'; readonly tradeNumber: number }
  | {
      readonly type: 'cancel_on_disconnect_armed';
      readonly accountId: string;
      readonly cancelAt: Instant;
    }
  | {
      /** `fired`: its orders are cancelled by the next event, and nothing is armed any more. */
      readonly type: 'cancel_on_disconnect_disarmed' | 'cancel_on_disconnect_fired';
      readonly accountId: string;
    };

type ControlEvent =
  | { readonly type: 'market_halted' | 'market_cancel_only'; readonly reason: string }
  | { readonly type: 'market_resumed' }
  | { readonly type: 'trading_blocked'; readonly scope: BlockScope; readonly reason: string }
  | { readonly type: 'trading_unblocked'; readonly scope: BlockScope };

export type MarketEvent = OrderEvent | SessionEvent | AccountEvent | ControlEvent;

/** All that a command of the market can bring. A refusal stands alone. */
export type MarketTold =
  MarketEvent | { readonly type: 'command_rejected'; readonly rejection: MarketRejection };

/** Why the answer is no, with what would have been accepted where that helps the sender. */
export type MarketRejection =
  | { readonly code: 'market_unknown' | 'market_duplicate' | 'market_approvals_invalid' }
  | { readonly code: 'market_terms_invalid'; readonly field: string }
  /** The command does not fit what the market is doing. */
  | { readonly code: 'market_state_conflict'; readonly phase: Phase; readonly mode: MarketMode }
  | { readonly code: 'market_halted' | 'market_cancel_only' }
  /** A deadline has passed that is not journaled yet: what it changes would come too late for this command. */
  | { readonly code: 'market_turn_due' }
  /** `opensAt`: of the next phase that takes orders, null when none is scheduled. */
  | { readonly code: 'market_closed'; readonly opensAt: Instant | null }
  | { readonly code: 'trading_blocked'; readonly scope: BlockScope['of'] }
  | { readonly code: 'trading_not_blocked' }
  | { readonly code: 'account_not_admitted' }
  | { readonly code: 'account_has_orders'; readonly orders: number }
  | { readonly code: 'account_invalid'; readonly field: string }
  | { readonly code: 'exposure_invalid' }
  /** At most so much of the limit is free. */
  | { readonly code: 'exposure_in_use'; readonly amountMaximum: MinorText }
  | { readonly code: 'credit_line_invalid'; readonly field: string }
  | { readonly code: 'trade_unknown' }
  | { readonly code: 'seed_invalid' }
  | { readonly code: 'seed_too_early'; readonly opensAt: Instant }
  | { readonly code: 'batch_size_invalid'; readonly ordersMaximum: number }
  /** No such order rests, or not of this account: the two are not told apart. */
  | { readonly code: 'order_unknown' }
  | { readonly code: 'order_invalid'; readonly field: string }
  | {
      readonly code: 'order_price_outside_collar' | 'order_confirm_required';
      readonly priceMinimum: Ticks;
      readonly priceMaximum: Ticks;
    }
  | {
      readonly code: 'order_quantity_out_of_range';
      readonly quantityMinimum: Lots;
      readonly quantityMaximum: Lots;
    }
  | { readonly code: 'order_minimum_quantity_invalid'; readonly quantityMaximum: Lots }
  /** At this price at most so many lots; 0 when not even one. */
  | {
      readonly code: 'order_notional_exceeded' | 'order_exposure_exceeded' | 'order_reduce_only';
      readonly quantityMaximum: Lots;
    }
  /** It would take at `priceTaken`; at `priceAccepted` it would not. */
  | { readonly code: 'order_would_take'; readonly priceTaken: Ticks; readonly priceAccepted: Ticks }
  /** Immediate-or-cancel, fill-or-kill, post-only and minimum quantity mean nothing while orders are collected. */
  | { readonly code: 'order_not_in_call'; readonly field: string }
  | { readonly code: 'order_expiry_invalid'; readonly earliest: Instant; readonly latest: Instant }
  | { readonly code: 'order_cancel_barred'; readonly until: Instant }
  | { readonly code: 'order_unchanged' }
  | { readonly code: 'order_limit_reached'; readonly ordersMaximum: number }
  | { readonly code: 'disconnect_not_armed' }
  | { readonly code: 'disconnect_deadline_invalid'; readonly earliest: Instant; readonly latest: Instant };
