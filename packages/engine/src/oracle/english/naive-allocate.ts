/** Who gets how much, by looking for the best bid again and again, and sharing with fractions. */
import { lots } from '@seam/units';
import type { Standing } from '../../types.ts';
import type { MarginRule } from '../../pricing/line.ts';

export type NaiveBid = Pick<Standing, 'accountId' | 'price' | 'quantity' | 'minimumAcceptable' | 'seq'>;

export type NaiveOutcome = { standing: Standing[]; left: number; marginalPrice: number | null };

export function naiveAllocate(bids: readonly NaiveBid[], quantity: number, margin: MarginRule): NaiveOutcome {
  let left = quantity;
  const standing: Standing[] = [];
  let pool = naiveOrder(bids);
  while (pool.length > 0) {
    const together =
      margin === 'pro_rata' ? pool.filter((bid) => bid.price === pool[0]?.price) : pool.slice(0, 1);
    pool = pool.filter((bid) => !together.includes(bid));
    const shares = margin === 'pro_rata' ? naiveShares(together, left) : [naiveTake(together[0], left)];
    together.forEach((bid, index) => {
      const { accountId, price, minimumAcceptable, seq } = bid;
      const allocated = lots(shares[index] ?? 0);
      standing.push({ accountId, price, quantity: bid.quantity, minimumAcceptable, allocated, seq });
      left -= allocated;
    });
  }
  const prices = standing.filter((line) => line.allocated > 0).map((line) => line.price);
  return { standing, left, marginalPrice: left === 0 ? Math.min(...prices) : null };
}

/** Dearest first, among those the largest, among those the oldest. */
function naiveOrder(bids: readonly NaiveBid[]): NaiveBid[] {
  return bids.toSorted((a, b) => {
    if (a.price !== b.price) return a.price > b.price ? -1 : 1;
    if (a.quantity !== b.quantity) return a.quantity > b.quantity ? -1 : 1;
    return a.seq < b.seq ? -1 : 1;
  });
}

function naiveTake(bid: NaiveBid | undefined, left: number): number {
  if (bid === undefined || left === 0) return 0;
  if (left >= bid.quantity) return bid.quantity;
  return left >= bid.minimumAcceptable ? left : 0;
}

/** Sends away one after the other who insists on more than its part, the most demanding first. */
export function naiveShares(level: readonly NaiveBid[], available: number): number[] {
  const gone = new Set<NaiveBid>();
  for (;;) {
    const staying = level.filter((bid) => !gone.has(bid));
    const asked = staying.reduce((sum, bid) => sum + BigInt(bid.quantity), 0n);
    if (asked <= BigInt(available)) return level.map((bid) => (gone.has(bid) ? 0 : bid.quantity));
    const unhappy = staying.filter(
      (bid) => BigInt(bid.quantity) * BigInt(available) < BigInt(bid.minimumAcceptable) * asked,
    );
    if (unhappy.length === 0) return naiveRounded(level, gone, available);
    const most = Math.max(...unhappy.map((bid) => bid.minimumAcceptable));
    const demanding = naiveOrder(unhappy.filter((bid) => bid.minimumAcceptable === most));
    const last = demanding.at(-1);
    if (last) gone.add(last);
  }
}

function naiveRounded(level: readonly NaiveBid[], gone: ReadonlySet<NaiveBid>, available: number): number[] {
  const asked = level.reduce((sum, bid) => sum + (gone.has(bid) ? 0n : BigInt(bid.quantity)), 0n);
  const exact = level.map((bid) => (gone.has(bid) ? 0n : BigInt(bid.quantity) * BigInt(available)));
  const won = exact.map((share) => Number(share / asked));
  const rest = exact.map((share) => share % asked);
  for (let over = available - won.reduce((sum, share) => sum + share, 0); over > 0; over -= 1) {
    let next = -1;
    level.forEach((bid, index) => {
      const best = level[next];
      const [mine, theirs] = [rest[index] ?? 0n, rest[next] ?? -1n];
      const isBetter = mine > theirs || (mine === theirs && best !== undefined && bid.seq < best.seq);
      if (!gone.has(bid) && isBetter) next = index;
    });
    won[next] = (won[next] ?? 0) + 1;
    rest[next] = -1n;
  }
  return won;
}
