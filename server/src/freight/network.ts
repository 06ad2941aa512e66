/**
 * The cheapest way over lanes from everywhere to one destination, worked out once and then only looked up.
 *
 * What is settled is a lane, not a place: whether coal is reloaded depends on the lane it goes on by. Ways of
 * one cost are told apart by fewer legs, then by less time, then by the ids of their lanes.
 */
import type { TransportMode } from '@seam/coal';
import { assert } from '../platform/fault.ts';
import { type Lane, type Rates, chargesOf, runsThrough } from './tariff.ts';

/** Ordered: cost, then legs, then hours. Whole minor units per tonne, held exactly by doubles below 2^53. */
export type Label = { readonly cost: number; readonly legs: number; readonly hours: number };
export const ARRIVED: Label = { cost: 0, legs: 0, hours: 0 };

type Edge = {
  readonly lane: Lane;
  readonly haulage: number;
  readonly loading: number;
  readonly unloading: number;
};
type Settled = Label & { readonly edge: Edge; readonly next: Settled | undefined };

/** Lanes of one moment, priced for one consignment in one currency. */
export class Network {
  readonly #edges: Edge[] = [];
  readonly #into = new Map<string, Edge[]>();
  readonly #outOf = new Map<string, Edge[]>();

  /** Lanes whose currency has no rate, or that do not carry so little, are left out. */
  constructor(lanes: readonly Lane[], of: { readonly consignmentKg: bigint; readonly rates: Rates }) {
    for (const lane of lanes) {
      const charges = chargesOf(lane, of.consignmentKg, of.rates);
      if (!charges) continue;
      const edge: Edge = {
        lane,
        haulage: exact(charges.haulage),
        loading: exact(charges.loading),
        unloading: exact(charges.unloading),
      };
      this.#edges.push(edge);
      push(this.#into, lane.to, edge);
      push(this.#outOf, lane.from, edge);
    }
  }

  get places(): Iterable<string> {
    return new Set([...this.#into.keys(), ...this.#outOf.keys()]);
  }

  outOf(place: string): readonly Edge[] {
    return this.#outOf.get(place) ?? [];
  }

  into(place: string): readonly Edge[] {
    return this.#into.get(place) ?? [];
  }
}

/**
 * @param ends what is still to be paid from a place where the lanes may end: the destination itself at
 *   nothing, and places near it from where the rest of the way is known.
 */
export class WaysTo {
  readonly #network: Network;
  readonly #settled = new Map<Lane, Settled>();

  constructor(network: Network, ends: ReadonlyMap<string, Label>) {
    this.#network = network;
    const queue = new Heap();
    for (const [place, rest] of ends) {
      for (const edge of network.into(place)) queue.push(ending(edge, rest));
    }
    for (let found = queue.pop(); found; found = queue.pop()) {
      const { lane } = found.edge;
      if (this.#settled.has(lane)) continue;
      this.#settled.set(lane, found);
      for (const before of network.into(lane.from)) {
        if (!this.#settled.has(before.lane)) queue.push(joined(before, found));
      }
    }
  }

  /** The cheapest way from a place by lanes, of which the first is of this mode. */
  from(place: string, mode: TransportMode): (Label & { readonly lanes: readonly Lane[] }) | undefined {
    let best: { label: Label; way: Settled } | undefined;
    for (const edge of this.#network.outOf(place)) {
      const way = edge.lane.mode === mode ? this.#settled.get(edge.lane) : undefined;
      if (!way) continue;
      const label = { cost: way.cost + edge.loading, legs: way.legs, hours: way.hours };
      if (!best || (compareLabels(label, best.label) || byLane(way, best.way)) < 0) best = { label, way };
    }
    return best && { ...best.label, lanes: lanesOf(best.way) };
  }

  /** By whatever mode; what an estimated first leg is joined to. */
  fromBest(place: string, modes: readonly TransportMode[]): ReturnType<WaysTo['from']> {
    return modes
      .flatMap((mode) => this.from(place, mode) ?? [])
      .toSorted(compareLabels)
      .at(0);
  }
}

export function compareLabels(left: Label, right: Label): number {
  return left.cost - right.cost || left.legs - right.legs || left.hours - right.hours;
}

/** From the beginning of the haul of `edge`: loading it is paid by whoever brings the coal there. */
function ending(edge: Edge, rest: Label): Settled {
  return {
    edge,
    next: undefined,
    cost: edge.haulage + edge.unloading + rest.cost,
    legs: 1 + rest.legs,
    hours: edge.lane.hours + rest.hours,
  };
}

function joined(edge: Edge, next: Settled): Settled {
  const reloading = runsThrough(edge.lane, next.edge.lane) ? 0 : edge.unloading + next.edge.loading;
  return {
    edge,
    next,
    cost: edge.haulage + reloading + next.cost,
    legs: 1 + next.legs,
    hours: edge.lane.hours + next.hours,
  };
}

function lanesOf(way: Settled): Lane[] {
  const lanes: Lane[] = [];
  for (let at: Settled | undefined = way; at; at = at.next) lanes.push(at.edge.lane);
  return lanes;
}

/** By the ids of the lanes in turn: ways of one label are always found in one order. */
function byLane(left: Settled, right: Settled): number {
  const [own, others] = [left.edge.lane.id, right.edge.lane.id];
  if (own !== others) return own < others ? -1 : 1;
  return left.next && right.next ? byLane(left.next, right.next) : Number(!right.next) - Number(!left.next);
}

function exact(value: bigint): number {
  // A route has at most some dozens of legs: this leaves room for their sum.
  assert(value >= 0n && value < 1n << 46n, `a charge of ${value} minor units a tonne`);
  return Number(value);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** A binary heap of ways, the cheapest on top. */
class Heap {
  readonly #items: Settled[] = [];

  push(item: Settled): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (order(items[above]!, item) <= 0) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): Settled | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && order(items[below + 1]!, items[below]!) < 0) below += 1;
      if (order(last, items[below]!) <= 0) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = last;
    return top;
  }
}

function order(left: Settled, right: Settled): number {
  return compareLabels(left, right) || byLane(left, right);
}
