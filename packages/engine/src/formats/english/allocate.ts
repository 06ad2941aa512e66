/**
 * Who would get how much if bidding ended now.
 *
 * Better price first, then larger quantity, then earlier bid. Each bid in turn takes what is left
 * up to its quantity; one that would get less than it accepts gets nothing and the next is tried
 * ("skip and continue"), so a smaller bid below may win where a larger all-or-none bid did not.
 */
import { type Lots, type Ticks, lots } from '@seam/units';
import type { Standing } from './types.ts';

/** A bid before anything is allocated to it. `seq` is the journal seq that accepted it. */
export type Bid = Omit<Standing, 'allocated' | 'rank'>;

export type Allocation = {
  /** Every bid, best first, with what it wins. */
  readonly standing: readonly Standing[];
  /** Lots nobody wins. */
  readonly unallocated: Lots;
  /** Lowest price that wins a lot, once every lot is won; null while some are unsold. */
  readonly marginalPrice: Ticks | null;
};

/** Allocates `quantity` lots among `bids`, which may come in any order and hold one per account. */
export function allocate(bids: readonly Bid[], quantity: Lots): Allocation {
  const standing: Standing[] = [];
  let rest: number = quantity;
  let lowest: Ticks | null = null;
  for (const bid of bids.toSorted(comparePriority)) {
    const offered = Math.min(bid.quantity, rest);
    const allocated = offered < bid.minimumAcceptable ? 0 : offered;
    rest -= allocated;
    if (allocated > 0) lowest = bid.price;
    standing.push(standingLine(bid, lots(allocated), standing.length + 1));
  }
  return { standing, unallocated: lots(rest), marginalPrice: rest === 0 ? lowest : null };
}

/** The standing once `bid` has taken the place of its account's earlier one. */
export function withBid(standing: readonly Bid[], bid: Bid, quantity: Lots): Allocation {
  return allocate([...standing.filter((line) => line.accountId !== bid.accountId), bid], quantity);
}

/** Negative when `a` goes before `b`. Total: no two bids share a seq. */
export function comparePriority(a: Bid, b: Bid): number {
  return b.price - a.price || b.quantity - a.quantity || a.seq - b.seq;
}

/** Written out, not spread: one key order, whatever the bid came from. */
function standingLine(bid: Bid, allocated: Lots, rank: number): Standing {
  const { accountId, price, quantity, minimumAcceptable, seq } = bid;
  return { accountId, price, quantity, minimumAcceptable, allocated, rank, seq };
}
