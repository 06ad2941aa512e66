/** Who would get how much if bidding ended now: the rule of `pricing/serve.ts` over one auction's bids. */
import { type Lots, type Ticks, lots } from '@seam/units';
import { type MarginRule, comparePriority } from '../../pricing/line.ts';
import { serve, takes } from '../../pricing/serve.ts';
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
 * The standing once `bid` has taken the place of its account's earlier one: it moves to where it belongs
 * in an order that already holds, and lines nothing happened to are kept.
 */
export function withBid(
  standing: readonly Standing[],
  bid: Bid,
  { quantity, margin }: { readonly quantity: Lots; readonly margin: MarginRule },
): Allocation {
  const added = unserved(bid);
  const ordered = standing.slice();
  let place = standing.findIndex((line) => line.accountId === bid.accountId);
  if (place < 0) place = ordered.push(added) - 1;
  for (
    let above = ordered[place - 1];
    above && comparePriority(added, above) < 0;
    above = ordered[place - 1]
  ) {
    ordered[place] = above;
    place -= 1;
  }
  for (
    let below = ordered[place + 1];
    below && comparePriority(added, below) > 0;
    below = ordered[place + 1]
  ) {
    ordered[place] = below;
    place += 1;
  }
  ordered[place] = added;
  return settle(ordered, quantity, margin);
}

/** @param standing in order of priority; its lines are replaced where they win something else than before. */
function settle(standing: Standing[], quantity: Lots, margin: MarginRule): Allocation {
  const shares = margin === 'pro_rata' ? serve(standing, quantity, margin) : null;
  let rest: number = quantity;
  let lowest: Ticks | null = null;
  for (let place = 0; place < standing.length; place += 1) {
    const line = standing[place]!;
    const allocated = shares === null ? takes(line, rest) : (shares[place] ?? 0);
    if (allocated > 0) lowest = line.price;
    rest -= allocated;
    if (line.allocated !== allocated) standing[place] = lineOf(line, lots(allocated));
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
