/** A member's order: taken, changed or taken back. Refusals say what would be accepted. */
import { type Instant, type Lots, instant, lots } from '@seam/units';
import { isInteger } from '../auction/rules.ts';
import { CANCEL, FLAG, OTHER } from '../book/index.ts';
import { type Act, tell } from './act.ts';
import { cancelAll } from './cancel-all.ts';
import { admitCancels, admitOrders, barredUntil } from './gate.ts';
import { GOOD_TILL_MS_MAX, ORDERS_PER_ACCOUNT_MAX, ORDERS_PER_BATCH_MAX, ORDER_LOTS_MAX } from './limits.ts';
import { reduceOnly } from './reduce-only.ts';
import { pauseTrading } from './session.ts';
import { type Account, type Market, type Order, isCollecting, orderOf } from './state.ts';
import { refusalOf, sideOf, tellBook } from './tell-book.ts';
import { rangeAround } from './terms.ts';
import type { MarketRejection, OrderCommand, OrderRequest } from './types.ts';

type CommandOf<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;

export function placeOrder(act: Act, command: CommandOf<'place_order'>): MarketRejection | undefined {
  const { account, rejection } = admitOrders(act.market, command.accountId);
  return rejection ?? place(act, account, command);
}

/** Refused as a whole only where no line could be taken. A line sees what those before it did. */
export function placeOrders(act: Act, command: CommandOf<'place_orders'>): MarketRejection | undefined {
  const { orders } = command;
  if (orders.length < 1 || orders.length > ORDERS_PER_BATCH_MAX) {
    return { code: 'batch_size_invalid', ordersMaximum: ORDERS_PER_BATCH_MAX };
  }
  const { account, rejection } = admitOrders(act.market, command.accountId);
  if (rejection) return rejection;
  for (const [line, request] of orders.entries()) {
    const refused = place(act, account, request, line);
    if (refused) tell(act, { type: 'order_rejected', line, rejection: refused });
  }
  return undefined;
}

function place(
  act: Act,
  account: Account,
  request: OrderRequest,
  line?: number,
): MarketRejection | undefined {
  const { market } = act;
  const refused = refuseRequest(market, request, act.command.at) ?? refuseAccount(market, account, request);
  if (refused) return refused;
  const { side, price, quantity } = request;
  const orderId = market.lastOrderId + 1;
  prepareCredit(market, account, request);
  const { book } = market;
  book.place(
    orderId,
    account.index,
    sideOf(side),
    price,
    quantity,
    flagsOf(market, account, request),
    request.minimumQuantity ?? 0,
  );
  const rejection = refusalOf(market);
  if (rejection) return rejection;
  tell(
    act,
    line === undefined ? { type: 'order_accepted', orderId } : { type: 'order_accepted', orderId, line },
  );
  const move = tellBook(act);
  if (move) pauseTrading(act, move);
  return undefined;
}

const SIDES = ['buy', 'sell'];
const TIMES_IN_FORCE = ['day', 'good_till_cancel', 'good_till_date', 'immediate_or_cancel', 'fill_or_kill'];

function refuseRequest(market: Market, request: OrderRequest, at: Instant): MarketRejection | undefined {
  if (!SIDES.includes(request.side)) return { code: 'order_invalid', field: 'side' };
  if (!TIMES_IN_FORCE.includes(request.timeInForce)) return { code: 'order_invalid', field: 'timeInForce' };
  if (!isInteger(request.quantity, 1, ORDER_LOTS_MAX)) return quantityRange(1);
  return (
    refuseExpiry(request, at) ??
    (isCollecting(market) ? refuseInCall(request) : undefined) ??
    refuseUnconfirmed(market, request.price, request.confirm)
  );
}

function refuseExpiry({ timeInForce, expiresAt }: OrderRequest, at: Instant): MarketRejection | undefined {
  const [least, most] = [at + 1, at + GOOD_TILL_MS_MAX];
  const good =
    timeInForce === 'good_till_date'
      ? expiresAt !== undefined && isInteger(expiresAt, least, most)
      : expiresAt === undefined;
  return good ? undefined : { code: 'order_expiry_invalid', earliest: instant(least), latest: instant(most) };
}

function refuseInCall(request: OrderRequest): MarketRejection | undefined {
  const { timeInForce, postOnly = false, minimumQuantity = 0 } = request;
  const atOnce = timeInForce === 'immediate_or_cancel' || timeInForce === 'fill_or_kill';
  const field = atOnce
    ? 'timeInForce'
    : postOnly
      ? 'postOnly'
      : minimumQuantity > 0
        ? 'minimumQuantity'
        : null;
  return field === null ? undefined : { code: 'order_not_in_call', field };
}

/** Outside the hard collar the book refuses; between the two the sender must mean it. */
function refuseUnconfirmed(market: Market, price: number, confirm = false): MarketRejection | undefined {
  if (confirm) return undefined;
  const { low, high } = rangeAround(market.referencePrice, market.terms.collar.softBasisPoints);
  const { band } = market.book;
  if ((price >= low && price <= high) || price < band.low || price > band.high) return undefined;
  return { code: 'order_confirm_required', priceMinimum: low, priceMaximum: high };
}

function refuseAccount(
  market: Market,
  account: Account,
  { side, price, quantity }: OrderRequest,
): MarketRejection | undefined {
  if (account.orders.size >= ORDERS_PER_ACCOUNT_MAX) {
    return { code: 'order_limit_reached', ordersMaximum: ORDERS_PER_ACCOUNT_MAX };
  }
  return reduceOnly(market, account, { side, price, quantity });
}

/** Before a credit account's order meets anybody: which lines can bear the most it may trade. */
function prepareCredit(
  market: Market,
  account: Account,
  {
    side,
    price,
    quantity,
  }: { readonly side: Order['side']; readonly price: number; readonly quantity: number },
): void {
  if (account.settlementClass !== 'credit') return;
  const best = side === 'sell' ? Math.max(price, market.book.best(sideOf('buy'))) : price;
  market.lines.admit(account.index, best * quantity);
}

function flagsOf(market: Market, account: Account, request: OrderRequest): number {
  return (
    (request.timeInForce === 'immediate_or_cancel' ? FLAG.IMMEDIATE_OR_CANCEL : 0) |
    (request.timeInForce === 'fill_or_kill' ? FLAG.FILL_OR_KILL : 0) |
    (request.postOnly ? FLAG.POST_ONLY : 0) |
    (account.settlementClass === 'credit' ? FLAG.CREDIT : 0) |
    (isCollecting(market) ? FLAG.COLLECT : 0)
  );
}

export function amendOrder(act: Act, command: CommandOf<'amend_order'>): MarketRejection | undefined {
  const { market } = act;
  const { accountId, orderId, price, quantity, confirm } = command;
  const { account, rejection } = admitOrders(market, accountId);
  if (rejection) return rejection;
  const until = barredUntil(market, act.command.at);
  if (until !== null) return { code: 'order_cancel_barred', until };
  const order = market.orders.get(orderId);
  if (order?.account !== account) return { code: 'order_unknown' };
  if (price === order.price && quantity === order.quantity) return { code: 'order_unchanged' };
  if (!isInteger(quantity, order.filled + 1, ORDER_LOTS_MAX)) return quantityRange(order.filled + 1);
  const refused =
    refuseUnconfirmed(market, price, confirm) ??
    reduceOnly(market, account, { side: order.side, price, quantity: lots(quantity - order.filled) }, order);
  return refused ?? amend(act, order, price, lots(quantity - order.filled));
}

function amend(act: Act, order: Order, price: number, remaining: Lots): MarketRejection | undefined {
  const { market } = act;
  const { account, side, orderId } = order;
  prepareCredit(market, account, { side, price, quantity: remaining });
  // While orders are collected nobody takes, so that a post-only one may be changed like any other.
  const flags = isCollecting(market) ? FLAG.COLLECT : order.postOnly ? FLAG.POST_ONLY : 0;
  const { book } = market;
  book.amend(orderId, account.index, price, remaining, flags);
  const rejection = refusalOf(market);
  if (rejection) return rejection;
  tell(act, { type: 'order_amended', orderId, keepsPriority: book.events.data[OTHER] === 1 });
  const move = tellBook(act);
  if (move) pauseTrading(act, move);
  return undefined;
}

export function cancelOrder(act: Act, command: CommandOf<'cancel_order'>): MarketRejection | undefined {
  const { market } = act;
  const { account, rejection } = admitCancels(market, command.accountId, act.command.at);
  if (rejection) return rejection;
  const order = market.orders.get(command.orderId);
  if (order?.account !== account) return { code: 'order_unknown' };
  const quantity = lots(order.quantity - order.filled);
  market.book.cancel(order.orderId, account.index, CANCEL.BY_OWNER);
  tell(act, { type: 'order_cancelled', orderId: order.orderId, quantity, reason: 'requested' });
  return undefined;
}

export function cancelOrders(act: Act, command: CommandOf<'cancel_orders'>): MarketRejection | undefined {
  const { account, rejection } = admitCancels(act.market, command.accountId, act.command.at);
  if (rejection) return rejection;
  if (command.side !== undefined && !SIDES.includes(command.side)) {
    return { code: 'order_invalid', field: 'side' };
  }
  const { side } = command;
  const orders = [...account.orders].filter(
    (id) => side === undefined || orderOf(act.market, id).side === side,
  );
  cancelAll(act, orders, 'requested');
  return undefined;
}

function quantityRange(least: number): MarketRejection {
  return {
    code: 'order_quantity_out_of_range',
    quantityMinimum: lots(least),
    quantityMaximum: lots(ORDER_LOTS_MAX),
  };
}
