/** Trades as the lines and bars of a small chart. Pixels are floats; the labels are the wire's decimals. */
import type { TradeLine } from '@seam/protocol';

export type PriceChart = {
  /** Stair line of prices over time, SVG path. */
  readonly line: string;
  readonly bars: readonly { readonly x: number; readonly height: number }[];
  readonly last: { readonly x: number; readonly y: number };
  readonly low: string;
  readonly high: string;
  readonly from: string;
  readonly to: string;
  readonly yOf: (price: string) => number;
};
type Extent = { readonly width: number; readonly height: number };

/** Of the height, for volume. */
const VOLUME_SHARE = 0.22;
const MARGIN = 6;

/** @param trades newest first. @returns null with fewer than two. */
export function priceChart(trades: readonly TradeLine[], { width, height }: Extent): PriceChart | null {
  const all = trades.toReversed();
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last || all.length < 2) return null;
  const byPrice = all.toSorted((a, b) => Number(a.price) - Number(b.price));
  const [low, high] = [byPrice[0]!.price, byPrice.at(-1)!.price];
  const begin = Date.parse(first.at);
  const span = Math.max(1, Date.parse(last.at) - begin);
  // One price only: a line through the middle.
  const range = Number(high) - Number(low) || 1;
  const floor = height * (1 - VOLUME_SHARE) - MARGIN;
  const xOf = (at: string): number => MARGIN + ((Date.parse(at) - begin) / span) * (width - 2 * MARGIN);
  const yOf = (price: string): number =>
    low === high ? (MARGIN + floor) / 2 : floor - ((Number(price) - Number(low)) / range) * (floor - MARGIN);
  const line = all
    .map(({ at, price }, n) => {
      const [x, y] = [round(xOf(at)), round(yOf(price))];
      return n === 0 ? `M${x} ${y}` : `H${x}V${y}`;
    })
    .join('');
  const most = Math.max(...all.map(({ quantity }) => Number(quantity)));
  const bars = all.map(({ at, quantity }) => ({
    x: round(xOf(at)),
    height: round(Math.max(1, (Number(quantity) / most) * height * VOLUME_SHARE)),
  }));
  return {
    line,
    bars,
    last: { x: round(xOf(last.at)), y: round(yOf(last.price)) },
    low,
    high,
    from: first.at,
    to: last.at,
    yOf,
  };
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
