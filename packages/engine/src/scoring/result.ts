/**
 * Who sells to the buyer. What is dearer than the reserve is left out before the quantity is shared:
 * with a score it may stand before an offer that is not.
 */
import type { WaitingBid } from '../auction/awarding/types.ts';
import { unserved } from '../auction/awarding/unserved.ts';
import type { Result } from '../auction/format.ts';
import type { Award } from '../auction/types.ts';
import { type RankingTerms, rankOffers } from './rank.ts';
import type { Offer } from './types.ts';

export function resultOfOffers(terms: RankingTerms, offers: readonly Offer[]): Result {
  const awards = rankOffers(terms, validOf(terms, offers))
    .lines.filter((line) => line.allocated > 0)
    .map(({ accountId, price, allocated, seq }) => ({ accountId, price, quantity: allocated, bidSeq: seq }));
  return { awards, reason: offers.length === 0 ? 'no_bid' : 'reserve_not_met' };
}

/** Offers that may win and win nothing in `awards`, best score first, each at what it asked. */
export function unservedOffers(
  terms: RankingTerms,
  offers: readonly Offer[],
  awards: readonly Award[],
): readonly WaitingBid[] {
  return unserved(rankOffers(terms, validOf(terms, offers)).lines, awards);
}

function validOf({ reservePrice }: RankingTerms, offers: readonly Offer[]): readonly Offer[] {
  return offers.filter((offer) => reservePrice === null || offer.price <= reservePrice);
}
