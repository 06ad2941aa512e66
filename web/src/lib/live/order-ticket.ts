/**
 * An order before it is sent: steps of the grid, what it would meet in the book as the page knows it, what
 * it binds, and what its coal costs by heat. Exact decimals, no floats. A forecast: the exchange decides by
 * the book that it has when the order arrives.
 */
import type { BookLevel, MarketStatus, MyOrder, OrderInput } from '@seam/protocol';
import {
  cost,
  divideHalfEven,
  formatMoney,
  formatTonnes,
  kilograms,
  minor,
  parseMoney,
  parseTonnes,
} from '@seam/units';
import { convertEnergy, divide, multiply, rational, roundHalfEven } from '@seam/coal';

type Side = OrderInput['side'];
export type OrderGrid = { readonly tickSize: string; readonly lotSize: string };
export type Sight = {
  readonly status: Pick<MarketStatus, 'phase'>;
  readonly book: { readonly buys: readonly BookLevel[]; readonly sells: readonly BookLevel[] };
  /** My open orders: nobody trades with itself. */
  readonly open: readonly Pick<MyOrder, 'side' | 'price' | 'remaining'>[];
};
export type Wish = Pick<OrderInput, 'side' | 'price' | 'quantity' | 'timeInForce'> & {
  readonly postOnly: boolean;
  /** '' for none. */
  readonly minimumQuantity: string;
};
export type Forecast = {
  /**
   * `collects`: waits for the call's one price. `takes`: all of it trades at once. `takes_rests`, `rests`:
   * what is left waits in the book. `takes_lapses`, `lapses`: what is left is cancelled. `would_take`: refused.
   */
  readonly outcome: 'collects' | 'takes' | 'takes_rests' | 'rests' | 'takes_lapses' | 'lapses' | 'would_take';
  readonly taken: string;
  readonly averagePrice: string | null;
  /** Tonnes that wait or lapse. */
  readonly left: string;
  /** Price times quantity: bound of the limit, whichever side. */
  readonly binds: string;
  /** What is left would meet an order of my own company. */
  readonly meetsOwn: boolean;
};

const COLLECTS: readonly string[] = ['pre_open', 'call', 'pre_close'];
const AT_ONCE: readonly string[] = ['immediate_or_cancel', 'fill_or_kill'];

/** @returns null while price or quantity is no number. */
export function forecast(wish: Wish, sight: Sight): Forecast | null {
  const [price, quantity] = [parseMoney(wish.price), parseTonnes(wish.quantity)];
  if (price === undefined || quantity === undefined || quantity === 0n) return null;
  const binds = formatMoney(cost(price, quantity));
  const nothing = { taken: '0.000', averagePrice: null, left: formatTonnes(quantity), binds };
  if (COLLECTS.includes(sight.status.phase)) return { ...nothing, outcome: 'collects', meetsOwn: false };
  const met = meet(wish.side, price, quantity, sight);
  if (wish.postOnly && (met.taken > 0n || met.meetsOwn))
    return { ...nothing, outcome: 'would_take', meetsOwn: met.meetsOwn };
  const least = wish.timeInForce === 'fill_or_kill' ? quantity : (parseTonnes(wish.minimumQuantity) ?? 0n);
  if (met.taken < least) return { ...nothing, outcome: 'lapses', meetsOwn: met.meetsOwn };
  const left = quantity - met.taken;
  const stays = !AT_ONCE.includes(wish.timeInForce) && !met.meetsOwn;
  const tail = stays ? 'rests' : 'lapses';
  return {
    outcome: left === 0n ? 'takes' : met.taken === 0n ? tail : `takes_${tail}`,
    taken: formatTonnes(met.taken),
    averagePrice: met.taken === 0n ? null : formatMoney(divideHalfEven(met.value, met.taken)),
    left: formatTonnes(left),
    binds,
    meetsOwn: met.meetsOwn && left > 0n,
  };
}

/** Walks the other side from its best price on, past one's own orders. `value`: minor units × kilograms / tonne. */
function meet(side: Side, limit: bigint, quantity: bigint, { book, open }: Sight) {
  const other = side === 'buy' ? 'sell' : 'buy';
  let taken = 0n;
  let value = 0n;
  let meetsOwn = false;
  for (const [text, total] of side === 'buy' ? book.sells : book.buys) {
    const price = parseMoney(text) ?? 0n;
    if (taken === quantity || (side === 'buy' ? price > limit : price < limit)) break;
    const own = open
      .filter((order) => order.side === other && parseMoney(order.price) === price)
      .reduce((sum, { remaining }) => sum + (parseTonnes(remaining) ?? 0n), 0n);
    if (own > 0n) meetsOwn = true;
    const there = larger((parseTonnes(total) ?? 0n) - own, 0n);
    const here = smaller(there, quantity - taken);
    taken += here;
    value += here * price;
  }
  return { taken, value, meetsOwn };
}

/** `price` moved by ticks; from between two onto the next, and kept inside the collar. */
export function steppedPrice(
  price: string,
  by: number,
  of: { readonly tickSize: string; readonly priceMinimum: string; readonly priceMaximum: string },
): string {
  const tick = larger(money(of.tickSize), 1n);
  const [least, most] = [money(of.priceMinimum), money(of.priceMaximum)];
  const moved = step(parseMoney(price) ?? least, by, tick);
  return formatMoney(smaller(larger(moved, least), most));
}

/** `quantity` moved by lots, at least one. */
export function steppedQuantity(quantity: string, by: number, lotSize: string): string {
  const lot = larger(parseTonnes(lotSize) ?? 1n, 1n);
  return trimmed(formatTonnes(larger(step(parseTonnes(quantity) ?? 0n, by, lot), lot)));
}

function step(from: bigint, by: number, size: bigint): bigint {
  const rest = from % size;
  if (rest === 0n) return from + BigInt(by) * size;
  return by > 0 ? from - rest + BigInt(by) * size : from - rest + BigInt(by + 1) * size;
}

/** Tonnes without the zeros that say nothing. */
export function trimmed(mass: string): string {
  return mass.includes('.') ? mass.replace(/\.?0+$/, '') : mass;
}

/** What the limit still bears, and how much of it is used, in per cent. */
export function limitLeft(
  limit: string,
  open: readonly Pick<MyOrder, 'price' | 'remaining'>[],
  unsettled: string,
): { readonly used: string; readonly free: string; readonly percent: number } {
  const orders = open.reduce(
    (sum, { price, remaining }) => sum + cost(minor(money(price)), kilograms(parseTonnes(remaining) ?? 0n)),
    0n,
  );
  const used = orders + money(unsettled);
  const total = money(limit);
  return {
    used: formatMoney(used),
    free: formatMoney(larger(total - used, 0n)),
    percent: total === 0n ? 0 : Number(smaller((used * 100n) / total, 100n)),
  };
}

/** Whole lots that `free` still pays at `price`, as tonnes; null while the price is no number. */
export function mostWithin(free: string, price: string, lotSize: string): string | null {
  const [perTonne, lot] = [parseMoney(price) ?? 0n, parseTonnes(lotSize) ?? 0n];
  if (perTonne === 0n || lot === 0n) return null;
  return trimmed(formatTonnes(((money(free) * 1000n) / (perTonne * lot)) * lot));
}

/** Net calorific value as received of the standard quality, kcal/kg; null where its text names none. */
export function heatOf(of: { readonly grade: string; readonly specification: string }): number | null {
  const text = /(\d{4})\s*(?:kcal|大卡|千卡)/i.exec(of.specification) ?? /^Q(\d{4})\b/.exec(of.grade);
  return text ? Number(text[1]) : null;
}

/** What a gigajoule costs at a price per tonne; null while there is no price. */
export function perGigajoule(price: string, kilocalories: number): string | null {
  const perTonne = parseMoney(price);
  if (perTonne === undefined || kilocalories <= 0) return null;
  const joulesPerGram = convertEnergy(rational(BigInt(kilocalories)), 'kcal/kg', 'J/g');
  // 1 J/g is 0.001 GJ/t.
  return formatMoney(roundHalfEven(divide(multiply(rational(perTonne), rational(1000n)), joulesPerGram)));
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
