/**
 * The end of a call: one price for all (book/clearing.ts), and the new reference of the collar. `indicative` is
 * the same price before the end. It is a function of the book and not an event: the journal would grow by a price
 * for every order of a call, and who shows it knows best how often.
 */
import { lots, ticks } from '@seam/units';
import {
  BUY,
  type Clearing,
  EVENT,
  EVENT_STRIDE,
  ORDER,
  OTHER,
  QTY,
  SELL,
  TYPE,
  clearing,
  uncross,
} from '../book/index.ts';
import { type Act, tell } from './act.ts';
import type { Market } from './state.ts';
import { tellBook } from './tell-book.ts';
import { rangeAround } from './terms.ts';
import type { MarketEvent, UncrossTrade } from './types.ts';

/** What the call would bring if it ended now; undefined when nothing crosses. */
export function indicative({
  book,
  referencePrice,
}: Pick<Market, 'book' | 'referencePrice'>): Clearing | undefined {
  return clearing([...book.levels(BUY)], [...book.levels(SELL)], referencePrice);
}

export function uncrossMarket(act: Act): void {
  const { market } = act;
  const found = indicative(market);
  const firstTradeNumber = market.lastTradeNumber + 1;
  if (found === undefined) {
    const [volume, surplus] = [lots(0), 0];
    tell(act, { type: 'uncrossed', price: null, volume, surplus, rule: null, firstTradeNumber, trades: [] });
    return;
  }
  prepareCreditPairs(market);
  uncross(market.book, found.price);
  const trades = auctionTrades(market);
  const price = ticks(found.price);
  const { surplus, rule } = found;
  tell(act, {
    type: 'uncrossed',
    price,
    volume: lots(found.volume),
    surplus,
    rule,
    firstTradeNumber,
    trades,
  });
  tellBook(act, trades.length);
  if (trades.length > 0 && price !== market.referencePrice) tell(act, collarAround(market, price));
}

export function collarAround(
  { terms }: Market,
  referencePrice: ReturnType<typeof ticks>,
): Extract<MarketEvent, { type: 'collar_changed' }> {
  const { low, high } = rangeAround(referencePrice, terms.collar.hardBasisPoints);
  return { type: 'collar_changed', referencePrice, priceMinimum: low, priceMaximum: high };
}

/** They come first in what the book tells. */
function auctionTrades({ book }: Market): UncrossTrade[] {
  const { count, data } = book.events;
  const trades: UncrossTrade[] = [];
  for (let at = 0; at < count * EVENT_STRIDE && data[at + TYPE] === EVENT.AUCTION_TRADE; at += EVENT_STRIDE) {
    trades.push({
      buyOrderId: data[at + ORDER] ?? 0,
      sellOrderId: data[at + OTHER] ?? 0,
      quantity: lots(data[at + QTY] ?? 0),
    });
  }
  return trades;
}

/** Before resting orders meet: which lines can bear the most that two accounts may trade with each other. */
export function prepareCreditPairs(market: Market): void {
  const open = market.accountList.map(() => ({ buy: 0, sell: 0 }));
  for (const { account, side, quantity, filled } of market.orders.values()) {
    const sums = open[account.index];
    if (sums) sums[side] += quantity - filled;
  }
  const price = market.book.best(BUY);
  const most = (a: { buy: number; sell: number }, b: { buy: number; sell: number }): number =>
    price * (Math.min(a.buy, b.sell) + Math.min(a.sell, b.buy));
  market.lines.admitPairs((a, b) => {
    const [first, second] = [open[a], open[b]];
    return first && second ? most(first, second) : 0;
  });
}
