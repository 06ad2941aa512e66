/**
 * Recovery: a market moved by what the journal says happened. Nothing is decided and nobody is matched; the book is
 * told what to take out, to execute and to let rest.
 */
import { lots } from '@seam/units';
import { assert } from '../assert.ts';
import { execute, reduceTo, remove, rest } from '../book/index.ts';
import { record } from './record.ts';
import { type Market, type Order, orderOf } from './state.ts';
import { sideOf } from './tell-book.ts';
import type { MarketEvent, StampedMarketCommand } from './types.ts';

/** The order that arrives with the entry, until it is known what of it rests. */
type Arriving = { readonly order: Order; readonly filledBefore: number; cancelled: boolean };

export function replayMarket(
  market: Market,
  command: StampedMarketCommand,
  events: readonly MarketEvent[],
): void {
  let arriving: Arriving | null = null;
  for (const event of events) {
    if (!follows(event, arriving)) {
      if (arriving) settleArrival(market, arriving);
      arriving = null;
    }
    if (event.type === 'order_cancelled' && event.orderId === arriving?.order.orderId)
      arriving.cancelled = true;
    else moveBook(market, command, event, arriving);
    record(market, command, event);
    arriving = arrivalOf(market, event) ?? arriving;
  }
  if (arriving) settleArrival(market, arriving);
}

/** The event is still about the order that is arriving. */
function follows(event: MarketEvent, arriving: Arriving | null): boolean {
  const orderId = arriving?.order.orderId;
  switch (event.type) {
    case 'trade_executed':
      return event.takerOrderId === orderId;
    case 'order_cancelled':
    case 'self_trade_prevented':
      return event.orderId === orderId;
    default:
      return false;
  }
}

function arrivalOf(market: Market, event: MarketEvent): Arriving | null {
  const arrives = event.type === 'order_accepted' || (event.type === 'order_amended' && !event.keepsPriority);
  if (!arrives) return null;
  const order = orderOf(market, event.orderId);
  return { order, filledBefore: order.filled, cancelled: false };
}

function moveBook(
  { book, orders }: Market,
  command: StampedMarketCommand,
  event: MarketEvent,
  arriving: Arriving | null,
): void {
  switch (event.type) {
    case 'trade_executed':
      execute(book, event.makerOrderId, event.quantity);
      if (event.takerOrderId !== arriving?.order.orderId) execute(book, event.takerOrderId, event.quantity);
      return;
    case 'uncrossed':
      for (const { buyOrderId, sellOrderId, quantity } of event.trades) {
        execute(book, buyOrderId, quantity);
        execute(book, sellOrderId, quantity);
      }
      return;
    case 'order_amended': {
      if (!event.keepsPriority) return remove(book, event.orderId);
      assert(command.type === 'amend_order', 'an order is amended by its own command');
      const filled = orders.get(event.orderId)?.filled ?? lots(0);
      return reduceTo(book, event.orderId, command.quantity - filled);
    }
    case 'order_cancelled':
      return remove(book, event.orderId);
    case 'orders_cancelled':
      for (const orderId of event.orderIds) remove(book, orderId);
      return;
    default:
      return;
  }
}

/** What was executed on arrival binds like what rests; `rest` counts its own part. */
function settleArrival({ book }: Market, { order, filledBefore, cancelled }: Arriving): void {
  const { orderId, account, side, price, filled } = order;
  if (filled > filledBefore) book.accounts.expose(account.index, price * (filled - filledBefore));
  const quantity = cancelled ? 0 : order.quantity - filled;
  if (quantity === 0) return;
  const credit = account.settlementClass === 'credit';
  rest(book, { id: orderId, account: account.index, side: sideOf(side), price, quantity, credit });
}
