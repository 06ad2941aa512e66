/**
 * The loop everything waits for: an incoming order against the other side of the book.
 *
 * Fields are held in locals, nothing is allocated, and whom an order may not meet is decided on two
 * fields of the resting order already in the cache.
 */
import { bit } from './accounts.ts';
import type { Book } from './book.ts';
import { ACCOUNT, AT, GROUP, ID, KIND, LEFT, NEXT } from './pool.ts';
import { BUY, EVENT, FLAG, type Side } from './types.ts';

const NOBODY = new Int32Array(0);
/** No order has it: an incoming order without an owner group is never its own counterparty. */
const NO_RESTING_GROUP = -1;

/**
 * Executes what it can and gives what is left of `quantity`: negative when its own group's orders stood in
 * the way, so that the rest must not stay.
 */
export function match(
  book: Book,
  id: number,
  account: number,
  side: Side,
  limit: number,
  quantity: number,
  flags: number,
): number {
  const ladder = side === BUY ? book.sells : book.buys;
  const last = Math.min(ladder.key(limit) - ladder.base, ladder.width - 1);
  let index = ladder.best;
  if (index > last) return quantity;
  const { events, index: ids, pool: slots } = book;
  const pool = slots.data;
  const group = book.accounts.groups[account]! || NO_RESTING_GROUP;
  const credit = flags & FLAG.CREDIT;
  const partners = credit === 0 ? NOBODY : book.accounts.partners(account);
  let left = quantity;
  let own = false;
  do {
    const price = ladder.price(index);
    let slot = ladder.head(index);
    let taken = 0;
    do {
      const next = pool[slot + NEXT]!;
      const resting = pool[slot + LEFT]!;
      if (pool[slot + GROUP] === group) {
        if (!own) {
          const met = resting < left ? resting : left;
          events.push(EVENT.SELF_TRADE_SKIPPED, id, pool[slot + ID]!, price, met, 0);
          own = true;
        }
      } else if ((pool[slot + KIND]! & credit) === 0 || bit(partners, pool[slot + ACCOUNT]!)) {
        if (resting > left) {
          pool[slot + LEFT] = resting - left;
          taken += left;
          events.push(EVENT.TRADE, id, pool[slot + ID]!, price, left, resting - left);
          left = 0;
        } else {
          taken += resting;
          left -= resting;
          events.push(EVENT.TRADE, id, pool[slot + ID]!, price, resting, 0);
          ladder.detach(slot, index);
          ids.delete(pool[slot + ID]!);
          slots.give(slot);
        }
      }
      slot = next;
    } while (slot !== 0 && left !== 0);
    ladder.totals[index]! -= taken;
    if (ladder.head(index) === 0) ladder.clear(index);
    if (left === 0) return 0;
    index = ladder.next(index);
  } while (index <= last);
  return own ? 0 - left : left;
}

/** How much up to `needed` an order could execute at once, and the first price it would take. Changes nothing. */
export function obtainable(
  book: Book,
  account: number,
  side: Side,
  limit: number,
  flags: number,
  needed: number,
): { quantity: number; price: number } {
  const ladder = side === BUY ? book.sells : book.buys;
  const pool = book.pool.data;
  const last = Math.min(ladder.key(limit) - ladder.base, ladder.width - 1);
  const group = book.accounts.groups[account]! || NO_RESTING_GROUP;
  const credit = flags & FLAG.CREDIT;
  const partners = book.accounts.partners(account);
  const found = { quantity: 0, price: 0 };
  for (let index = ladder.best; index <= last; index = ladder.next(index)) {
    for (let slot = ladder.head(index); slot !== 0; slot = pool[slot + NEXT]!) {
      if (pool[slot + GROUP] === group) continue;
      if ((pool[slot + KIND]! & credit) !== 0 && !bit(partners, pool[slot + ACCOUNT]!)) continue;
      if (found.quantity === 0) found.price = pool[slot + AT]!;
      found.quantity += pool[slot + LEFT]!;
      if (found.quantity >= needed) return found;
    }
  }
  return found;
}
