/**
 * The book as two stairs of running tonnes, buyers to the left, and what taking so many tonnes would cost. Pixels are
 * floats; the labels are the wire's decimals, the cost is whole minor units over whole kilograms.
 */
import type { BookLevel } from '@seam/protocol';
import { formatMoney, formatTonnes, minor, parseMoney, parseTonnes } from '@seam/units';

export type DepthStep = {
  readonly side: 'buy' | 'sell';
  readonly price: string;
  /** From the best price to this one. */
  readonly total: string;
  /** Per tonne on the whole way, rounded half up. */
  readonly average: string;
  readonly x: number;
  readonly y: number;
};
export type DepthChart = {
  /** SVG paths, closed at the bottom. */
  readonly buys: string;
  readonly sells: string;
  /** Best first, buyers then sellers. */
  readonly steps: readonly DepthStep[];
  readonly low: string;
  readonly high: string;
  /** Of the deeper side. */
  readonly most: string;
};
type Book = { readonly buys: readonly BookLevel[]; readonly sells: readonly BookLevel[] };
type Extent = { readonly width: number; readonly height: number };

/** Farther from the best price than this share of it, a level only flattens the rest. */
const REACH = 0.05;
const MARGIN = 6;

/** @returns null when nobody buys and nobody sells. */
export function depthChart(book: Book, { width, height }: Extent): DepthChart | null {
  const buys = near(book.buys);
  const sells = near(book.sells);
  const prices = [...buys, ...sells].map(([price]) => price).toSorted((a, b) => Number(a) - Number(b));
  const [low, high] = [prices[0], prices.at(-1)];
  if (low === undefined || high === undefined) return null;
  const range = Number(high) - Number(low);
  const all = { buy: running(buys), sell: running(sells) };
  const most = [all.buy.at(-1)?.kg ?? 0n, all.sell.at(-1)?.kg ?? 0n].reduce((a, b) => (a > b ? a : b));
  const xOf = (price: string): number =>
    range === 0 ? width / 2 : MARGIN + ((Number(price) - Number(low)) / range) * (width - 2 * MARGIN);
  const yOf = (kg: bigint): number => height - (Number(kg) / Number(most || 1n)) * (height - MARGIN);
  const steps = (['buy', 'sell'] as const).flatMap((side) =>
    all[side].map(({ price, kg, cost }) => ({
      side,
      price,
      total: formatTonnes(kg),
      average: formatMoney(minor(perTonne(cost, kg))),
      x: round(xOf(price)),
      y: round(yOf(kg)),
    })),
  );
  const stairs = (side: 'buy' | 'sell', edge: number): string => {
    const mine = steps.filter((step) => step.side === side);
    if (mine.length === 0) return '';
    const up = mine.map(({ x, y }, n) => (n === 0 ? `M${x} ${height}V${y}` : `H${x}V${y}`));
    return `${up.join('')}H${edge}V${height}Z`;
  };
  return {
    buys: stairs('buy', 0),
    sells: stairs('sell', width),
    steps,
    low,
    high,
    most: formatTonnes(most),
  };
}

/** The step under the pointer: the last one whose price it has reached. */
export function stepAt(chart: DepthChart, x: number): DepthStep | undefined {
  const passed = (step: DepthStep): boolean => (step.side === 'buy' ? x <= step.x : x >= step.x);
  return chart.steps.findLast(passed);
}

function near(side: readonly BookLevel[]): readonly BookLevel[] {
  const best = Number(side[0]?.[0] ?? 0);
  return side.filter(([price]) => Math.abs(Number(price) - best) <= best * REACH);
}

function running(side: readonly BookLevel[]): { price: string; kg: bigint; cost: bigint }[] {
  let [kg, cost] = [0n, 0n];
  return side.map(([price, quantity]) => {
    const here = parseTonnes(quantity) ?? 0n;
    kg += here;
    cost += here * (parseMoney(price) ?? 0n);
    return { price, kg, cost };
  });
}

/** `cost` in minor units per tonne times kilograms. */
const perTonne = (cost: bigint, kg: bigint): bigint => (kg === 0n ? 0n : (2n * cost + kg) / (2n * kg));
const round = (pixels: number): number => Math.round(pixels * 10) / 10;
