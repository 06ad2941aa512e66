/**
 * Executes a call auction in place.
 *
 * 1. At the given price, every buy at or above it and every sell at or below it takes part, better prices
 *    first; at the price where the volume runs out by time, or pro rata with the largest remainders.
 *    Traders of one owner group, and traders on credit without a line in both directions, are not paired: the
 *    pairing goes round them where it can, and what they give up goes to the next in line (pairing.ts).
 *    Volume that cannot be paired does not execute and stays in the book.
 * 2. Orders that are then left crossing and may trade with each other do so as in continuous trading, the
 *    earlier id as the maker. Without forbidden pairs there are none.
 * 3. Where orders of one owner group are left crossing, the later id is cancelled (CANCEL.SELF_TRADE).
 *
 * What stays crossed afterwards are traders on credit without a line, as in continuous trading.
 */
import { bit } from './accounts.ts';
import type { Book } from './book.ts';
import { proRata } from './clearing.ts';
import { type Sides, serve } from './pairing.ts';
import { LEVEL_FIELD, ORDER_FIELD } from './layout.ts';
import { BUY, CANCEL, EVENT, FLAG, NO_GROUP, SELL, type Side } from './types.ts';

const { NEXT, LEFT, AT, ID, KIND, ACCOUNT, GROUP } = ORDER_FIELD;
const LEVEL_BITS = LEVEL_FIELD.BITS;

/** Who is served at the price where the volume runs out: the earlier, or all in proportion. */
export type Margin = 'time' | 'pro_rata';

/** Orders that may meet the same counterparties: those of an owner group, or of an account on credit. */
type Trader = { readonly group: number; readonly account: number; readonly credit: boolean };

/** Some lots of an order. */
type Share = {
  readonly slot: number;
  readonly trader: number;
  readonly price: number;
  readonly quantity: number;
};

/** One side of the auction, in priority order. */
type Camp = { readonly shares: readonly Share[]; readonly traders: readonly Trader[] };

/** Executes at `price` and leaves the events in the book; gives the lots executed at it. */
export function uncross(book: Book, price: number, margin: Margin = 'time'): number {
  book.events.count = 0;
  const buyers = camp(book, BUY, price);
  const sellers = camp(book, SELL, price);
  const volume = Math.min(total(buyers.shares), total(sellers.shares));
  const executed = volume === 0 ? 0 : execute(book, price, { buyers, sellers, volume, margin });
  tradeCrossed(book);
  return executed;
}

/**
 * Lets resting orders that cross and may trade do so, and cancels the later of two of one group: for a
 * market where a new credit line lets resting orders meet. Gives the number of events.
 */
export function resolveCrossed(book: Book): number {
  book.events.count = 0;
  tradeCrossed(book);
  return book.events.count;
}

function camp(book: Book, side: Side, price: number): Camp {
  const pool = book.memory.orders;
  const traders: Trader[] = [];
  const known = new Map<number, number>();
  const shares = crossing(book, side, price).map((slot) => {
    const trader = traderOf(pool, slot);
    const key = trader.credit ? trader.account * 2 + 1 : trader.group * 2;
    const number = known.get(key) ?? traders.push(trader) - 1;
    known.set(key, number);
    return { slot, trader: number, price: pool[slot + AT]!, quantity: pool[slot + LEFT]! };
  });
  return { shares, traders };
}

/** Slots of a side that would trade at `price`, in priority order. */
function crossing({ memory }: Book, side: Side, price: number): number[] {
  const last = Math.min(memory.level(side, price), memory.end(side) - 1);
  const slots: number[] = [];
  for (let level = memory.best[side]!; level <= last; level = memory.next(level)) {
    for (let slot = memory.levels[level << LEVEL_BITS]!; slot !== 0; slot = memory.orders[slot + NEXT]!)
      slots.push(slot);
  }
  return slots;
}

function traderOf(pool: Int32Array, slot: number): Trader {
  const credit = (pool[slot + KIND]! & FLAG.CREDIT) !== 0;
  return { group: pool[slot + GROUP]!, account: pool[slot + ACCOUNT]!, credit };
}

function mayTrade(book: Book, a: Trader, b: Trader): boolean {
  if (a.group === b.group && a.group !== NO_GROUP) return false;
  return !(a.credit && b.credit) || bit(book.accounts.partners(a.account), b.account);
}

function total(shares: readonly Share[]): number {
  return shares.reduce((sum, { quantity }) => sum + quantity, 0);
}

type Auction = {
  readonly buyers: Camp;
  readonly sellers: Camp;
  readonly volume: number;
  readonly margin: Margin;
};

function execute(book: Book, price: number, { buyers, sellers, volume, margin }: Auction): number {
  const may = (buyer: number, seller: number) =>
    mayTrade(book, buyers.traders[buyer]!, sellers.traders[seller]!);
  const wanted = claims(buyers.shares, volume, margin);
  const offered = claims(sellers.shares, volume, margin);
  if (everyoneMayTrade(buyers, sellers, may)) {
    return trade(book, price, first(wanted, volume), first(offered, volume), {
      traders: 1,
      others: 1,
      flow: new Float64Array([volume]),
    });
  }
  const sides: Sides = { traders: buyers.traders.length, others: sellers.traders.length, may };
  const turned: Sides = { traders: sides.others, others: sides.traders, may: (a, b) => may(b, a) };
  const bought = granted(wanted, serve(sides, wanted, perTrader(sellers, sellers.shares)).given);
  const sold = granted(offered, serve(turned, offered, perTrader(buyers, buyers.shares)).given);
  const { flow } = serve(sides, bought, perTrader(sellers, sold));
  return trade(book, price, bought, sold, { traders: sides.traders, others: sides.others, flow });
}

function everyoneMayTrade(buyers: Camp, sellers: Camp, may: Sides['may']): boolean {
  return buyers.traders.every((_b, buyer) => sellers.traders.every((_s, seller) => may(buyer, seller)));
}

/** Lots of each trader of a side. */
function perTrader({ traders }: Camp, shares: readonly Share[]): number[] {
  const totals = traders.map(() => 0);
  for (const { trader, quantity } of shares) totals[trader]! += quantity;
  return totals;
}

/**
 * What the orders of a side claim, in the order in which claims are served. Pro rata, the orders at the price
 * where the volume runs out first claim their shares; only what others cannot use is claimed again, by time.
 */
function claims(all: readonly Share[], volume: number, margin: Margin): readonly Share[] {
  if (margin === 'time') return all;
  let start = 0;
  let left = volume;
  while (start < all.length) {
    const price = all[start]!.price;
    const after = all.findIndex((share, place) => place > start && share.price !== price);
    const end = after < 0 ? all.length : after;
    const level = all.slice(start, end);
    if (total(level) > left) {
      const parts = proRata(
        level.map(({ quantity }) => quantity),
        left,
      );
      const once = level.map((share, place) => ({ ...share, quantity: parts[place]! }));
      const again = level.map((share, place) => ({ ...share, quantity: share.quantity - parts[place]! }));
      return [...all.slice(0, start), ...once, ...again, ...all.slice(end)];
    }
    left -= total(level);
    start = end;
  }
  return all;
}

/** The first `volume` lots claimed. */
function first(claimed: readonly Share[], volume: number): Share[] {
  let left = volume;
  const given = claimed.map(({ quantity }) => {
    const part = Math.min(quantity, left);
    left -= part;
    return part;
  });
  return granted(claimed, given).map((share) => ({ ...share, trader: 0 }));
}

/** What was given to claims, order by order: one that claimed twice is here once. */
function granted(claimed: readonly Share[], given: readonly number[]): Share[] {
  const bySlot = new Map<number, Share>();
  for (const [place, share] of claimed.entries()) {
    const before = bySlot.get(share.slot)?.quantity ?? 0;
    bySlot.set(share.slot, { ...share, quantity: before + given[place]! });
  }
  return [...bySlot.values()].filter(({ quantity }) => quantity > 0);
}

type Pairs = { readonly traders: number; readonly others: number; readonly flow: Float64Array };

/** Lets buys and sells meet in priority order as far as `flow` lets their traders. */
function trade(book: Book, price: number, bought: Share[], sold: Share[], { others, flow }: Pairs): number {
  const queues: { slot: number; left: number }[][] = Array.from({ length: others }, () => []);
  for (const { slot, trader, quantity } of sold) queues[trader]!.push({ slot, left: quantity });
  const heads = queues.map(() => 0);
  let executed = 0;
  for (const { slot, trader, quantity } of bought) {
    let left = quantity;
    for (let other = 0; other < others && left > 0; other++) {
      let amount = Math.min(left, flow[trader * others + other]!);
      flow[trader * others + other]! -= amount;
      left -= amount;
      executed += amount;
      while (amount > 0) {
        const seller = queues[other]![heads[other]!]!;
        const met = Math.min(amount, seller.left);
        meet(book, price, slot, seller.slot, met);
        amount -= met;
        seller.left -= met;
        if (seller.left === 0) heads[other]!++;
      }
    }
  }
  return executed;
}

function meet(book: Book, price: number, buy: number, sell: number, quantity: number): void {
  const pool = book.memory.orders;
  const left = pool[sell + LEFT]! - quantity;
  book.events.push(EVENT.AUCTION_TRADE, pool[buy + ID]!, pool[sell + ID]!, price, quantity, left);
  book.executeResting(buy, quantity);
  book.executeResting(sell, quantity);
}

/** What happens to two resting orders that cross: true for each that is gone after it. */
type Meeting = (book: Book, buy: number, sell: number) => { readonly buy: boolean; readonly sell: boolean };

const NEITHER = { buy: false, sell: false };

function tradeCrossed(book: Book): void {
  eachCrossed(book, tradePair);
  eachCrossed(book, preventPair);
}

function eachCrossed(book: Book, meeting: Meeting): void {
  const buyPrice = book.best(BUY);
  const sellPrice = book.best(SELL);
  if (buyPrice === 0 || sellPrice === 0) return;
  const buys = crossing(book, BUY, sellPrice);
  const sells = crossing(book, SELL, buyPrice);
  const pool = book.memory.orders;
  const gone = new Set<number>();
  for (const buy of buys) {
    for (const sell of sells) {
      if (gone.has(buy) || pool[sell + AT]! > pool[buy + AT]!) break;
      if (gone.has(sell)) continue;
      const ended = meeting(book, buy, sell);
      if (ended.buy) gone.add(buy);
      if (ended.sell) gone.add(sell);
    }
  }
}

function tradePair(book: Book, buy: number, sell: number): { buy: boolean; sell: boolean } {
  const pool = book.memory.orders;
  if (!mayTrade(book, traderOf(pool, buy), traderOf(pool, sell))) return NEITHER;
  const [maker, taker] = pool[buy + ID]! < pool[sell + ID]! ? [buy, sell] : [sell, buy];
  const quantity = Math.min(pool[buy + LEFT]!, pool[sell + LEFT]!);
  const ended = { buy: pool[buy + LEFT] === quantity, sell: pool[sell + LEFT] === quantity };
  const left = pool[maker + LEFT]! - quantity;
  book.events.push(EVENT.TRADE, pool[taker + ID]!, pool[maker + ID]!, pool[maker + AT]!, quantity, left);
  book.executeResting(buy, quantity);
  book.executeResting(sell, quantity);
  return ended;
}

function preventPair(book: Book, buy: number, sell: number): { buy: boolean; sell: boolean } {
  const pool = book.memory.orders;
  const group = pool[buy + GROUP]!;
  if (group !== pool[sell + GROUP] || group === NO_GROUP) return NEITHER;
  const later = pool[buy + ID]! > pool[sell + ID]! ? buy : sell;
  const price = pool[later + AT]!;
  book.events.push(EVENT.CANCELLED, pool[later + ID]!, 0, price, pool[later + LEFT]!, CANCEL.SELF_TRADE);
  book.withdraw(later);
  return { buy: later === buy, sell: later === sell };
}
