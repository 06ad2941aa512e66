/** The highest price wins the whole lot; of equal ones the earlier. */
import type { Result } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';
import type { Offer } from './types.ts';

export function resultOf({ terms, room }: Pick<Auction<'dutch_hybrid'>, 'terms' | 'room'>): Result {
  const { dutchWinner, bestBid, sealed } = room;
  const offers = [dutchWinner, bestBid, ...sealed].filter((offer) => offer !== null);
  const [best] = offers.toSorted(compareOffers);
  const reason = 'no_bid';
  if (best === undefined) return { awards: [], reason };
  const { accountId, price, seq } = best;
  return { awards: [{ accountId, price, quantity: terms.quantity, bidSeq: seq }], reason };
}

/** Negative when `a` is the better offer. Total: no two share a seq. */
export function compareOffers(a: Offer, b: Offer): number {
  return b.price - a.price || a.seq - b.seq;
}
