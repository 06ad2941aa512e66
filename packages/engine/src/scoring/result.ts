/**
 * Who sells to the buyer. What is dearer than the reserve is left out before the quantity is shared:
 * with a score it may stand before an offer that is not.
 */
import type { Result } from '../auction/format.ts';
import { type RankingTerms, rankOffers } from './rank.ts';
import type { Offer } from './types.ts';

export function resultOfOffers(terms: RankingTerms, offers: readonly Offer[]): Result {
  const { reservePrice } = terms;
  const valid = offers.filter((offer) => reservePrice === null || offer.price <= reservePrice);
  const awards = rankOffers(terms, valid)
    .lines.filter((line) => line.allocated > 0)
    .map(({ accountId, price, allocated, seq }) => ({ accountId, price, quantity: allocated, bidSeq: seq }));
  return { awards, reason: offers.length === 0 ? 'no_bid' : 'reserve_not_met' };
}
