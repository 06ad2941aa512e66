/** A bid as pricing sees it: what it offers, what it insists on, and its place in time. */
import type { Lots, Ticks } from '@seam/units';

export type BidLine = {
  readonly price: Ticks;
  readonly quantity: Lots;
  /** Fewer lots than this it does not take: it then wins none. */
  readonly minimumAcceptable: Lots;
  /** Journal seq of the bid. No two bids share one. */
  readonly seq: number;
};

/** How bids at the lowest price that wins share what is left for them. */
export type MarginRule = 'time' | 'pro_rata';

/** Negative when `a` goes before `b`: better price, then larger quantity, then earlier. Total. */
export function comparePriority(a: BidLine, b: BidLine): number {
  return b.price - a.price || b.quantity - a.quantity || a.seq - b.seq;
}
