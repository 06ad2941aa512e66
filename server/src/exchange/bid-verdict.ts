/** What an accepted command led to, for its bidder: no more than the auction lets it see. */
import type { AuctionTerms, Event } from '@seam/engine';
import { massText } from './grid.ts';

export type BidVerdict = { readonly rank: number | null; readonly allocated: string | null };

export function bidVerdict(terms: AuctionTerms, events: readonly Event[]): BidVerdict {
  const { visibility = 'open' } = terms;
  for (const event of events) {
    switch (event.type) {
      case 'bid_accepted':
      case 'maximum_accepted':
      case 'offer_accepted':
        return {
          rank: visibility === 'blind' ? null : event.rank,
          allocated: visibility === 'open' ? massText(terms, event.allocated) : null,
        };
      // A sale: final, and its buyer's own.
      case 'price_accepted':
        return { rank: null, allocated: massText(terms, event.allocated) };
      default:
    }
  }
  return { rank: null, allocated: null };
}
