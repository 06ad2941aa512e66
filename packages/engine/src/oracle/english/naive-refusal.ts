/** Why an open auction refuses a bid, or nothing. */
import { lots, ticks } from '@seam/units';
import type { EnglishTerms, Rejection } from '../../types.ts';
import type { NaiveAuction } from '../naive-auction.ts';
import type { NaiveBid } from './naive-allocate.ts';
import { naiveIncrement, naiveLatest, naiveMargin } from './naive-prices.ts';

/** Lowest for a newcomer, lowest above `mine`, highest by the guard, highest there is. */
export function naiveWindow(auction: NaiveAuction, mine: NaiveBid | undefined) {
  const { terms } = auction;
  const margin = naiveMargin(auction);
  const increment = margin === null || terms.margin === 'pro_rata' ? 0 : naiveIncrement(terms, margin);
  const floor = margin === null ? terms.startingPrice : margin + increment;
  const raise = terms.proxy === 'threshold' || mine === undefined ? 1 : naiveIncrement(terms, mine.price);
  const raised = mine === undefined ? floor : Math.max(floor, mine.price + raise);
  const highest = naiveHighest(terms);
  const guard = (margin === null ? terms.startingPrice : margin) + (terms.maximumIncrement ?? Infinity);
  return { margin, floor, raised, highest, ceiling: Math.min(highest, guard) };
}

function naiveHighest(terms: EnglishTerms): number {
  const oneTickOfAll = BigInt(terms.tickSize) * BigInt(terms.lotSize) * BigInt(terms.quantity);
  return Math.min(500_000_000, Number(1_000_000_000_000_000_000n / oneTickOfAll));
}

export function naiveRefusal(auction: NaiveAuction, bid: NaiveBid): Rejection | undefined {
  const { terms } = auction;
  const { price, quantity, minimumAcceptable: least } = bid;
  const cap = terms.quantityPerBidderMaximum ?? terms.quantity;
  const most = cap < terms.quantity ? cap : terms.quantity;
  if (!(Number.isInteger(quantity) && quantity >= terms.minimumBidQuantity && quantity <= most)) {
    return {
      code: 'bid_quantity_out_of_range',
      quantityMinimum: terms.minimumBidQuantity,
      quantityMaximum: lots(most),
    };
  }
  const mine = naiveLatest(auction.bids).find((one) => one.accountId === bid.accountId);
  const insists = mine === undefined ? quantity : Math.min(quantity, mine.minimumAcceptable);
  if (!(Number.isInteger(least) && least >= 0 && least <= insists)) {
    return { code: 'bid_minimum_acceptable_invalid', maximum: lots(insists) };
  }
  const { floor, raised, ceiling } = naiveWindow(auction, mine);
  const cheapestFor = (size: number): number =>
    mine !== undefined && size > mine.quantity && mine.price >= floor ? mine.price : raised;
  if (mine !== undefined) {
    const worse = price < mine.price || quantity < mine.quantity;
    const same = price === mine.price && quantity === mine.quantity;
    if (worse || same || Number.isNaN(price)) {
      const priceMinimum = ticks(cheapestFor(Math.max(quantity, mine.quantity)));
      return { code: 'bid_not_improving', priceMinimum, quantityMinimum: mine.quantity };
    }
  }
  if (!(Number.isInteger(price) && price >= terms.startingPrice)) {
    return { code: 'bid_price_below_start', priceMinimum: ticks(cheapestFor(quantity)) };
  }
  const keepsPrice = mine !== undefined && price === mine.price;
  const isHighEnough = keepsPrice ? price >= floor : price >= raised;
  if (!isHighEnough) {
    const cheapest = cheapestFor(quantity);
    return { code: 'bid_below_increment', priceMinimum: ticks(price < cheapest ? cheapest : raised) };
  }
  if (price > ceiling) return { code: 'bid_above_maximum_increment', priceMaximum: ticks(ceiling) };
  return undefined;
}
