/** One side of a book by price: totals, best first on demand, and which prices changed. */
import { ChangeLog } from './change-log.ts';

export type LevelTotal = { readonly quantity: number; readonly orders: number };

export type Levels = {
  /** Ticks of the best level; null when the side is empty. */
  best(): number | null;
  at(price: number): LevelTotal;
  /** Best first. */
  all(): readonly (readonly [price: number, total: LevelTotal])[];
  add(price: number, change: LevelTotal, seq: number): void;
  changed(prev: number, seq: number): ReadonlySet<number> | undefined;
  /** Nothing that changed before `seq` is known. */
  begin(seq: number): void;
};

const NONE: LevelTotal = { quantity: 0, orders: 0 };

export function createLevels(side: 'buy' | 'sell'): Levels {
  const totals = new Map<number, LevelTotal>();
  const log = new ChangeLog<number>();
  const better = side === 'buy' ? (a: number, b: number) => b - a : (a: number, b: number) => a - b;
  /** Sorted when somebody asks: many orders come between two frames. */
  let sorted: number[] | undefined;
  const prices = (): number[] => (sorted ??= [...totals.keys()].sort(better));
  return {
    best: () => prices()[0] ?? null,
    at: (price) => totals.get(price) ?? NONE,
    all: () => prices().map((price) => [price, totals.get(price) ?? NONE] as const),
    add(price, change, seq) {
      const before = totals.get(price);
      const quantity = (before?.quantity ?? 0) + change.quantity;
      const orders = (before?.orders ?? 0) + change.orders;
      if (orders === 0) totals.delete(price);
      else totals.set(price, { quantity, orders });
      if ((before === undefined) !== (orders === 0)) sorted = undefined;
      log.note(price, seq);
    },
    changed: (prev, seq) => log.between(prev, seq),
    begin: (seq) => log.begin(seq),
  };
}
