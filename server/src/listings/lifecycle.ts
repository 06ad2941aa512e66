/** The life of a listing. What is not listed cannot happen. Publishing is how one begins. */
import type { ListingState, ProblemCode } from '@seam/protocol';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type ListingMove = 'sell_part' | 'sell_rest' | 'withdraw' | 'expire' | 'reserve' | 'release';

export const listingLifecycle = {
  published: {
    sell_part: 'published',
    sell_rest: 'sold_out',
    withdraw: 'withdrawn',
    expire: 'expired',
    reserve: 'in_auction',
  },
  // While bidding goes on the lot belongs to the auction: no withdrawal, no change of price, no expiry.
  in_auction: { sell_part: 'in_auction', sell_rest: 'sold_out', release: 'published', expire: 'expired' },
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
