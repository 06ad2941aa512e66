/**
 * The life of a listing. What is not listed cannot happen. It begins as a draft, in review or published.
 * "Partially taken" is published with less remaining than was offered: a fact of the row, not a state.
 */
import type { ListingState, ProblemCode } from '@seam/protocol';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type ListingMove =
  | 'submit'
  | 'publish'
  | 'decline'
  | 'question'
  | 'suspend'
  | 'reinstate'
  | 'sell_part'
  | 'sell_rest'
  | 'withdraw'
  | 'expire'
  | 'reserve'
  | 'release';

export const listingLifecycle = {
  draft: { submit: 'in_review', publish: 'published', withdraw: 'withdrawn', expire: 'expired' },
  in_review: { publish: 'published', decline: 'draft', withdraw: 'withdrawn', expire: 'expired' },
  published: {
    sell_part: 'published',
    sell_rest: 'sold_out',
    withdraw: 'withdrawn',
    expire: 'expired',
    reserve: 'in_auction',
    question: 'in_review',
    suspend: 'suspended',
  },
  // While bidding goes on the lot belongs to the auction: no withdrawal, no change of price, no expiry.
  in_auction: { sell_part: 'in_auction', sell_rest: 'sold_out', release: 'published', expire: 'expired' },
  suspended: { reinstate: 'published', withdraw: 'withdrawn', expire: 'expired' },
  sold_out: {},
  withdrawn: {},
  expired: {},
} as const satisfies Record<ListingState, Partial<Record<ListingMove, ListingState>>>;

export function moveListing(state: ListingState, move: ListingMove): ListingState | undefined {
  const moves: Partial<Record<ListingMove, ListingState>> = listingLifecycle[state];
  return moves[move];
}

/** Why a lot in `state` is not on the open market; undefined when it is. */
export function notOnMarket(state: ListingState): Refusal | undefined {
  if (state === 'published') return undefined;
  const code: ProblemCode = state === 'in_auction' ? 'listing.in_auction' : 'listing.not_published';
  return refuse(code, { detail: `the lot is ${state}` });
}
