/** Who would get how much if bidding ended now: the rule of `pricing/serve.ts` over one auction's bids. */
import { type Lots, type Ticks, lots } from '@seam/units';
import { type MarginRule, comparePriority } from '../../pricing/line.ts';
import { serve } from '../../pricing/serve.ts';
import type { Standing } from './types.ts';

/** A bid before anything is allocated to it. `seq` is the journal seq that accepted it. */
export type Bid = Omit<Standing, 'allocated'>;

export type Allocation = {
  /** Every bid, best first, with what it wins. */
  readonly standing: readonly Standing[];
  /** Lots nobody wins. */
  readonly unallocated: Lots;
  /** Lowest price that wins a lot, once every lot is won; null while some are unsold. */
  readonly marginalPrice: Ticks | null;
};

/** Allocates `quantity` lots among `bids`, which may come in any order and hold one per account. */
export function allocate(bids: readonly Bid[], quantity: Lots, margin: MarginRule = 'time'): Allocation {
  return settle(bids.map(unserved).toSorted(comparePriority), quantity, margin);
}

/**
 * The standing once `bid` has taken the place of its account's earlier one. One pass: the bid is put
 * where it belongs in an order that already holds, and lines nothing happened to are kept.
 */
export function withBid(
  standing: readonly Standing[],
  bid: Bid,
  { quantity, margin }: { readonly quantity: Lots; readonly margin: MarginRule },
): Allocation {
  const ordered: Standing[] = [];
  const added = unserved(bid);
  let isPlaced = false;
  for (const line of standing) {
    if (line.accountId === bid.accountId) continue;
    if (!isPlaced && comparePriority(added, line) < 0) {
      ordered.push(added);
      isPlaced = true;
    }
    ordered.push(line);
  }
  if (!isPlaced) ordered.push(added);
  return settle(ordered, quantity, margin);
}

function settle(ordered: readonly Standing[], quantity: Lots, margin: MarginRule): Allocation {
  const won = serve(ordered, quantity, margin);
  const standing: Standing[] = [];
  let rest: number = quantity;
  let lowest: Ticks | null = null;
  for (const line of ordered) {
    const allocated = won[standing.length] ?? 0;
    if (allocated > 0) lowest = line.price;
    rest -= allocated;
    standing.push(line.allocated === allocated ? line : lineOf(line, lots(allocated)));
  }
  return { standing, unallocated: lots(rest), marginalPrice: rest === 0 ? lowest : null };
}

function unserved(bid: Bid): Standing {
  return lineOf(bid, lots(0));
}

/** Written out, not spread: one shape and key order, whatever the bid came from. */
function lineOf(bid: Bid, allocated: Lots): Standing {
  const { accountId, price, quantity, minimumAcceptable, seq } = bid;
  return { accountId, price, quantity, minimumAcceptable, allocated, seq };
}
