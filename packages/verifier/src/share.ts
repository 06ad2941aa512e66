/** Sharing and comparing, in exact integers. */
import type { Bid } from './chain.ts';

export function compare([a, b]: readonly [bigint, bigint], [c, d]: readonly [bigint, bigint]): number {
  return a * d < c * b ? -1 : a * d > c * b ? 1 : 0;
}

/** Whoever would get less than it accepts gets nothing, who insists on most first; the rest share, largest remainders first. */
export function inProportion(
  level: readonly Pick<Bid, 'quantity' | 'least' | 'seq'>[],
  available: number,
): number[] {
  const asked = (of: Iterable<Pick<Bid, 'quantity'>>): number =>
    [...of].reduce((sum, { quantity }) => sum + quantity, 0);
  const takers = new Set(level);
  for (const bid of [...level].sort(
    (a, b) => b.least - a.least || a.quantity - b.quantity || b.seq - a.seq,
  )) {
    if (
      asked(takers) > available &&
      BigInt(bid.quantity) * BigInt(available) < BigInt(bid.least) * BigInt(asked(takers))
    )
      takers.delete(bid);
  }
  const total = asked(takers);
  if (total <= available) return level.map((bid) => (takers.has(bid) ? bid.quantity : 0));
  const parts = level.map((bid, place) => ({
    bid,
    place,
    part: takers.has(bid) ? BigInt(bid.quantity) * BigInt(available) : 0n,
  }));
  const won = parts.map(({ part }) => Number(part / BigInt(total)));
  const over = available - won.reduce((sum, lots) => sum + lots, 0);
  const first = parts
    .filter(({ bid }) => takers.has(bid))
    .sort(
      (a, b) =>
        Number((b.part % BigInt(total)) - (a.part % BigInt(total))) ||
        a.bid.seq - b.bid.seq ||
        a.place - b.place,
    );
  for (const { place } of first.slice(0, over)) won[place]! += 1;
  return won;
}
