/** Ranking, serving and sharing, in exact integers. */
import type { Fields } from './chain.ts';

export type Bid = {
  readonly who: string;
  readonly price: number;
  readonly quantity: number;
  /** Fewer lots than this it does not take. */
  readonly least: number;
  /** The line that made it: the earlier one goes first. */
  readonly seq: number;
  /** What an offer declares besides its price. */
  readonly merit: Fields;
  /** Of a hidden maximum: from which line on its bidder was willing to pay how much. */
  readonly since: readonly { readonly price: number; readonly seq: number }[];
};
export type Won = Bid & { readonly won: number };
export type Fraction = readonly [bigint, bigint];

export const compare = ([a, b]: Fraction, [c, d]: Fraction): number =>
  Number(a * d > c * b) - Number(a * d < c * b);
export const total = (bids: Iterable<{ readonly quantity: number }>): number =>
  [...bids].reduce((sum, { quantity }) => sum + quantity, 0);
export const isBuying = ({ format, direction }: Fields): boolean =>
  direction === 'buy' || format.startsWith('reverse');

/** Less is better: a price where it rises; where a buyer asks, what a tonne costs it by its scoring rule. */
export function score(terms: Fields, { price, merit }: Pick<Bid, 'price' | 'merit'>): Fraction {
  if (!isBuying(terms)) return [-BigInt(price), 1n];
  const money = BigInt(price) * BigInt(terms.tickSize);
  const { mode, calorificReference } = terms.scoring;
  if (mode === 'price') return [money, 1n];
  if (mode === 'mixed') {
    const coefficient = BigInt(merit.coefficient);
    return [money * 10_000n + BigInt(merit.addition) * coefficient, coefficient];
  }
  const heat = BigInt(merit.calorificValue);
  const delivered = (money + BigInt(merit.freight)) * BigInt(calorificReference);
  return [delivered + BigInt(merit.expectedPenalties) * heat, heat];
}

/** Best first: score, then the larger quantity (not among fixed shares), then the earlier. */
export function ranked(terms: Fields, bids: Iterable<Bid>): Bid[] {
  const bySize = terms.award?.mode === 'shares' ? 0 : 1;
  const next = (a: Bid, b: Bid): number => bySize * (b.quantity - a.quantity) || a.seq - b.seq;
  if (!isBuying(terms)) return [...bids].sort((a, b) => b.price - a.price || next(a, b));
  const scores = new Map([...bids].map((bid) => [bid, score(terms, bid)]));
  return [...scores.keys()].sort((a, b) => compare(scores.get(a)!, scores.get(b)!) || next(a, b));
}

/** What each wins: in turn while lots last, those that belong `together` in proportion; or fixed shares by rank. */
export function serve(
  { quantity, award }: Fields,
  bids: readonly Bid[],
  together: (a: Bid, b: Bid) => boolean = () => false,
): Won[] {
  if (award?.mode === 'shares') {
    const points = award.basisPoints.map((part: number) => ({ quantity: part, least: 0, seq: 0 }));
    const shares = inProportion(points, quantity);
    return bids.map((bid, place) => ({ ...bid, won: shares[place] ?? 0 }));
  }
  const out: Won[] = [];
  let rest: number = quantity;
  while (out.length < bids.length) {
    let end = out.length + 1;
    while (end < bids.length && together(bids[end]!, bids[out.length]!)) end += 1;
    const level = bids.slice(out.length, end);
    const won = inProportion(level, rest);
    for (const [place, bid] of level.entries()) out.push({ ...bid, won: won[place]! });
    rest -= won.reduce((sum, lots) => sum + lots, 0);
  }
  return out;
}

/** Whoever would get less than it accepts gets nothing, who insists on most first; the rest share, largest remainders first. */
function inProportion(
  level: readonly Pick<Bid, 'quantity' | 'least' | 'seq'>[],
  available: number,
): number[] {
  const takers = new Set(level);
  for (const bid of [...level].sort(
    (a, b) => b.least - a.least || a.quantity - b.quantity || b.seq - a.seq,
  )) {
    const asked = total(takers);
    const tooLittle = BigInt(bid.quantity) * BigInt(available) < BigInt(bid.least) * BigInt(asked);
    if (asked > available && tooLittle) takers.delete(bid);
  }
  const asked = total(takers);
  if (asked <= available) return level.map((bid) => (takers.has(bid) ? bid.quantity : 0));
  const exact = level.map((bid) => (takers.has(bid) ? BigInt(bid.quantity) * BigInt(available) : 0n));
  const won = exact.map((part) => Number(part / BigInt(asked)));
  const byRemainder = [...level.keys()].sort((a, b) => {
    const [left, right] = [exact[a]! % BigInt(asked), exact[b]! % BigInt(asked)];
    return Number(right - left) || level[a]!.seq - level[b]!.seq || a - b;
  });
  const over = available - won.reduce((sum, lots) => sum + lots, 0);
  for (const place of byRemainder.slice(0, over)) won[place]! += 1;
  return won;
}
