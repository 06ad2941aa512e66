/** What an entry of the journal says to the sender of an order, in the words of the wire. */
import type { Event, MarketEvent } from '@seam/engine';
import type { CancelOutcome, OrderOutcome, OrdersOutcome } from '@seam/protocol';
import { divideHalfEven, formatMoney } from '@seam/units';
import { type GridTerms, gridOf, massText } from '../grid.ts';
import { publicRejection } from '../rejection-codes.ts';

type Placed = { readonly orderId: number; readonly quantity: number };

/** @param quantity of the order, lots. */
export function orderOutcome(terms: GridTerms, events: readonly Event[], quantity: number): OrderOutcome {
  const accepted = (events as readonly MarketEvent[]).find((event) => event.type === 'order_accepted');
  if (accepted?.type !== 'order_accepted') throw new Error('an accepted order without its event');
  return outcomeOf(terms, events as readonly MarketEvent[], { orderId: accepted.orderId, quantity });
}

/** @param quantities of the batch's orders, lots, by line. */
export function ordersOutcome(
  terms: GridTerms,
  events: readonly Event[],
  quantities: readonly number[],
): OrdersOutcome {
  const all = events as readonly MarketEvent[];
  const lines = quantities.map((quantity, line): OrdersOutcome['lines'][number] => {
    for (const event of all) {
      if (event.type === 'order_accepted' && event.line === line)
        return outcomeOf(terms, all, { orderId: event.orderId, quantity });
      if (event.type === 'order_rejected' && event.line === line) {
        const { code, accepted } = publicRejection(event.rejection, terms);
        return { status: 'rejected', code, accepted: { ...accepted } };
      }
    }
    throw new Error(`line ${line} of a batch has no outcome`);
  });
  return { status: 'accepted', lines };
}

export function cancelOutcome(events: readonly Event[]): CancelOutcome {
  const cancelled = (events as readonly MarketEvent[]).flatMap((event) => {
    if (event.type === 'order_cancelled') return [event.orderId];
    return event.type === 'orders_cancelled' ? [...event.orderIds] : [];
  });
  return { status: 'accepted', cancelled };
}

/** Also of an amend: what has traded in this entry, and what is left. */
export function outcomeOf(
  terms: GridTerms,
  events: readonly MarketEvent[],
  { orderId, quantity }: Placed,
): OrderOutcome {
  let filled = 0;
  let value = 0n;
  let reason: string | null = null;
  for (const event of events) {
    if (event.type === 'trade_executed' && event.takerOrderId === orderId) {
      filled += event.quantity;
      value += BigInt(event.price) * BigInt(event.quantity);
    } else if (event.type === 'order_cancelled' && event.orderId === orderId) reason = event.reason;
  }
  const left = reason === null ? quantity - filled : 0;
  const { tickSize } = gridOf(terms);
  return {
    status: 'accepted',
    orderId,
    state: reason !== null ? 'cancelled' : left === 0 ? 'filled' : 'resting',
    filled: massText(terms, filled),
    remaining: massText(terms, left),
    averagePrice: filled === 0 ? null : formatMoney(divideHalfEven(value * tickSize, BigInt(filled))),
    reason,
  };
}
