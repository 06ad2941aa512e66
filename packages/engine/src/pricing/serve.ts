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
  while (won.length < ordered.length) {
    const level = levelAt(ordered, won.length);
    for (const taken of proRata(level, rest)) {
      won.push(taken);
      rest -= taken;
    }
  }
  return won;
}

/** The bids of one price, from `start` on. */
function levelAt(ordered: readonly BidLine[], start: number): readonly BidLine[] {
  let end = start + 1;
  while (end < ordered.length && ordered[end]?.price === ordered[start]?.price) end += 1;
  return ordered.slice(start, end);
}
