/** Trades and what they weigh until they are settled; orders as they come and end. */
import type { Instant, Lots, Ticks } from '@seam/units';
import { lots } from '@seam/units';
import { assert } from '../assert.ts';
import { type Market, type Order, type Unsettled, orderOf } from './state.ts';
import type { MarketEvent } from './types.ts';

export function insertOrder(market: Market, order: Order): void {
  market.orders.set(order.orderId, order);
  order.account.orders.add(order.orderId);
  if (order.expiresAt !== null) market.expiries.set(String(order.orderId), order.expiresAt);
}

export function endOrder(market: Market, order: Order): void {
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

export function trade(market: Market, { buy, sell, price, quantity, at }: Deal): void {
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

export function addUnsettled(market: Market, tradeNumber: number, unsettled: Unsettled): void {
  const { buyer, seller, quantity, credit } = unsettled;
  market.unsettled.set(tradeNumber, unsettled);
  buyer.position += quantity;
  seller.position -= quantity;
  if (credit > 0) market.lines.use(buyer.index, seller.index, credit);
}

export function settle(market: Market, tradeNumber: number): void {
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

export function recordUncross(
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
