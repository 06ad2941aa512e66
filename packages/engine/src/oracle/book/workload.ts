/**
 * Seeded commands for the order book, aimed at what rests: prices around the best, ids that live, have ended, belong
 * to others or never were, quantities and prices at their limits and one beside.
 */
import type { BookDump } from '../../book/dump.ts';
import { AMOUNT_MAX, FLAG, QUANTITY_MAX, type Side } from '../../book/types.ts';
import type { Margin } from '../../book/uncross.ts';

export type BookCommand =
  | {
      readonly type: 'place';
      readonly id: number;
      readonly account: number;
      readonly side: Side;
      readonly price: number;
      readonly quantity: number;
      readonly flags: number;
      readonly minimum: number;
    }
  | { readonly type: 'cancel'; readonly id: number; readonly account: number; readonly reason: number }
  | {
      readonly type: 'amend';
      readonly id: number;
      readonly account: number;
      readonly price: number;
      readonly quantity: number;
      readonly flags: number;
    }
  | { readonly type: 'band'; readonly low: number; readonly high: number }
  | { readonly type: 'limit'; readonly account: number; readonly limit: number }
  | { readonly type: 'release'; readonly account: number; readonly amount: number }
  /** A line granted may let resting orders meet. */
  | { readonly type: 'line'; readonly from: number; readonly to: number; readonly granted: boolean }
  | { readonly type: 'uncross'; readonly reference: number | null; readonly margin: Margin };

/** Numbers to draw from: `next(n)` is one of 0..n-1. */
export type Dice = { readonly next: (sides: number) => number };

/** A seeded stream: the same seed, the same commands. */
export function dice(seed: number): Dice {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return {
    next: (sides) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % sides;
    },
  };
}

/** What the generator may look at. */
export type Seen = Pick<BookDump, 'orders' | 'low' | 'high' | 'accounts'>;

const MIDDLE = 1_000;
/** Accounts of one group, of groups of their own, and one of none. */
export const START: BookDump = {
  low: 900,
  high: 1_100,
  notionalMax: 60_000,
  accounts: [1, 1, 2, 2, 3, 4, 5, 6, 7, 0].map((group, account) => ({
    group,
    limit: account < 3 ? 150_000 : AMOUNT_MAX,
    exposure: 0,
    lines: [],
  })),
  orders: [],
};

/** With calls, every other so many commands collect, and a call auction ends it. */
const PHASE = 40;

/** The next command. `calls`: whether call phases and call auctions come up. */
export function nextCommand({ next }: Dice, seen: Seen, id: number, calls: boolean): BookCommand {
  const account = next(seen.accounts.length);
  const kind = next(1_000);
  const collecting = calls && id % (2 * PHASE) < PHASE;
  if (calls && id % (2 * PHASE) === PHASE) return uncross();
  const crowded = seen.orders.length > 60;
  if (kind < (crowded ? 400 : 560)) return place(account);
  if (kind < 800) return { type: 'cancel', ...target(), reason: 1 + next(7) };
  if (kind < 950)
    return { type: 'amend', ...target(), price: price(), quantity: quantity(), flags: amendFlags() };
  if (kind < 965)
    return { type: 'line', from: account, to: next(seen.accounts.length), granted: next(4) > 0 };
  if (kind < 975) return { type: 'limit', account: next(3), limit: next(300_000) };
  if (kind < 990) return release(account);
  if (kind < 994) return { type: 'band', low: 880 + next(60), high: 1_060 + next(60) };
  return calls ? uncross() : place(account);

  function uncross(): BookCommand {
    const reference = next(3) === 0 ? null : MIDDLE - 20 + next(40);
    return { type: 'uncross', reference, margin: next(2) === 0 ? 'time' : 'pro_rata' };
  }

  function place(owner: number): BookCommand {
    const flags = placeFlags();
    const size = quantity();
    const minimum = next(8) === 0 ? next(Math.min(size, 50) + 2) : 0;
    const side: Side = next(2) === 0 ? 0 : 1;
    return { type: 'place', id, account: owner, side, price: price(), quantity: size, flags, minimum };
  }

  function placeFlags(): number {
    const credit = next(2) === 0 ? FLAG.CREDIT : 0;
    const kind = next(collecting ? 200 : 20);
    if (collecting && kind < 7) return credit | FLAG.COLLECT | (1 << next(3));
    if (kind < 3) return credit | FLAG.IMMEDIATE_OR_CANCEL;
    if (kind < 5) return credit | FLAG.FILL_OR_KILL;
    if (kind < 7) return credit | FLAG.POST_ONLY;
    return collecting ? credit | FLAG.COLLECT : credit;
  }

  function amendFlags(): number {
    const kind = next(12);
    return kind === 0 ? FLAG.POST_ONLY : kind === 1 ? FLAG.REQUEUE : collecting ? FLAG.COLLECT : 0;
  }

  function price(): number {
    const edge = [seen.low - 1, seen.low, seen.high, seen.high + 1, 0, -1, 2 ** 31, 1_000.5, NaN];
    return next(60) === 0 ? edge[next(edge.length)]! : MIDDLE - 8 + next(16);
  }

  function quantity(): number {
    const edge = [0, -1, 1, 60, 61, QUANTITY_MAX, QUANTITY_MAX + 1, 1.5];
    return next(60) === 0 ? edge[next(edge.length)]! : 1 + next(12);
  }

  /** A living order as its owner, as somebody else, or as the market; an ended one; none. */
  function target(): { id: number; account: number } {
    const order = seen.orders[next(Math.max(1, seen.orders.length))];
    const kind = next(20);
    if (order && kind < 14) return { id: order.id, account: order.account };
    if (order && kind < 16) return { id: order.id, account: -1 };
    if (order && kind < 17) return { id: order.id, account };
    if (kind < 19) return { id: 1 + next(id), account };
    return { id: [0, -1, id + 1_000, 2 ** 31, 1.5][next(5)]!, account };
  }

  function release(account: number): BookCommand {
    const open = seen.orders
      .filter((order) => order.account === account)
      .reduce((sum, order) => sum + order.price * order.quantity, 0);
    return {
      type: 'release',
      account,
      amount: Math.floor((seen.accounts[account]!.exposure - open) / (1 + next(3))),
    };
  }
}
