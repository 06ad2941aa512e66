/** Over HTTP the same mask as on the socket: see `exchange/masking.ts`. */
import type { AuctionRow } from './tables.ts';

const OVER: readonly AuctionRow['state'][] = ['standstill', 'awarded', 'unsold'];

/** Bidders are not to see each other, and bidding is not over for good. */
export function isMasked({ terms, state }: Pick<AuctionRow, 'terms' | 'state'>): boolean {
  return (terms.visibility ?? 'open') !== 'open' && !OVER.includes(state);
}
