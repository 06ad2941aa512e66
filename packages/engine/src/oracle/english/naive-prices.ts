/** What winners pay, by trying every price the rule names. */
import type { HeldPrice } from '../../pricing/threshold.ts';
import type { EnglishTerms } from '../../types.ts';
import { type NaiveBid, naiveAllocate } from './naive-allocate.ts';

export function naiveIncrement(terms: EnglishTerms, price: number): number {
  const bands = (terms.incrementBands ?? []).filter((band) => band.from <= price);
  return bands.at(-1)?.increment ?? terms.bidIncrement;
}

/** The latest bid of each account. `bids` are all there were, oldest first. */
export function naiveLatest(bids: readonly NaiveBid[]): NaiveBid[] {
  return bids.filter(
    (bid, index) => !bids.slice(index + 1).some((later) => later.accountId === bid.accountId),
  );
}

/** Since when the account has been willing to pay `price` for what it asks for now. */
function naiveSince(bids: readonly NaiveBid[], accountId: string, price: number): number {
  const own = bids.filter((bid) => bid.accountId === accountId);
  let seq = Infinity;
  for (const bid of own.toReversed()) {
    if (bid.quantity !== own.at(-1)?.quantity) break;
    if (bid.price >= price) seq = bid.seq;
  }
  return seq;
}

/** The price of a hidden maximum, the others standing at theirs; null when it wins nothing. */
export function naiveThreshold(
  terms: EnglishTerms,
  bids: readonly NaiveBid[],
  accountId: string,
): number | null {
  const live = naiveLatest(bids);
  const wonAt = (price: number, seq: number): number => {
    const moved = live.map((bid) =>
      bid.accountId === accountId ? { ...bid, price: price as NaiveBid['price'], seq } : bid,
    );
    const { standing } = naiveAllocate(moved, terms.quantity, terms.margin);
    return standing.find((line) => line.accountId === accountId)?.allocated ?? 0;
  };
  const own = live.find((bid) => bid.accountId === accountId);
  const won = own === undefined ? 0 : wonAt(own.price, own.seq);
  if (own === undefined || won === 0) return null;
  const rivals = live.filter((bid) => bid.accountId !== accountId).map((bid) => bid.price as number);
  if (terms.proxyLead === 'increment') {
    if (wonAt(terms.startingPrice - 0.5, Infinity) >= won) return terms.startingPrice;
    const decides = Math.min(...rivals.filter((price) => wonAt(price + 0.5, Infinity) >= won));
    return Math.max(terms.startingPrice, Math.min(own.price, decides + naiveIncrement(terms, decides)));
  }
  const prices = [terms.startingPrice, ...rivals, ...rivals.map((price) => price + 1)];
  const rising = prices.filter((price) => price >= terms.startingPrice).sort((a, b) => a - b);
  return rising.find((price) => wonAt(price, naiveSince(bids, accountId, price)) >= won) ?? null;
}

/** Lowest price that a lot is won at, once every lot is won. */
export function naiveMargin({
  terms,
  bids,
}: {
  terms: EnglishTerms;
  bids: readonly NaiveBid[];
}): number | null {
  const live = naiveLatest(bids);
  const { standing, marginalPrice } = naiveAllocate(live, terms.quantity, terms.margin);
  if (terms.proxy !== 'threshold' || marginalPrice === null) return marginalPrice;
  const winners = standing.filter((line) => line.allocated > 0);
  return Math.min(...winners.map((line) => naiveThreshold(terms, bids, line.accountId) ?? Infinity));
}

/** The steps of a maximum that could ever decide a tie: those a live rival's bid came between. */
export function naiveHeld(bids: readonly NaiveBid[], accountId: string): HeldPrice[] {
  const last = bids.findLastIndex((bid) => bid.accountId === accountId);
  const rivals = naiveLatest(bids.slice(0, last).filter((bid) => bid.accountId !== accountId));
  const held: HeldPrice[] = [];
  let before: number | null = null;
  const own = bids.filter((bid) => bid.accountId === accountId);
  const start = own.findLastIndex((bid) => bid.quantity !== own.at(-1)?.quantity) + 1;
  for (const { price, seq } of own.slice(start)) {
    const from: number | null = before;
    const top = held.at(-1);
    if (top === undefined || from === null || rivals.some((rival) => rival.seq > from && rival.seq < seq)) {
      held.push({ price, seq });
    } else {
      held[held.length - 1] = { price, seq: top.seq };
    }
    before = seq;
  }
  return held;
}

/** What each account pays if bidding ends now and nothing is sold below `base`. */
export function naivePaid(terms: EnglishTerms, bids: readonly NaiveBid[], base: number): Map<string, number> {
  const valid = naiveLatest(bids).filter((bid) => bid.price >= base);
  const { standing } = naiveAllocate(valid, terms.quantity, terms.margin);
  const winners = standing.filter((line) => line.allocated > 0);
  const unserved = standing
    .filter((line) => line.allocated < line.quantity)
    .map((line) => line.price as number);
  const lowest = Math.min(...winners.map((line) => line.price));
  const one = {
    uniform: unserved.length === 0 ? base : lowest,
    uniform_highest_rejected: unserved.length === 0 ? base : Math.min(lowest, Math.max(...unserved)),
  };
  return new Map(
    winners.map((line) => {
      if (terms.proxy === 'threshold') {
        const price = naiveThreshold(terms, bids, line.accountId) ?? 0;
        return [line.accountId, price < base ? base : price];
      }
      return [line.accountId, terms.pricing === 'pay_as_bid' ? line.price : one[terms.pricing]];
    }),
  );
}
