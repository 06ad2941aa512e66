/**
 * Who trades with whom in a call auction where not everyone may trade with everyone.
 *
 * Orders of the same trader are alike here, so traders are the nodes: buyers on one side, sellers on the other, an
 * edge where they may meet. Claims are served in priority order, each as far as the others served before
 * it still get all they were given: a claim that finds its counterparties taken moves earlier pairs to other
 * counterparties (an augmenting path) and never takes anything away. So the volume is the greatest possible, and
 * no claim could get more without one before it getting less.
 *
 * Done from the buyers' and from the sellers' side this gives two sets of quantities that one pairing satisfies
 * at once (Mendelsohn and Dulmage 1958, for units of quantity), so both sides keep their priority.
 */
export type Claim = { readonly trader: number; readonly quantity: number };

/** `may(a, b)`: whether trader a of this side and trader b of the other may trade. */
export type Sides = {
  readonly traders: number;
  readonly others: number;
  readonly may: (trader: number, other: number) => boolean;
};

export type Served = {
  /** What each claim gets, in the order of the claims. */
  readonly given: number[];
  /** Quantity between trader and other, at `trader * others + other`. */
  readonly flow: Float64Array;
};

/** Serves `claims` in order from `capacities`, what each trader of the other side has to give. */
export function serve(
  { traders, others, may }: Sides,
  claims: readonly Claim[],
  capacities: readonly number[],
): Served {
  const edges = Array.from({ length: traders }, (_, trader) =>
    Array.from({ length: others }, (_unused, other) => other).filter((other) => may(trader, other)),
  );
  const flow = new Float64Array(traders * others);
  const free = [...capacities];
  /** Traders from whom no way leads to anything free: nothing that happens later opens one. */
  const closed = new Set<number>();

  const given = claims.map(({ trader, quantity }) => {
    let left = quantity;
    while (left > 0 && !closed.has(trader)) {
      const path = findPath(trader);
      if (path) left -= push(path, left);
    }
    return quantity - left;
  });
  return { given, flow };

  /** Shortest way [trader, other, trader, other …] to something free; closes what it saw when there is none. */
  function findPath(from: number): number[] | undefined {
    const cameFrom = new Map<number, number>();
    const via = new Map<number, number>([[from, -1]]);
    for (const trader of via.keys()) {
      for (const other of edges[trader]!) {
        if (cameFrom.has(other)) continue;
        cameFrom.set(other, trader);
        if (free[other]! > 0) return walkBack(other, cameFrom, via);
        for (let next = 0; next < traders; next++) {
          if (flow[next * others + other]! > 0 && !via.has(next)) via.set(next, other);
        }
      }
    }
    for (const trader of via.keys()) closed.add(trader);
    return undefined;
  }

  function push(path: readonly number[], most: number): number {
    let amount = Math.min(most, free[path.at(-1)!]!);
    for (let at = 1; at + 1 < path.length; at += 2) {
      amount = Math.min(amount, flow[path[at + 1]! * others + path[at]!]!);
    }
    for (let at = 0; at < path.length; at += 2) {
      flow[path[at]! * others + path[at + 1]!]! += amount;
      if (at > 0) flow[path[at]! * others + path[at - 1]!]! -= amount;
    }
    free[path.at(-1)!]! -= amount;
    return amount;
  }
}

function walkBack(end: number, cameFrom: Map<number, number>, via: Map<number, number>): number[] {
  const path: number[] = [];
  for (let other = end; other >= 0;) {
    const trader = cameFrom.get(other)!;
    path.unshift(trader, other);
    other = via.get(trader)!;
  }
  return path;
}
