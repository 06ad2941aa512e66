/**
 * What a robot does next in an order book. Pure. It keeps one order on each side around its own opinion of
 * the price, and now and then, when nobody has traded for a while, takes what another offers.
 */
import type { MarketStatus, MyFill, MyOrder, OrderInput } from '@seam/protocol';
import { formatMoney, parseMoney, parseTonnes } from '@seam/units';
import { type Random, between } from '../robots/random.ts';

export type Seen = {
  readonly status: MarketStatus;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly open: readonly MyOrder[];
  readonly fills: readonly MyFill[];
  /** Server time, and of the market's last trade; ms. */
  readonly nowMs: number;
  readonly lastTradeMs: number | null;
};
/** How far from the reference price this robot sees the value, parts per thousand. */
export type Opinion = { readonly perMille: number };
export type Move =
  { readonly do: 'place'; readonly order: OrderInput } | { readonly do: 'cancel'; readonly orderId: number };

/** A quote is this far from the value, ticks; farther off by DRIFT and it is taken back. */
const SPREAD = { least: 1, most: 5 } as const;
const DRIFT_TICKS = 8n;
const QUOTED_LOTS_MAX = 5;
export const QUIET_MS = 4 * 60_000;
/** Of the times when it might take, a robot does one in so many. */
const TAKES_ONE_IN = 3;
const OPINION_MAX_PER_MILLE = 8;

/** Opinions drift slowly, and never far. */
export function nextOpinion({ perMille }: Opinion, random: Random): Opinion {
  const moved = perMille + between(random, -1, 1);
  return { perMille: Math.max(-OPINION_MAX_PER_MILLE, Math.min(OPINION_MAX_PER_MILLE, moved)) };
}

/** @returns null when there is nothing to do, or nothing may be done. */
export function nextMove(seen: Seen, opinion: Opinion, random: Random): Move | null {
  const { status } = seen;
  const trades = status.phase === 'continuous';
  if (status.mode !== 'online' || !(trades || status.phase === 'call' || status.phase === 'pre_open'))
    return null;
  const tick = money(seen.tickSize);
  const reference = money(status.referencePrice);
  const value = reference + (reference * BigInt(Math.round(opinion.perMille * 100))) / 100_000n;
  const stale = seen.open.find((order) => distance(money(order.price), value) > DRIFT_TICKS * tick);
  // At the end of a call nothing may be cancelled; it ends soon.
  if (stale && trades) return { do: 'cancel', orderId: stale.orderId };
  const missing = (['buy', 'sell'] as const).find((side) => !seen.open.some((order) => order.side === side));
  if (missing) return { do: 'place', order: quote(seen, { side: missing, value, tick }, random) };
  const quietSince = seen.lastTradeMs ?? 0;
  const mayTake = trades && seen.nowMs - quietSince > QUIET_MS && random() * TAKES_ONE_IN < 1;
  return mayTake ? take(seen, random) : null;
}

function quote(
  { status, lotSize }: Seen,
  { side, value, tick }: { side: 'buy' | 'sell'; value: bigint; tick: bigint },
  random: Random,
): OrderInput {
  const away = BigInt(Math.round(between(random, SPREAD.least, SPREAD.most))) * tick;
  const wanted = side === 'buy' ? value - away : value + away;
  const [least, most] = [money(status.priceMinimum), money(status.priceMaximum)];
  const inside = wanted < least ? least : wanted > most ? most : wanted;
  const lots = 1n + BigInt(Math.floor(between(random, 0, QUOTED_LOTS_MAX)));
  return {
    side,
    price: formatMoney(inside - (inside % tick)),
    quantity: tonnes(lotSize, lots),
    timeInForce: 'day',
    // Only takes when it means to; while orders are collected nobody takes.
    ...(status.phase === 'continuous' && { postOnly: true }),
  };
}

/** One lot from whoever offers best, towards having nothing. */
function take({ status, lotSize, fills }: Seen, random: Random): Move | null {
  const position = fills.reduce(
    (sum, { side, quantity }) => sum + (side === 'buy' ? 1n : -1n) * (parseTonnes(quantity) ?? 0n),
    0n,
  );
  const side = position === 0n ? (random() < 0.5 ? 'buy' : 'sell') : position > 0n ? 'sell' : 'buy';
  const price = side === 'buy' ? status.bestSell : status.bestBuy;
  if (price === null) return null;
  return {
    do: 'place',
    order: { side, price, quantity: tonnes(lotSize, 1n), timeInForce: 'immediate_or_cancel' },
  };
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
const tonnes = (lotSize: string, lots: bigint): string =>
  String((Number(lotSize) * 1000 * Number(lots)) / 1000);
