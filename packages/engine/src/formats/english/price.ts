/**
 * Which prices an auction takes next.
 *
 * The rule, readable from public figures alone: while a lot is unsold, bids from the starting price
 * are taken; once every lot is won, a bid must name at least the marginal price plus the increment.
 *
 * Why so, and not "any price from the start": bids never fall, so a bid under the margin can win
 * nothing and would only mislead its bidder; and without an increment over the margin a rival
 * could take the last lots for one tick, or for nothing by naming a larger quantity at the same
 * price. With one bid able to take everything this is exactly the single-lot rule "best plus
 * increment". Equal prices still meet above the margin, where larger quantity, then time, decide.
 *
 * A bidder's own price rises by whole increments or stays: it may stay when the quantity grows and
 * the price is still one the auction takes. The guard against typing errors bounds a bid from
 * above, measured from the margin (from the starting price while lots are unsold).
 */
import { type Lots, type Ticks, ticks } from '@seam/units';
import { priceLimit } from '../../auction/rules.ts';
import type { EnglishRoom, EnglishTerms, Standing } from './types.ts';

type InEnglishRoom = { readonly terms: EnglishTerms; readonly room: Readonly<EnglishRoom> };

/** The part of an auction these rules read; a client's mirror has it too. */
export type BiddingView = {
  readonly terms: EnglishTerms;
  readonly standing: readonly Standing[];
  readonly marginalPrice: Ticks | null;
};

export function viewOf({ terms, room }: InEnglishRoom): BiddingView {
  return { terms, ...room };
}

/** Lowest price, in ticks, taken from somebody without a bid. */
export function priceFloor({ terms, marginalPrice }: BiddingView): Ticks {
  return marginalPrice === null ? terms.startingPrice : ticks(marginalPrice + terms.bidIncrement);
}

/** Lowest price taken from the holder of `own` for `quantity` lots, at least its present quantity. */
export function leastPrice(view: BiddingView, own: Standing | undefined, quantity: Lots): Ticks {
  const floor = priceFloor(view);
  if (own === undefined) return floor;
  if (quantity > own.quantity && own.price >= floor) return own.price;
  return raisedPrice(view, own);
}

/** Lowest price above its own that the holder of `own` may name. */
export function raisedPrice(view: BiddingView, own: Standing): Ticks {
  return ticks(Math.max(priceFloor(view), own.price + view.terms.bidIncrement));
}

/** Highest price taken: the typing-error guard, and the bound that keeps sums in range. */
export function mostPrice({ terms, marginalPrice }: BiddingView): Ticks {
  const limit = priceLimit(terms);
  if (terms.maximumIncrement === null) return ticks(limit);
  return ticks(Math.min(limit, (marginalPrice ?? terms.startingPrice) + terms.maximumIncrement));
}

/**
 * Lowest price at which `accountId` would win all of `quantity` if it bid now and nobody followed;
 * null when no single bid it may place would. For that bidder's eyes only.
 */
export function priceToWin(view: BiddingView, accountId: string, quantity: Lots): Ticks | null {
  const own = view.standing.find((line) => line.accountId === accountId);
  if (
    quantity < Math.max(view.terms.minimumBidQuantity, own?.quantity ?? 0) ||
    quantity > view.terms.quantity
  ) {
    return null;
  }
  const ahead = priceAhead(view, accountId, quantity);
  const least = leastPrice(view, own, quantity);
  const price =
    ahead <= least || own === undefined ? Math.max(ahead, least) : Math.max(ahead, raisedPrice(view, own));
  return price <= mostPrice(view) ? ticks(price) : null;
}

/** Lowest price that puts a new bid ahead of the first rival who would leave it less than `quantity`. */
function priceAhead({ terms, standing }: BiddingView, accountId: string, quantity: Lots): number {
  let rest: number = terms.quantity;
  for (const rival of standing) {
    if (rival.accountId === accountId) continue;
    const taken = Math.min(rival.quantity, rest);
    if (taken >= rival.minimumAcceptable) rest -= taken;
    if (rest < quantity) return quantity > rival.quantity ? rival.price : rival.price + 1;
  }
  return terms.startingPrice;
}
