/** What happens to orders on paper, whoever caused it: trades, cancels, and prices that run too far. */
import { lots, ticks } from '@seam/units';
import type { BookEvent } from '../../book/read-events.ts';
import { CANCEL } from '../../book/types.ts';
import type { CancelReason } from '../../market/types.ts';
import { type Deed, type NaiveMarket, type NaiveOrder, accountIn } from './naive-market.ts';

/** Puts down what the naive book did; gives the first trade that was too far from an earlier one. */
export function naiveTell(
  deed: Deed,
  events: readonly BookEvent[],
): { price: number; from: number } | undefined {
  const { market } = deed;
  let far: { price: number; from: number } | undefined;
  for (const event of events) {
    if (event.type === 'trade') {
      far ??= naiveFar(market, event.price, deed.command.at);
      const [taker, maker] = [market.orders[event.taker - 1]!, market.orders[event.maker - 1]!];
      const tradeNumber = naiveTrade(market, deed.command.at, {
        a: taker,
        b: maker,
        price: event.price,
        quantity: event.quantity,
      });
      deed.events.push({
        type: 'trade_executed',
        tradeNumber,
        takerOrderId: taker.orderId,
        makerOrderId: maker.orderId,
        price: ticks(event.price),
        quantity: lots(event.quantity),
      });
    } else if (event.type === 'cancelled') {
      market.orders[event.id - 1]!.open = false;
      const reason = REASONS[event.reason]!;
      deed.events.push({
        type: 'order_cancelled',
        orderId: event.id,
        quantity: lots(event.quantity),
        reason,
      });
    } else if (event.type === 'self_trade_skipped') {
      deed.events.push({
        type: 'self_trade_prevented',
        orderId: event.id,
        restingOrderId: event.own,
        price: ticks(event.price),
        quantity: lots(event.quantity),
      });
    }
  }
  return far;
}

const REASONS: Readonly<Record<number, CancelReason>> = {
  [CANCEL.IMMEDIATE_OR_CANCEL]: 'immediate_or_cancel',
  [CANCEL.FILL_OR_KILL]: 'fill_or_kill',
  [CANCEL.MINIMUM_QUANTITY]: 'minimum_quantity',
  [CANCEL.SELF_TRADE]: 'self_trade',
};

type Meeting = { a: NaiveOrder; b: NaiveOrder; price: number; quantity: number };

/** Writes a trade down and gives its number. */
export function naiveTrade(market: NaiveMarket, at: number, { a, b, price, quantity }: Meeting): number {
  const [buy, sell] = a.side === 'buy' ? [a, b] : [b, a];
  const classes = [buy, sell].map(({ accountId }) => accountIn(market, accountId)!.settlementClass);
  const tradeNumber = market.trades.length + 1;
  market.trades.push({
    tradeNumber,
    at,
    price,
    quantity,
    buyer: buy.accountId,
    seller: sell.accountId,
    buyWeight: buy.price * quantity,
    sellWeight: sell.price * quantity,
    onCredit: classes.every((name) => name === 'credit'),
    settled: false,
  });
  for (const order of [a, b]) {
    order.filled += quantity;
    if (order.filled === order.quantity) order.open = false;
  }
  return tradeNumber;
}

/** Too far up from the lowest price of the window, or too far down from the highest. */
function naiveFar(
  market: NaiveMarket,
  price: number,
  at: number,
): { price: number; from: number } | undefined {
  const { windowMs, basisPoints } = market.terms.volatility;
  const recent = market.trades
    .filter((trade) => trade.tradeNumber >= market.calmUntil && trade.at >= at - windowMs)
    .map((trade) => trade.price);
  const low = Math.min(price, ...recent);
  const high = Math.max(price, ...recent);
  if ((price - low) * 10_000 >= low * basisPoints) return { price, from: low };
  if ((high - price) * 10_000 >= high * basisPoints) return { price, from: high };
  return undefined;
}

/** `orders`: in the order of their ids, as they are in the list of all. */
export function naiveCancelAll(deed: Deed, orders: readonly NaiveOrder[], reason: CancelReason): void {
  for (const order of orders) takeOut(deed.market, order);
  deed.events.push({ type: 'orders_cancelled', orderIds: orders.map(({ orderId }) => orderId), reason });
}

export function takeOut(market: NaiveMarket, order: NaiveOrder): void {
  order.open = false;
  market.book.run({ type: 'cancel', id: order.orderId, account: -1, reason: CANCEL.CONTROLLED });
}
