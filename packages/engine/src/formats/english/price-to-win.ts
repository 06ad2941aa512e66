/** What it takes to win a quantity: for one bidder's eyes only. */
import { type Lots, type Ticks, lots, ticks } from '@seam/units';
import { takes } from '../../pricing/serve.ts';
import { withBid } from './allocate.ts';
import {
  type BiddingView,
  leastPrice,
  lineOf,
  mostPrice,
  mostQuantity,
  priceFloor,
  raisedPrice,
} from './price.ts';
import { visibleTo } from './public.ts';
import type { Standing } from './types.ts';

/**
 * Lowest price at which `accountId` would win all of `quantity` if it bid now, insisting on nothing,
 * and nobody followed; null when no single bid it may place would.
 *
 * Where rivals have hidden maxima or instructions the price is what wins unless one of those
 * answers: it is computed from what the bidder can see, so that asking tells nothing of them.
 *
 * One pass over the bids; with a margin shared in proportion some log₂ 2n of them, and with
 * thresholds up to n²/2 steps.
 */
export function priceToWin(view: BiddingView, accountId: string, quantity: Lots): Ticks | null {
  const { terms } = view;
  const seen = visibleTo(view, accountId);
  const own = lineOf(seen.standing, accountId);
  const least = Math.max(terms.minimumBidQuantity, own?.quantity ?? 0);
  if (quantity < least || quantity > mostQuantity(terms)) return null;
  const wanted = { own, accountId, quantity };
  const price = terms.margin === 'pro_rata' ? lowestThatWins(seen, wanted) : priceInTime(seen, wanted);
  return price !== null && price <= mostPrice(seen) ? ticks(price) : null;
}

type Wanted = {
  readonly own: Standing | undefined;
  readonly accountId: string;
  readonly quantity: Lots;
};

function priceInTime(view: BiddingView, { own, accountId, quantity }: Wanted): number {
  const ahead = priceAhead(view, accountId, quantity);
  const least = leastPrice(view, own, quantity);
  return ahead <= least || own === undefined
    ? Math.max(ahead, least)
    : Math.max(ahead, raisedPrice(view, own));
}

/** Lowest price that puts a new bid ahead of the first rival who would leave it less than `quantity`. */
function priceAhead({ terms, standing }: BiddingView, accountId: string, quantity: Lots): number {
  let rest: number = terms.quantity;
  for (const rival of standing) {
    if (rival.accountId === accountId) continue;
    rest -= takes(rival, rest);
    if (rest < quantity) return quantity > rival.quantity ? rival.price : rival.price + 1;
  }
  return terms.startingPrice;
}

/** More is never won at a lower price, and only at a rival's price or a tick above it does it change. */
function lowestThatWins(view: BiddingView, wanted: Wanted): number | null {
  const { own, accountId, quantity } = wanted;
  const least = leastPrice(view, own, quantity);
  const raised = own === undefined ? priceFloor(view) : raisedPrice(view, own);
  const rivals = view.standing.filter((line) => line.accountId !== accountId);
  const turning = rivals.flatMap(({ price }) => [price, price + 1]).filter((price) => price > raised);
  const prices = [...new Set([least, raised, ...turning])].sort((a, b) => a - b);
  let losing = -1;
  let winning = prices.length;
  while (winning - losing > 1) {
    const middle = (losing + winning) >> 1;
    if (wins(view, wanted, ticks(prices[middle] ?? 0))) winning = middle;
    else losing = middle;
  }
  return prices[winning] ?? null;
}

function wins(view: BiddingView, { accountId, quantity }: Wanted, price: Ticks): boolean {
  const bid = { accountId, price, quantity, minimumAcceptable: lots(0), seq: Number.MAX_SAFE_INTEGER };
  return lineOf(withBid(view.standing, bid, view.terms).standing, accountId)?.allocated === quantity;
}
