/** Orders on paper: what is asked, in the order of the rule book, and what the naive book makes of it. */
import { instant, lots, ticks } from '@seam/units';
import { FLAG, REFUSE } from '../../book/types.ts';
import type { BookEvent } from '../../book/read-events.ts';
import type { MarketRejection, OrderCommand, OrderRequest } from '../../market/types.ts';
import {
  type Deed,
  type NaiveMarket,
  type NaiveOrder,
  accountIn,
  around,
  currentPhase,
  lendLines,
  naiveExposure,
  openOrders,
  tickLots,
} from './naive-market.ts';
import { naiveCancelAll, naiveTell, takeOut } from './naive-deals.ts';
import { naiveBarredUntil, naivePause } from './naive-session.ts';

const DAY = 86_400_000;
const LOTS_MOST = 1_000_000_000;
type Of<Type> = Extract<OrderCommand, { type: Type }>;

export function naiveGate(market: NaiveMarket, accountId: string): MarketRejection | undefined {
  if (market.mode === 'halted') return { code: 'market_halted' };
  if (market.mode === 'cancel_only') return { code: 'market_cancel_only' };
  const blocked = (of: string, id?: string): boolean =>
    market.blocks.some(
      ({ scope }) => scope.of === of && (id === undefined || Object.values(scope).includes(id)),
    );
  if (blocked('exchange')) return { code: 'trading_blocked', scope: 'exchange' };
  if (blocked('market')) return { code: 'trading_blocked', scope: 'market' };
  if (currentPhase(market) === 'closed') {
    const next = market.phases.slice(market.begun).find(({ phase }) => phase !== 'closed');
    return { code: 'market_closed', opensAt: next?.startsAt ?? null };
  }
  const account = accountIn(market, accountId);
  if (!account) return { code: 'account_not_admitted' };
  if (blocked('owner_group', account.ownerGroup)) return { code: 'trading_blocked', scope: 'owner_group' };
  if (blocked('account', accountId)) return { code: 'trading_blocked', scope: 'account' };
  return undefined;
}

export function naivePlace(
  deed: Deed,
  accountId: string,
  request: OrderRequest,
  line?: number,
): MarketRejection | undefined {
  const { market, command } = deed;
  const { side, price, quantity, timeInForce, expiresAt, postOnly, minimumQuantity = 0, confirm } = request;
  if (side !== 'buy' && side !== 'sell') return { code: 'order_invalid', field: 'side' };
  const known = ['day', 'good_till_cancel', 'good_till_date', 'immediate_or_cancel', 'fill_or_kill'];
  if (!known.includes(timeInForce)) return { code: 'order_invalid', field: 'timeInForce' };
  if (!(Number.isInteger(quantity) && quantity >= 1 && quantity <= LOTS_MOST)) return range(1);
  const dated = timeInForce === 'good_till_date';
  const late = expiresAt !== undefined && (expiresAt <= command.at || expiresAt > command.at + 366 * DAY);
  if (dated !== (expiresAt !== undefined) || late) {
    return {
      code: 'order_expiry_invalid',
      earliest: instant(command.at + 1),
      latest: instant(command.at + 366 * DAY),
    };
  }
  const calling = currentPhase(market) !== 'continuous';
  const atOnce = timeInForce === 'immediate_or_cancel' || timeInForce === 'fill_or_kill';
  if (calling && atOnce) return { code: 'order_not_in_call', field: 'timeInForce' };
  if (calling && postOnly) return { code: 'order_not_in_call', field: 'postOnly' };
  if (calling && minimumQuantity > 0) return { code: 'order_not_in_call', field: 'minimumQuantity' };
  const unsure = naiveUnsure(market, price, confirm);
  if (unsure) return unsure;
  if (openOrders(market, accountId).length >= 10_000)
    return { code: 'order_limit_reached', ordersMaximum: 10_000 };
  const reduce = naiveReduceOnly(market, { accountId, side, price, quantity });
  if (reduce) return reduce;
  naiveLend(market, accountId, { side, price, quantity });
  const orderId = market.orders.length + 1;
  const flags =
    (timeInForce === 'immediate_or_cancel' ? FLAG.IMMEDIATE_OR_CANCEL : 0) +
    (timeInForce === 'fill_or_kill' ? FLAG.FILL_OR_KILL : 0) +
    (postOnly ? FLAG.POST_ONLY : 0) +
    (accountIn(market, accountId)!.settlementClass === 'credit' ? FLAG.CREDIT : 0) +
    (calling ? FLAG.COLLECT : 0);
  const events = market.book.run({
    type: 'place',
    id: orderId,
    account: market.accounts.findIndex((account) => account.accountId === accountId),
    side: side === 'buy' ? 0 : 1,
    price,
    quantity,
    flags,
    minimum: minimumQuantity,
  });
  const rejection = naiveRefusal(events);
  if (rejection) return rejection;
  market.orders.push({
    orderId,
    accountId,
    side,
    price,
    quantity,
    filled: 0,
    timeInForce,
    expiresAt: expiresAt ?? null,
    postOnly: postOnly ?? false,
    open: true,
  });
  deed.events.push(
    line === undefined ? { type: 'order_accepted', orderId } : { type: 'order_accepted', orderId, line },
  );
  naivePause(deed, naiveTell(deed, events.slice(1)));
  return undefined;
}

function naiveRefusal([event]: readonly BookEvent[]): MarketRejection | undefined {
  if (event?.type !== 'refused') return undefined;
  const quantityMaximum = lots(Math.min(event.most, LOTS_MOST));
  switch (event.reason) {
    case REFUSE.PRICE_BAND:
      return {
        code: 'order_price_outside_collar',
        priceMinimum: ticks(event.least),
        priceMaximum: ticks(event.most),
      };
    case REFUSE.NOTIONAL:
      return { code: 'order_notional_exceeded', quantityMaximum };
    case REFUSE.EXPOSURE:
      return { code: 'order_exposure_exceeded', quantityMaximum };
    case REFUSE.POST_ONLY:
      return { code: 'order_would_take', priceTaken: ticks(event.least), priceAccepted: ticks(event.most) };
    default:
      return { code: 'order_minimum_quantity_invalid', quantityMaximum };
  }
}

function naiveUnsure(market: NaiveMarket, price: number, confirm = false): MarketRejection | undefined {
  const [low, high] = around(market.reference, market.terms.collar.softBasisPoints);
  const soft = price >= low && price <= high;
  const hard = price >= market.low && price <= market.high;
  return confirm || soft || !hard
    ? undefined
    : { code: 'order_confirm_required', priceMinimum: ticks(low), priceMaximum: ticks(high) };
}

type Wish = { accountId: string; side: 'buy' | 'sell'; price: number; quantity: number };

function naiveReduceOnly(market: NaiveMarket, wish: Wish, instead?: NaiveOrder): MarketRejection | undefined {
  const { accountId, side, price, quantity } = wish;
  const limit = tickLots(market.terms, accountIn(market, accountId)!.limit.toString());
  const exposure = naiveExposure(market, accountId);
  if (exposure === 0 || BigInt(exposure) * 10n < BigInt(limit) * 9n) return undefined;
  if (instead && price * quantity <= instead.price * (instead.quantity - instead.filled)) return undefined;
  let room = 0;
  for (const trade of market.trades) {
    if (trade.settled) continue;
    if (trade.buyer === accountId) room += side === 'sell' ? trade.quantity : -trade.quantity;
    if (trade.seller === accountId) room += side === 'sell' ? -trade.quantity : trade.quantity;
  }
  for (const order of openOrders(market, accountId)) {
    if (order.side === side && order !== instead) room -= order.quantity - order.filled;
  }
  room = Math.max(0, room);
  return quantity <= room ? undefined : { code: 'order_reduce_only', quantityMaximum: lots(room) };
}

/** The most an order may trade: at its limit, or, selling, at the best price there is. */
function naiveLend(
  market: NaiveMarket,
  accountId: string,
  { side, price, quantity }: Omit<Wish, 'accountId'>,
): void {
  const buys = openOrders(market).filter((order) => order.side === 'buy');
  const best = side === 'sell' ? Math.max(price, ...buys.map((order) => order.price)) : price;
  lendLines(market, (a, b) => (a === accountId || b === accountId ? best * quantity : Infinity));
}

function range(least: number): MarketRejection {
  return {
    code: 'order_quantity_out_of_range',
    quantityMinimum: lots(least),
    quantityMaximum: lots(LOTS_MOST),
  };
}

export function naiveAmend(deed: Deed, command: Of<'amend_order'>): MarketRejection | undefined {
  const { market } = deed;
  const { accountId, orderId, price, quantity, confirm } = command;
  const closed = naiveGate(market, accountId);
  if (closed) return closed;
  const until = naiveBarredUntil(market, deed.command.at);
  if (until !== null) return { code: 'order_cancel_barred', until: instant(until) };
  const order = openOrders(market, accountId).find((one) => one.orderId === orderId);
  if (!order) return { code: 'order_unknown' };
  if (price === order.price && quantity === order.quantity) return { code: 'order_unchanged' };
  if (!(Number.isInteger(quantity) && quantity > order.filled && quantity <= LOTS_MOST))
    return range(order.filled + 1);
  const unsure = naiveUnsure(market, price, confirm);
  if (unsure) return unsure;
  const wish = { accountId, side: order.side, price, quantity: quantity - order.filled };
  const reduce = naiveReduceOnly(market, wish, order);
  if (reduce) return reduce;
  naiveLend(market, accountId, wish);
  const calling = currentPhase(market) !== 'continuous';
  const flags = calling ? FLAG.COLLECT : order.postOnly ? FLAG.POST_ONLY : 0;
  const account = market.accounts.findIndex((one) => one.accountId === accountId);
  const events = market.book.run({
    type: 'amend',
    id: orderId,
    account,
    price,
    quantity: wish.quantity,
    flags,
  });
  const rejection = naiveRefusal(events);
  if (rejection) return rejection;
  const [lead] = events;
  order.price = price;
  order.quantity = quantity;
  deed.events.push({ type: 'order_amended', orderId, keepsPriority: lead?.type === 'amended' && lead.kept });
  naivePause(deed, naiveTell(deed, events.slice(1)));
  return undefined;
}

export function naiveCancel(
  deed: Deed,
  command: Of<'cancel_order'> | Of<'cancel_orders'>,
): MarketRejection | undefined {
  const { market } = deed;
  if (market.mode === 'halted') return { code: 'market_halted' };
  if (!accountIn(market, command.accountId)) return { code: 'account_not_admitted' };
  const until = naiveBarredUntil(market, deed.command.at);
  if (until !== null) return { code: 'order_cancel_barred', until: instant(until) };
  const own = openOrders(market, command.accountId);
  if (command.type === 'cancel_orders') {
    if (command.side !== undefined && command.side !== 'buy' && command.side !== 'sell') {
      return { code: 'order_invalid', field: 'side' };
    }
    naiveCancelAll(
      deed,
      own.filter(({ side }) => command.side === undefined || side === command.side),
      'requested',
    );
    return undefined;
  }
  const order = own.find(({ orderId }) => orderId === command.orderId);
  if (!order) return { code: 'order_unknown' };
  takeOut(market, order);
  const quantity = lots(order.quantity - order.filled);
  deed.events.push({ type: 'order_cancelled', orderId: order.orderId, quantity, reason: 'requested' });
  return undefined;
}
