/**
 * The loop everything waits for: an incoming order against the other side of the book.
 *
 * Fields are held in locals, nothing is allocated, and whom an order may not meet is decided on two
 * fields of the resting order already in the cache.
 */
import { bit } from './accounts.ts';
import type { Book } from './book.ts';
import { LEVEL_FIELD, ORDER_FIELD } from './layout.ts';
import { EVENT, FLAG, type Side } from './types.ts';

const { NEXT, LEFT, AT, ID, KIND, ACCOUNT, GROUP } = ORDER_FIELD;
const { BITS: LEVEL_BITS, TOTAL_BITS, TOTAL } = LEVEL_FIELD;
const { TRADE, SELF_TRADE_SKIPPED } = EVENT;
const { CREDIT } = FLAG;

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
  const { events, memory } = book;
  const other = opposite(side);
  const last = Math.min(memory.level(other, limit), memory.end(other) - 1);
  let level = memory.best[other]!;
  if (level > last) return quantity;
  const { orders, levels } = memory;
  const group = book.accounts.groups[account]! || NO_RESTING_GROUP;
  const credit = flags & CREDIT;
  const partners = credit === 0 ? NOBODY : book.accounts.partners(account);
  let left = quantity;
  let own = false;
  do {
    const price = memory.price(other, level);
    let slot = levels[level << LEVEL_BITS]!;
    let taken = 0;
    do {
      const next = orders[slot + NEXT]!;
      const resting = orders[slot + LEFT]!;
      if (orders[slot + GROUP] === group) {
        if (!own) {
          const met = resting < left ? resting : left;
          events.push(SELF_TRADE_SKIPPED, id, orders[slot + ID]!, price, met, 0);
          own = true;
        }
      } else if ((orders[slot + KIND]! & credit) === 0 || bit(partners, orders[slot + ACCOUNT]!)) {
        if (resting > left) {
          orders[slot + LEFT] = resting - left;
          taken += left;
          events.push(TRADE, id, orders[slot + ID]!, price, left, resting - left);
          left = 0;
        } else {
          taken += resting;
          left -= resting;
          events.push(TRADE, id, orders[slot + ID]!, price, resting, 0);
          memory.detach(slot, level);
        }
      }
      slot = next;
    } while (slot !== 0 && left !== 0);
    memory.totals[(level << TOTAL_BITS) + TOTAL]! -= taken;
    if (levels[level << LEVEL_BITS] === 0) memory.clear(level, other);
    if (left === 0) return 0;
    level = memory.next(level);
  } while (level <= last);
  return own ? 0 - left : left;
}

/**
 * How much up to `needed` an order could execute at once; the price it would begin at goes into
 * `book.firstPrice`. Changes nothing else.
 */
export function obtainable(
  book: Book,
  account: number,
  side: Side,
  limit: number,
  flags: number,
  needed: number,
): number {
  const { memory } = book;
  const { orders } = memory;
  const other = opposite(side);
  const last = Math.min(memory.level(other, limit), memory.end(other) - 1);
  const group = book.accounts.groups[account]! || NO_RESTING_GROUP;
  const credit = flags & CREDIT;
  const partners = book.accounts.partners(account);
  let found = 0;
  for (let level = memory.best[other]!; level <= last; level = memory.next(level)) {
    for (let slot = memory.levels[level << LEVEL_BITS]!; slot !== 0; slot = orders[slot + NEXT]!) {
      if (orders[slot + GROUP] === group) continue;
      if ((orders[slot + KIND]! & credit) !== 0 && !bit(partners, orders[slot + ACCOUNT]!)) continue;
      if (found === 0) book.firstPrice = orders[slot + AT]!;
      found += orders[slot + LEFT]!;
      if (found >= needed) return found;
    }
  }
  return found;
}

function opposite(side: Side): Side {
  return (side ^ 1) as Side;
}
