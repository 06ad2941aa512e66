/**
 * The last tenth of a limit. An account whose exposure has reached nine tenths of it may only reduce what it
 * holds: sell up to what it has bought, or buy up to what it has sold, unsettled trades counted and orders on
 * that side already open taken off. Amends that bind it to no more than before are always free.
 */
import { lots } from '@seam/units';
import { type Account, type Market, type Order, exposureOf, orderOf } from './state.ts';
import type { MarketRejection } from './types.ts';

type Wanted = { readonly side: Order['side']; readonly price: number; readonly quantity: number };

/** `instead`: the order that is amended. */
export function reduceOnly(
  market: Market,
  account: Account,
  { side, price, quantity }: Wanted,
  instead?: Order,
): MarketRejection | undefined {
  const exposure = exposureOf(market, account);
  if (exposure === 0 || exposure < reducingFrom(market, account)) return undefined;
  if (instead && price * quantity <= instead.price * (instead.quantity - instead.filled)) return undefined;
  const held = side === 'sell' ? account.position : -account.position;
  const quantityMaximum = Math.max(0, held - openLots(market, account, side, instead));
  return quantity <= quantityMaximum
    ? undefined
    : { code: 'order_reduce_only', quantityMaximum: lots(quantityMaximum) };
}

/** Nine tenths of the limit, rounded up, tick-lots. */
function reducingFrom({ book }: Market, { index }: Account): number {
  const limit = book.accounts.limit(index);
  return limit - Math.floor(limit / 10);
}

function openLots(market: Market, account: Account, side: Order['side'], except: Order | undefined): number {
  let open = 0;
  for (const orderId of account.orders) {
    const order = orderOf(market, orderId);
    if (order.side === side && order !== except) open += order.quantity - order.filled;
  }
  return open;
}
