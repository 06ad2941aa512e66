/**
 * Any 64-bit prices as the ticks of a book. Prices that lie close together are counted from the lowest; others by
 * their rank among all that occur, which keeps their order, and order is all that matching needs.
 */
import { SPAN_MAX } from '@seam/engine/book';
import { ReplayError } from './error.ts';

/** Spans up to this many ticks are counted: levels of 24 MiB a side at most. */
const COUNTED_MAX = 2 ** 20;

export type PriceScale = {
  /** Highest tick; the lowest is 1. */
  readonly high: number;
  readonly tick: (price: bigint) => number;
  readonly price: (tick: number) => bigint;
};

/** @throws ReplayError when more prices occur than a book can hold levels. */
export function priceScale(prices: ReadonlySet<bigint>): PriceScale {
  const rising = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const low = rising[0] ?? 0n;
  const span = (rising.at(-1) ?? 0n) - low + 1n;
  if (span <= COUNTED_MAX) {
    return {
      high: Number(span),
      tick: (price) => Number(price - low) + 1,
      price: (tick) => low + BigInt(tick - 1),
    };
  }
  if (rising.length > SPAN_MAX) {
    throw new ReplayError('replay.range_too_wide', `${rising.length} different prices, at most ${SPAN_MAX}`);
  }
  const ranks = new Map(rising.map((price, index) => [price, index + 1]));
  return { high: rising.length, tick: (price) => ranks.get(price)!, price: (tick) => rising[tick - 1]! };
}
