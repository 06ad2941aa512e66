/** The highest price wins the whole lot; of equal ones the earlier. */
import type { WaitingBid } from '../../auction/awarding/types.ts';
import { unserved } from '../../auction/awarding/unserved.ts';
import type { Result } from '../../auction/format.ts';
import type { Award } from '../../auction/types.ts';
import type { Auction } from '../../state.ts';
import type { Offer } from './types.ts';

type InHybrid = Pick<Auction<'dutch_hybrid'>, 'terms' | 'room'>;

export function resultOf({ terms, room }: InHybrid): Result {
  const [best] = offersOf(room);
  const reason = 'no_bid';
  if (best === undefined) return { awards: [], reason };
  const { accountId, price, seq } = best;
  return { awards: [{ accountId, price, quantity: terms.quantity, bidSeq: seq }], reason };
}

/** The other offers, each for the whole lot or nothing. */
export function unservedIn({ terms, room }: InHybrid, awards: readonly Award[]): readonly WaitingBid[] {
  const { quantity } = terms;
  const lines = offersOf(room).map((offer) => ({ ...offer, quantity, minimumAcceptable: quantity }));
  return unserved(lines, awards);
}

/** Best first. */
function offersOf({ dutchWinner, bestBid, sealed }: InHybrid['room']): readonly Offer[] {
  return [dutchWinner, bestBid, ...sealed].filter((offer) => offer !== null).toSorted(compareOffers);
}

/** Negative when `a` is the better offer. Total: no two share a seq. */
export function compareOffers(a: Offer, b: Offer): number {
  return b.price - a.price || a.seq - b.seq;
}
