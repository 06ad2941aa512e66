/**
 * Who would get how much of a quantity, bids in order of priority.
 *
 * By time: each bid in turn takes what is left up to its quantity; one that would get less than it
 * accepts gets nothing and the next is tried ("skip and continue"), so a smaller bid below may win
 * where a larger all-or-none bid did not.
 *
 * Pro rata: all bids of one price are served together, in full while that is possible, otherwise in
 * proportion (`pro-rata.ts`). What a price level leaves, because some of it insist on more than
 * their share, goes on to the next level.
 */
import type { BidLine, MarginRule } from './line.ts';
import { proRata } from './pro-rata.ts';

/**
 * Lots won, one number for each of `ordered` (best first, by `comparePriority`). Never more than
 * `quantity` in all, never more than a bid asks for, never less than it accepts but nothing.
 */
export function serve(ordered: readonly BidLine[], quantity: number, margin: MarginRule): readonly number[] {
  return margin === 'pro_rata' ? serveByLevel(ordered, quantity) : serveInTurn(ordered, quantity);
}

/** What a bid takes of `rest` lots when it is its turn. */
export function takes(bid: BidLine, rest: number): number {
  const offered = Math.min(bid.quantity, rest);
  return offered < bid.minimumAcceptable ? 0 : offered;
}

function serveInTurn(ordered: readonly BidLine[], quantity: number): readonly number[] {
  const won: number[] = [];
  let rest = quantity;
  for (const bid of ordered) {
    const taken = takes(bid, rest);
    won.push(taken);
    rest -= taken;
  }
  return won;
}

function serveByLevel(ordered: readonly BidLine[], quantity: number): readonly number[] {
  const won: number[] = [];
  let rest = quantity;
  for (let start = 0; start < ordered.length; start = won.length) {
    const { end, total } = levelFrom(ordered, start);
    // Most levels are served in full or find nothing left; only between the two is something shared.
    const shares = rest > 0 && total > rest ? proRata(ordered.slice(start, end), rest) : null;
    const isFull = rest >= total;
    for (let place = start; place < end; place += 1) {
      const inFull = isFull ? (ordered[place]?.quantity ?? 0) : 0;
      const taken = shares === null ? inFull : (shares[place - start] ?? 0);
      won.push(taken);
      rest -= taken;
    }
  }
  return won;
}

/** Where the bids of one price that begin at `start` end, and what they ask for together. */
function levelFrom(
  ordered: readonly BidLine[],
  start: number,
): { readonly end: number; readonly total: number } {
  const price = ordered[start]?.price;
  let end = start;
  let total = 0;
  for (let bid = ordered[end]; bid !== undefined && bid.price === price; bid = ordered[end]) {
    total += bid.quantity;
    end += 1;
  }
  return { end, total };
}
