/** Many orders out of the book at once, in one event. */
import { remove } from '../book/index.ts';
import { type Act, tell } from './act.ts';
import type { CancelReason } from './types.ts';

/** `orders`: ids of resting orders, in any order. */
export function cancelAll(act: Act, orders: Iterable<number>, reason: CancelReason): void {
  const orderIds = [...orders].sort((a, b) => a - b);
  for (const orderId of orderIds) remove(act.market.book, orderId);
  tell(act, { type: 'orders_cancelled', orderIds, reason });
}
