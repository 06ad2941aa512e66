/** What a company sees of itself in one market. */
import type { MyFill, MyLimits, MyOrder } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { massText, priceText } from '../grid.ts';
import type { LiveMarket } from './live-market.ts';
import { type OwnFill, type OwnOrder, OwnBook } from './own-book.ts';

type Mine = { readonly orders: MyOrder[]; readonly fills: MyFill[]; readonly limits: MyLimits };

/** Open orders, the newest fills, the limits. */
export function mineFields(market: LiveMarket, accountId: string): Mine {
  const own = market.own.get(accountId) ?? new OwnBook();
  return fieldsOf(market, own, { orders: own.openOrders(), fills: own.newestFills() });
}

/** What changed after `prev` and up to `seq`; undefined when that is forgotten. */
export function mineSince(
  market: LiveMarket,
  accountId: string,
  { prev, seq }: { readonly prev: number; readonly seq: number },
): Mine | undefined {
  const own = market.own.get(accountId) ?? new OwnBook();
  const part = own.between(prev, seq);
  return part && fieldsOf(market, own, part);
}

function fieldsOf(
  market: LiveMarket,
  own: OwnBook,
  { orders, fills }: { readonly orders: readonly OwnOrder[]; readonly fills: readonly OwnFill[] },
): Mine {
  const { cancelOnDisconnectAt: cancelAt } = own;
  return {
    orders: orders.map((order) => orderOf(market, order)),
    fills: fills.map((fill) => fillOf(market, fill)),
    limits: {
      admitted: own.admitted,
      exposureLimit: formatMoney(BigInt(own.exposureLimit)),
      cancelOnDisconnectAt: cancelAt === null ? null : new Date(cancelAt).toISOString(),
    },
  };
}

function orderOf({ terms }: LiveMarket, order: OwnOrder): MyOrder {
  return {
    orderId: order.orderId,
    commandId: order.commandId,
    line: order.line,
    side: order.side,
    price: priceText(terms, order.price),
    quantity: massText(terms, order.quantity),
    filled: massText(terms, order.quantity - order.remaining),
    remaining: massText(terms, order.remaining),
    timeInForce: order.timeInForce as MyOrder['timeInForce'],
    expiresAt: order.expiresAt === null ? null : new Date(order.expiresAt).toISOString(),
    state: order.state,
    reason: order.reason,
    at: new Date(order.at).toISOString(),
  };
}

function fillOf({ terms }: LiveMarket, fill: OwnFill): MyFill {
  return {
    tradeNumber: fill.tradeNumber,
    orderId: fill.orderId,
    side: fill.side,
    price: priceText(terms, fill.price),
    quantity: massText(terms, fill.quantity),
    at: new Date(fill.at).toISOString(),
  };
}
