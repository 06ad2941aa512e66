/**
 * Sharing lots among bids of one price, in proportion to what they ask for.
 *
 * 1. Who insists on more than its share gets none. Those who insist on most are asked first (then,
 *    among equals, the last in priority): a bid is left out when its exact share, quantity × available
 *    ÷ total asked for, is under its `minimumAcceptable`. Each one left out makes the shares of the
 *    rest larger, so nobody asked before needs to be asked again: one pass ends it, in one order.
 * 2. If the rest can be served in full, they are.
 * 3. Otherwise each gets its exact share rounded down, and the lots still over go one each to the
 *    largest remainders, the earlier bid first where remainders are equal. Rounding never undoes
 *    step 1: an exact share at or above a whole number stays there when rounded down.
 *
 * Why those who insist on most first: then a bidder never wins more by bidding less. Leaving out the
 * smallest first, say, an all-or-none bid of 5 lots could lose against one of 9 that in the end gets
 * nothing either, and would have won behind it.
 */
import type { BidLine } from './line.ts';

/** @returns lots for each bid of `level`, together at most `available`. */
export function proRata(level: readonly BidLine[], available: number): readonly number[] {
  const total = level.reduce((sum, bid) => sum + bid.quantity, 0);
  if (total <= available) return level.map((bid) => bid.quantity);
  if (level.length === 1 && level[0]) {
    return [available < level[0].minimumAcceptable ? 0 : available];
  }
  const { takers, asked } = willing(level, total, available);
  if (asked <= available) return level.map((bid) => (takers.has(bid) ? bid.quantity : 0));
  return inProportion(level, takers, { asked, available });
}

type Willing = { readonly takers: ReadonlySet<BidLine>; readonly asked: number };

function willing(level: readonly BidLine[], total: number, available: number): Willing {
  const takers = new Set(level);
  let asked = total;
  for (const bid of level.toSorted(compareInsistence)) {
    if (bid.minimumAcceptable === 0 || asked <= available) break;
    if (!isLess(bid.quantity, available, bid.minimumAcceptable, asked)) continue;
    takers.delete(bid);
    asked -= bid.quantity;
  }
  return { takers, asked };
}

/** Who insists on most first; among equals the last in priority. */
function compareInsistence(a: BidLine, b: BidLine): number {
  return b.minimumAcceptable - a.minimumAcceptable || a.quantity - b.quantity || b.seq - a.seq;
}

function inProportion(
  level: readonly BidLine[],
  takers: ReadonlySet<BidLine>,
  { asked, available }: { readonly asked: number; readonly available: number },
): readonly number[] {
  const won = level.map(() => 0);
  const rests: { readonly place: number; readonly rest: number; readonly seq: number }[] = [];
  let over = available;
  level.forEach((bid, place) => {
    if (!takers.has(bid)) return;
    const [share, rest] = multiplyDivide(bid.quantity, available, asked);
    won[place] = share;
    over -= share;
    rests.push({ place, rest, seq: bid.seq });
  });
  // Fewer are over than there are takers: each was rounded down by less than one.
  rests.sort((a, b) => b.rest - a.rest || a.seq - b.seq);
  for (const { place } of rests.slice(0, over)) won[place] = (won[place] ?? 0) + 1;
  return won;
}

/** Whether a × b < c × d, exactly. */
function isLess(a: number, b: number, c: number, d: number): boolean {
  const left = a * b;
  const right = c * d;
  if (left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER) return left < right;
  return BigInt(a) * BigInt(b) < BigInt(c) * BigInt(d);
}

/** Whole quotient and remainder of a × b ÷ divisor, exactly; both are below 2^53. */
function multiplyDivide(a: number, b: number, divisor: number): readonly [number, number] {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) return [Math.floor(product / divisor), product % divisor];
  const exact = BigInt(a) * BigInt(b);
  return [Number(exact / BigInt(divisor)), Number(exact % BigInt(divisor))];
}
