/**
 * What one journal entry means for orders and trades, summed up so that each row is written once: an order
 * that trades with ten others in one entry is one row with one total. Pure.
 */
import type { Command, MarketEvent, OrderRequest } from '@seam/engine';

export type FoldedOrder = {
  readonly orderId: number;
  readonly accountId: string;
  readonly line: number | null;
  readonly request: OrderRequest;
  readonly filled: number;
  readonly reason: string | null;
};
/** To an order that rested before. `price` and `quantity` when it was amended. */
export type FoldedChange = {
  readonly orderId: number;
  readonly filled: number;
  readonly reason: string | null;
  readonly price: number | null;
  readonly quantity: number | null;
};
/** `call`: both rested. Who of the two buys, their orders know. */
export type FoldedTrade = {
  readonly tradeNumber: number;
  readonly takerOrderId: number;
  readonly makerOrderId: number;
  readonly price: number;
  readonly quantity: number;
  readonly call: boolean;
};
export type Folded = {
  readonly placed: readonly FoldedOrder[];
  readonly changed: readonly FoldedChange[];
  readonly trades: readonly FoldedTrade[];
};

type Sum = { filled: number; reason: string | null; price: number | null; quantity: number | null };

/** @throws when an event does not fit its command: the journal would be broken. */
export function foldOrders(command: Command, events: readonly MarketEvent[]): Folded {
  const placed = new Map<number, Pick<FoldedOrder, 'accountId' | 'line' | 'request'>>();
  const sums = new Map<number, Sum>();
  const trades: FoldedTrade[] = [];
  const sumOf = (orderId: number): Sum => {
    let sum = sums.get(orderId);
    if (!sum) sums.set(orderId, (sum = { filled: 0, reason: null, price: null, quantity: null }));
    return sum;
  };
  const trade = (one: FoldedTrade): void => {
    trades.push(one);
    sumOf(one.takerOrderId).filled += one.quantity;
    sumOf(one.makerOrderId).filled += one.quantity;
  };
  for (const event of events) {
    switch (event.type) {
      case 'order_accepted':
        placed.set(event.orderId, placedBy(command, event.line));
        break;
      case 'trade_executed':
        trade({ ...event, call: false });
        break;
      case 'uncrossed':
        for (const one of tradesOf(event)) trade(one);
        break;
      case 'order_cancelled':
        sumOf(event.orderId).reason = event.reason;
        break;
      case 'orders_cancelled':
        for (const orderId of event.orderIds) sumOf(orderId).reason = event.reason;
        break;
      case 'order_amended':
        if (command.type !== 'amend_order') throw new Error(`an order amended by ${command.type}`);
        Object.assign(sumOf(event.orderId), { price: command.price, quantity: command.quantity });
        break;
      default:
        break;
    }
  }
  return {
    placed: [...placed].map(([orderId, order]) => {
      const { filled, reason } = sums.get(orderId) ?? { filled: 0, reason: null };
      return { orderId, ...order, filled, reason };
    }),
    changed: [...sums]
      .filter(([orderId]) => !placed.has(orderId))
      .map(([orderId, sum]) => ({ orderId, ...sum })),
    trades,
  };
}

function tradesOf(event: Extract<MarketEvent, { type: 'uncrossed' }>): FoldedTrade[] {
  const { price, firstTradeNumber } = event;
  if (price === null) return [];
  return event.trades.map(({ buyOrderId, sellOrderId, quantity }, index) => ({
    tradeNumber: firstTradeNumber + index,
    takerOrderId: buyOrderId,
    makerOrderId: sellOrderId,
    price,
    quantity,
    call: true,
  }));
}

function placedBy(
  command: Command,
  line: number | undefined,
): Pick<FoldedOrder, 'accountId' | 'line' | 'request'> {
  if (command.type === 'place_order') return { accountId: command.accountId, line: null, request: command };
  const request = command.type === 'place_orders' ? command.orders[line ?? -1] : undefined;
  if (command.type !== 'place_orders' || !request) throw new Error(`an order accepted from ${command.type}`);
  return { accountId: command.accountId, line: line ?? null, request };
}
