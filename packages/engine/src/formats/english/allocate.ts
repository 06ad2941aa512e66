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
  return serve(bids.toSorted(comparePriority), quantity);
}

/** The last answer: deciding on a bid and applying it ask the same thing one after the other. */
let last: { standing: readonly Bid[]; bid: Bid; quantity: Lots; after: Allocation } | undefined;

/** The standing, best first, once `bid` has taken the place of its account's earlier one. */
export function withBid(standing: readonly Bid[], bid: Bid, quantity: Lots): Allocation {
  if (last?.standing === standing && last.quantity === quantity && isSameBid(last.bid, bid))
    return last.after;
  const ranked: Bid[] = [];
  let placed = false;
  for (const line of standing) {
    if (line.accountId === bid.accountId) continue;
    if (!placed && comparePriority(bid, line) < 0) {
      ranked.push(bid);
      placed = true;
    }
    ranked.push(line);
  }
  if (!placed) ranked.push(bid);
  const after = serve(ranked, quantity);
  last = { standing, bid, quantity, after };
  return after;
}

const NONE = lots(0);

/** Serves bids in the order they come in. */
function serve(ranked: readonly Bid[], quantity: Lots): Allocation {
  const standing: Standing[] = [];
  let rest: number = quantity;
  let lowest: Ticks | null = null;
  for (const bid of ranked) {
    const offered = rest < bid.quantity ? lots(rest) : bid.quantity;
    const allocated = offered < bid.minimumAcceptable ? NONE : offered;
    rest -= allocated;
    if (allocated > 0) lowest = bid.price;
    standing.push(standingLine(bid, allocated, standing.length + 1));
  }
  return { standing, unallocated: lots(rest), marginalPrice: rest === 0 ? lowest : null };
}

function isSameBid(a: Bid, b: Bid): boolean {
  return (
    a.seq === b.seq &&
    a.accountId === b.accountId &&
    a.price === b.price &&
    a.quantity === b.quantity &&
    a.minimumAcceptable === b.minimumAcceptable
  );
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
