/**
 * What an event does to the market's own records: names, money, phases, what is unsettled. Decides nothing and does
 * not touch the resting orders of the book; `step` calls it with what it has just decided, recovery with
 * what the journal says (`replay.ts` then moves the book as well).
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import { lots } from '@seam/units';
import { assert } from '../assert.ts';
import { tickLotsWithin } from './money.ts';
import { blockKey } from './scope.ts';
import { type Account, type Market, type Order, accountOf, orderOf } from './state.ts';
import type { MarketEvent, OrderRequest, StampedMarketCommand } from './types.ts';

export function record(market: Market, command: StampedMarketCommand, event: MarketEvent): void {
  switch (event.type) {
    case 'order_accepted':
      return addOrder(market, command, event);
    case 'trade_executed': {
      const taker = orderOf(market, event.takerOrderId);
      const maker = orderOf(market, event.makerOrderId);
      const [buy, sell] = taker.side === 'buy' ? [taker, maker] : [maker, taker];
      trade(market, { buy, sell, quantity: event.quantity, price: event.price, at: command.at });
      return;
    }
    case 'order_cancelled':
      return endOrder(market, orderOf(market, event.orderId));
    case 'orders_cancelled':
      for (const orderId of event.orderIds) endOrder(market, orderOf(market, orderId));
      return;
    case 'order_amended': {
      assert(command.type === 'amend_order', 'an order is amended by its own command');
      const order = orderOf(market, event.orderId);
      order.price = command.price;
      order.quantity = command.quantity;
      return;
    }
    case 'uncrossed':
      return recordUncross(market, command.at, event);
    case 'order_rejected':
    case 'self_trade_prevented':
    case 'instrument_listed':
    case 'volatility_paused':
      return;
    default:
      return recordControl(market, event);
  }
}

type Quiet =
  | 'order_accepted'
  | 'trade_executed'
  | 'order_cancelled'
  | 'orders_cancelled'
  | 'order_amended'
  | 'uncrossed'
  | 'order_rejected'
  | 'self_trade_prevented'
  | 'instrument_listed'
  | 'volatility_paused';

function recordControl(market: Market, event: Exclude<MarketEvent, { type: Quiet }>): void {
  const { session } = market;
  switch (event.type) {
    case 'session_scheduled':
      session.upcoming = [...session.upcoming, ...event.session];
      return;
    case 'phase_changed':
      return changePhase(market, event);
    case 'random_end_drawn':
      session.drawnEndAt = event.endsAt;
      return;
    case 'collar_changed':
      market.referencePrice = event.referencePrice;
      market.book.setBand(event.priceMinimum, event.priceMaximum);
      return;
    case 'market_halted':
    case 'market_cancel_only':
      market.mode = event.type === 'market_halted' ? 'halted' : 'cancel_only';
      return;
    case 'market_resumed':
      market.mode = 'online';
      return;
    case 'trading_blocked':
      market.blocks.set(blockKey(event.scope), { scope: event.scope, reason: event.reason });
      return;
    case 'trading_unblocked':
      market.blocks.delete(blockKey(event.scope));
      return;
    default:
      recordAccount(market, event);
  }
}

type OfAccount = Extract<
  MarketEvent,
  {
    type:
      | 'account_admitted'
      | 'exposure_allocated'
      | 'exposure_released'
      | 'credit_line_set'
      | 'trade_settled'
      | 'cancel_on_disconnect_armed'
      | 'cancel_on_disconnect_disarmed'
      | 'cancel_on_disconnect_fired';
  }
>;

function recordAccount(market: Market, event: OfAccount): void {
  switch (event.type) {
    case 'account_admitted':
      admit(market, event);
      return;
    case 'exposure_allocated':
    case 'exposure_released':
      return setLimit(market, accountOf(market, event.accountId), BigInt(event.total));
    case 'credit_line_set': {
      const from = accountOf(market, event.from).index;
      market.lines.set(from, accountOf(market, event.to).index, event.amount);
      return;
    }
    case 'trade_settled':
      return settle(market, event.tradeNumber);
    case 'cancel_on_disconnect_armed':
      return arm(market, event.accountId, event.cancelAt);
    case 'cancel_on_disconnect_disarmed':
    case 'cancel_on_disconnect_fired':
      market.armed.delete(event.accountId);
      market.disconnects.delete(event.accountId);
      return;
  }
}

function addOrder(
  market: Market,
  command: StampedMarketCommand,
  { orderId, line }: { readonly orderId: number; readonly line?: number },
): void {
  const request = requestOf(command, line);
  assert('accountId' in command, 'an order has an account');
  const account = accountOf(market, command.accountId);
  const order: Order = {
    orderId,
    account,
    side: request.side,
    price: request.price,
    quantity: request.quantity,
    filled: lots(0),
    timeInForce: request.timeInForce,
    expiresAt: request.expiresAt ?? null,
    postOnly: request.postOnly ?? false,
  };
  market.lastOrderId = orderId;
  insertOrder(market, order);
}

function requestOf(command: StampedMarketCommand, line: number | undefined): OrderRequest {
  if (command.type === 'place_order') return command;
  assert(command.type === 'place_orders' && line !== undefined, 'an order is placed by its own command');
  const request = command.orders[line];
  assert(request !== undefined, 'a line of a batch is one of its orders');
  return request;
}

export function insertOrder(market: Market, order: Order): void {
  market.orders.set(order.orderId, order);
  order.account.orders.add(order.orderId);
  if (order.expiresAt !== null) market.expiries.set(String(order.orderId), order.expiresAt);
}

function endOrder(market: Market, order: Order): void {
  market.orders.delete(order.orderId);
  order.account.orders.delete(order.orderId);
  if (order.expiresAt !== null) market.expiries.delete(String(order.orderId));
}

type Deal = {
  readonly buy: Order;
  readonly sell: Order;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly at: Instant;
};

function trade(market: Market, { buy, sell, price, quantity, at }: Deal): void {
  const onCredit = buy.account.settlementClass === 'credit' && sell.account.settlementClass === 'credit';
  market.lastTradeNumber += 1;
  addUnsettled(market, market.lastTradeNumber, {
    buyer: buy.account,
    seller: sell.account,
    quantity,
    buyWeight: buy.price * quantity,
    sellWeight: sell.price * quantity,
    credit: onCredit ? price * quantity : 0,
  });
  market.prices.add(price, at);
  for (const order of [buy, sell]) {
    order.filled = lots(order.filled + quantity);
    if (order.filled === order.quantity) endOrder(market, order);
  }
}

export function addUnsettled(
  market: Market,
  tradeNumber: number,
  unsettled: Parameters<Market['unsettled']['set']>[1],
): void {
  const { buyer, seller, quantity, credit } = unsettled;
  market.unsettled.set(tradeNumber, unsettled);
  buyer.position += quantity;
  seller.position -= quantity;
  if (credit > 0) market.lines.use(buyer.index, seller.index, credit);
}

function settle(market: Market, tradeNumber: number): void {
  const unsettled = market.unsettled.get(tradeNumber);
  assert(unsettled !== undefined, 'a trade is settled once');
  const { buyer, seller, quantity, buyWeight, sellWeight, credit } = unsettled;
  market.unsettled.delete(tradeNumber);
  market.book.accounts.expose(buyer.index, -buyWeight);
  market.book.accounts.expose(seller.index, -sellWeight);
  buyer.position -= quantity;
  seller.position += quantity;
  if (credit > 0) market.lines.use(buyer.index, seller.index, -credit);
}

function recordUncross(
  market: Market,
  at: Instant,
  { price, trades }: Extract<MarketEvent, { type: 'uncrossed' }>,
): void {
  market.prices.clear();
  if (price === null) return;
  for (const { buyOrderId, sellOrderId, quantity } of trades) {
    const buy = orderOf(market, buyOrderId);
    trade(market, { buy, sell: orderOf(market, sellOrderId), quantity, price, at });
  }
}

function changePhase(market: Market, event: Extract<MarketEvent, { type: 'phase_changed' }>): void {
  const { session } = market;
  switch (event.cause) {
    case 'schedule': {
      const [next, ...later] = session.upcoming;
      assert(next?.phase === event.phase, 'the schedule has the phase that begins');
      session.current = next;
      session.upcoming = later;
      session.drawnEndAt = null;
      return;
    }
    case 'volatility':
    case 'reopening':
      session.reopensAt = event.until;
      return;
    case 'call_over':
      session.reopensAt = null;
      return;
  }
}

export function arm(market: Market, accountId: string, cancelAt: Instant): void {
  market.armed.set(accountId, cancelAt);
  market.disconnects.set(accountId, cancelAt);
}

type Admitted = Pick<Account, 'accountId' | 'ownerGroup' | 'settlementClass'>;

/** A new account gets the next number of the book and no limit; a known one keeps both. */
export function admit(market: Market, { accountId, ownerGroup, settlementClass }: Admitted): Account {
  const group = market.groups.get(ownerGroup) ?? market.groups.size + 1;
  market.groups.set(ownerGroup, group);
  const known = market.accounts.get(accountId);
  if (known !== undefined) {
    known.ownerGroup = ownerGroup;
    known.settlementClass = settlementClass;
    market.book.accounts.groups[known.index] = group;
    return known;
  }
  const account: Account = {
    index: market.book.accounts.open(group),
    accountId,
    ownerGroup,
    settlementClass,
    limit: 0n,
    orders: new Set(),
    position: 0,
  };
  setLimit(market, account, 0n);
  market.accounts.set(accountId, account);
  market.accountList.push(account);
  return account;
}

export function setLimit(market: Market, account: Account, total: bigint): void {
  account.limit = total;
  market.book.accounts.setLimit(account.index, tickLotsWithin(total, market.value));
}
