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
 * Where the margin is shared in proportion a bid at the marginal price does win something, and is
 * taken.
 *
 * A bidder's own price rises by whole increments or stays: it may stay when the quantity grows and
 * the price is still one the auction takes. A hidden maximum is nobody else's business and may rise
 * by any tick. The guard against typing errors bounds a bid from above, measured from the margin
 * (from the starting price while lots are unsold).
 */
import { type Lots, type Ticks, lots, ticks } from '@seam/units';
import { priceLimit } from '../../auction/rules.ts';
import { incrementAt } from '../../pricing/increment.ts';
import type { EnglishRoom, EnglishTerms, Standing } from './types.ts';

type InEnglishRoom = { readonly terms: EnglishTerms; readonly room: Readonly<EnglishRoom> };

/** The part of an auction these rules read; a client's mirror has it too. */
export type BiddingView = { readonly terms: EnglishTerms } & Readonly<EnglishRoom>;

export function viewOf({ terms, room }: InEnglishRoom): BiddingView {
  return { terms, ...room };
}

/** The line of `accountId`, if it has bid. */
export function lineOf(standing: readonly Standing[], accountId: string): Standing | undefined {
  return standing.find((line) => line.accountId === accountId);
}

type Margin = Pick<BiddingView, 'terms' | 'marginalPrice'>;

/** Lowest price, in ticks, taken from somebody without a bid. */
export function priceFloor({ terms, marginalPrice }: Margin): Ticks {
  if (marginalPrice === null) return terms.startingPrice;
  if (terms.margin === 'pro_rata') return marginalPrice;
  return ticks(marginalPrice + incrementAt(terms, marginalPrice));
}

/** Lowest price taken from the holder of `own` for `quantity` lots, at least its present quantity. */
export function leastPrice(view: Margin, own: Standing | undefined, quantity: Lots): Ticks {
  const floor = priceFloor(view);
  if (own === undefined) return floor;
  if (quantity > own.quantity && own.price >= floor) return own.price;
  return raisedPrice(view, own);
}

/** Lowest price above its own that the holder of `own` may name. */
export function raisedPrice(view: Margin, own: Standing): Ticks {
  const raise = view.terms.proxy === 'threshold' ? 1 : incrementAt(view.terms, own.price);
  return ticks(Math.max(priceFloor(view), own.price + raise));
}

/** Highest price taken: the typing-error guard, and the bound that keeps sums in range. */
export function mostPrice({ terms, marginalPrice }: Margin): Ticks {
  const limit = priceLimit(terms);
  if (terms.maximumIncrement === null) return ticks(limit);
  return ticks(Math.min(limit, (marginalPrice ?? terms.startingPrice) + terms.maximumIncrement));
}

/** Most lots one bidder may bid for. */
export function mostQuantity(terms: EnglishTerms): Lots {
  return lots(Math.min(terms.quantity, terms.quantityPerBidderMaximum ?? terms.quantity));
}
