/**
 * What a call auction should do, found by trying: every price of the band, every lot by itself.
 *
 * Lots are matched one by one, in priority order, by looking for any way to move earlier lots to other
 * counterparties so that one more fits. This gives the most lots, and no lot that an earlier one must pay for.
 */
import type { Clearing } from '../../book/clearing.ts';
import type { Margin } from '../../book/uncross.ts';
import type { NaiveBook, NaiveOrder } from './naive-book.ts';

type Curve = { price: number; volume: number; surplus: number };

export function naiveClearing(book: NaiveBook, reference: number | null): Clearing | undefined {
  const curve: Curve[] = [];
  const prices = book.orders.map(({ price }) => price);
  for (let price = Math.min(...prices); price <= Math.max(...prices); price++) {
    const [demand, supply] = [0, 1].map((side) => lots(book, side, price)) as [number, number];
    curve.push({ price, volume: Math.min(demand, supply), surplus: demand - supply });
  }
  const volume = Math.max(0, ...curve.map((point) => point.volume));
  if (volume === 0) return undefined;
  const most = curve.filter((point) => point.volume === volume);
  const least = Math.min(...most.map(({ surplus }) => Math.abs(surplus)));
  const left = most.filter(({ surplus }) => Math.abs(surplus) === least);
  const low = left[0]!.price;
  const high = left.at(-1)!.price;
  const signs = new Set(left.map(({ surplus }) => Math.sign(surplus)));
  const [price, rule] =
    left.length === 1
      ? [low, 'unique' as const]
      : signs.size === 1 && signs.has(1)
        ? [high, 'buy_pressure' as const]
        : signs.size === 1 && signs.has(-1)
          ? [low, 'sell_pressure' as const]
          : reference === null
            ? [low + ((high - low) >> 1), 'midpoint' as const]
            : [reference < low ? low : reference > high ? high : reference, 'reference' as const];
  return { price, volume, surplus: left.find((point) => point.price === price)!.surplus, low, high, rule };
}

function taking(book: NaiveBook, side: number, price: number): NaiveOrder[] {
  return book.side(side).filter((order) => (side === 0 ? order.price >= price : order.price <= price));
}

function lots(book: NaiveBook, side: number, price: number): number {
  return taking(book, side, price).reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Lots that each order should execute, by id. */
export function naiveShares(book: NaiveBook, price: number, margin: Margin): Map<number, number> {
  const volume = Math.min(lots(book, 0, price), lots(book, 1, price));
  const shares = new Map<number, number>();
  for (const side of [0, 1]) {
    const own = claimed(taking(book, side, price), volume, margin);
    const others = taking(book, 1 - side, price).flatMap((order) =>
      Array<NaiveOrder>(order.quantity).fill(order),
    );
    const matched: (number | undefined)[] = others.map(() => undefined);
    const hopeless = new Set<NaiveOrder>();
    const fits = (lot: number, seen: Set<number>): boolean =>
      others.some((other, place) => {
        if (seen.has(place) || !book.mayTrade(own[lot]!, other)) return false;
        seen.add(place);
        const before = matched[place];
        if (before !== undefined && !fits(before, seen)) return false;
        matched[place] = lot;
        return true;
      });
    for (const [lot, order] of own.entries()) {
      if (hopeless.has(order)) continue;
      if (fits(lot, new Set())) shares.set(order.id, (shares.get(order.id) ?? 0) + 1);
      else hopeless.add(order);
    }
  }
  return shares;
}

/** Lots in the order in which they claim. */
function claimed(orders: NaiveOrder[], volume: number, margin: Margin): NaiveOrder[] {
  const lotsOf = (order: NaiveOrder, count: number) => Array<NaiveOrder>(count).fill(order);
  const all = orders.flatMap((order) => lotsOf(order, order.quantity));
  const edge = all[volume];
  if (margin === 'time' || edge === undefined) return all;
  const better = all.filter(
    (order) => orders.indexOf(order) < orders.findIndex(({ price }) => price === edge.price),
  );
  const level = orders.filter(({ price }) => price === edge.price);
  const parts = inProportion(
    level.map(({ quantity }) => quantity),
    volume - better.length,
  );
  const once = level.flatMap((order, place) => lotsOf(order, parts[place]!));
  const again = level.flatMap((order, place) => lotsOf(order, order.quantity - parts[place]!));
  return [...better, ...once, ...again, ...all.slice(better.length + once.length + again.length)];
}

/** Small numbers only: shares rounded down, then one more to whoever is furthest below its exact share. */
function inProportion(quantities: number[], total: number): number[] {
  const sum = quantities.reduce((all, quantity) => all + quantity, 0);
  const shares = quantities.map((quantity) => Math.floor((quantity * total) / sum));
  while (shares.reduce((all, share) => all + share, 0) < total) {
    const missing = quantities.map((quantity, place) => quantity * total - shares[place]! * sum);
    shares[missing.indexOf(Math.max(...missing))]!++;
  }
  return shares;
}
