/**
 * The price of a call auction: one price for all, found from the levels of both sides.
 *
 * In this order: the greatest volume; the least surplus; where all that remain have too many buyers the highest
 * price, too many sellers the lowest (market pressure); else the reference price, moved into what remains;
 * without one the middle, rounded down to a tick.
 *
 * Demand and supply change only at limit prices, so these and their neighbours, between the best sell and
 * the best buy, show every optimal interval with both its ends.
 */
export type PriceQuantity = { readonly price: number; readonly quantity: number };

export type Clearing = {
  readonly price: number;
  /** Lots that change hands at `price`, if everyone may trade with everyone. */
  readonly volume: number;
  /** Lots wanted more than offered at `price`; negative: offered more than wanted. */
  readonly surplus: number;
  /** Lowest and highest price that the first two rules leave. */
  readonly low: number;
  readonly high: number;
  /** What decided. */
  readonly rule: 'unique' | 'buy_pressure' | 'sell_pressure' | 'reference' | 'midpoint';
};

type Point = PriceQuantity & { readonly surplus: number };

/**
 * The clearing of these orders or levels, in any order; undefined when no buy reaches a sell. Ticks and lots
 * are integers. `reference`: the last price, say; absent or null when there is none.
 */
export function clearing(
  buys: readonly PriceQuantity[],
  sells: readonly PriceQuantity[],
  reference: number | null = null,
): Clearing | undefined {
  const low = sells.reduce((best, { price }) => Math.min(best, price), Infinity);
  const high = buys.reduce((best, { price }) => Math.max(best, price), -Infinity);
  if (low > high) return undefined;
  const prices = candidates([...buys, ...sells], low, high);
  const points = curve(buys, sells, prices);
  const volume = points.reduce((most, point) => Math.max(most, point.quantity), 0);
  const largest = points.filter((point) => point.quantity === volume);
  const least = largest.reduce((few, { surplus }) => Math.min(few, Math.abs(surplus)), Infinity);
  const best = largest.filter(({ surplus }) => Math.abs(surplus) === least);
  const { price, rule } = choose(best, reference);
  const [point] = curve(buys, sells, [price]);
  const ends = { low: best[0]!.price, high: best.at(-1)!.price };
  return { price, volume, surplus: point!.surplus, ...ends, rule };
}

/** `best`: by rising price, not empty. */
function choose(best: readonly Point[], reference: number | null): Pick<Clearing, 'price' | 'rule'> {
  const low = best[0]!.price;
  const high = best.at(-1)!.price;
  if (low === high) return { price: low, rule: 'unique' };
  if (best.every(({ surplus }) => surplus > 0)) return { price: high, rule: 'buy_pressure' };
  if (best.every(({ surplus }) => surplus < 0)) return { price: low, rule: 'sell_pressure' };
  if (reference === null) return { price: Math.floor((low + high) / 2), rule: 'midpoint' };
  return { price: Math.min(high, Math.max(low, reference)), rule: 'reference' };
}

/** Rising, each once. */
function candidates(orders: readonly PriceQuantity[], low: number, high: number): number[] {
  const prices = new Set<number>();
  for (const { price } of orders) {
    for (const near of [price - 1, price, price + 1]) if (near >= low && near <= high) prices.add(near);
  }
  return [...prices].sort((a, b) => a - b);
}

/** Volume and surplus at each of `prices`, which rise: one sweep over both sides. */
function curve(
  buys: readonly PriceQuantity[],
  sells: readonly PriceQuantity[],
  prices: readonly number[],
): Point[] {
  const rising = (a: PriceQuantity, b: PriceQuantity) => a.price - b.price;
  const bought = buys.toSorted(rising);
  const sold = sells.toSorted(rising);
  let demand = bought.reduce((sum, { quantity }) => sum + quantity, 0);
  let supply = 0;
  let nextBuy = 0;
  let nextSell = 0;
  return prices.map((price) => {
    while (nextBuy < bought.length && bought[nextBuy]!.price < price) demand -= bought[nextBuy++]!.quantity;
    while (nextSell < sold.length && sold[nextSell]!.price <= price) supply += sold[nextSell++]!.quantity;
    return { price, quantity: Math.min(demand, supply), surplus: demand - supply };
  });
}

/**
 * Shares `total` among `quantities` in proportion, in whole lots: each gets its share rounded down, and what
 * is left over goes lot by lot to the largest remainders, the earlier first. `total` is at most their sum.
 * Products are taken as bigints, so no quantity is too large.
 */
export function proRata(quantities: readonly number[], total: number): number[] {
  const sum = BigInt(quantities.reduce((all, quantity) => all + quantity, 0));
  if (sum === 0n) return quantities.map(() => 0);
  const exact = quantities.map((quantity) => BigInt(quantity) * BigInt(total));
  const shares = exact.map((product) => Number(product / sum));
  const left = total - shares.reduce((all, share) => all + share, 0);
  const remainders = exact.map((product, index) => ({ index, remainder: product % sum }));
  remainders.sort(
    (a, b) =>
      Number(b.remainder - a.remainder > 0n) - Number(a.remainder - b.remainder > 0n) || a.index - b.index,
  );
  for (const { index } of remainders.slice(0, left)) shares[index]!++;
  return shares;
}
