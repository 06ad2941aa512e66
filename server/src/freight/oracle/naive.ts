/** Every way over lanes without passing a lane twice, tried one by one: what the search is held against. */
import type { TransportMode } from '@seam/coal';
import { type Lane, type Rates, chargesOf, runsThrough } from '../tariff.ts';

export type NaiveWay = { readonly cost: bigint; readonly legs: number; readonly hours: number };

export function cheapestNaively(
  lanes: readonly Lane[],
  of: { from: string; to: string; mode: TransportMode; consignmentKg: bigint; rates: Rates },
): NaiveWay | undefined {
  let best: NaiveWay | undefined;
  const walk = (chain: readonly Lane[]): void => {
    const last = chain.at(-1);
    if (last?.to === of.to) {
      const way = costOf(chain, of);
      if (way && (!best || isLess(way, best))) best = way;
    }
    for (const lane of lanes) {
      const starts = last ? lane.from === last.to : lane.from === of.from && lane.mode === of.mode;
      if (starts && !chain.includes(lane)) walk([...chain, lane]);
    }
  };
  walk([]);
  return best;
}

export function costOf(
  chain: readonly Lane[],
  of: { readonly consignmentKg: bigint; readonly rates: Rates },
): NaiveWay | undefined {
  let cost = 0n;
  for (const [index, lane] of chain.entries()) {
    const charges = chargesOf(lane, of.consignmentKg, of.rates);
    if (!charges) return undefined;
    const before = chain[index - 1];
    const after = chain[index + 1];
    cost += charges.haulage;
    if (!before || !runsThrough(before, lane)) cost += charges.loading;
    if (!after || !runsThrough(lane, after)) cost += charges.unloading;
  }
  return { cost, legs: chain.length, hours: chain.reduce((sum, lane) => sum + lane.hours, 0) };
}

function isLess(left: NaiveWay, right: NaiveWay): boolean {
  if (left.cost !== right.cost) return left.cost < right.cost;
  return left.legs !== right.legs ? left.legs < right.legs : left.hours < right.hours;
}
