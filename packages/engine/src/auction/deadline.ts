/** What the clock will do next to an auction. */
import type { Instant } from '@seam/units';
import { formatOf } from '../formats/index.ts';
import type { Auction } from '../state.ts';

/** Null while it stands still. A turn at the very end is none: the close does what is left to do. */
export function deadlineOf(auction: Auction): Instant | null {
  switch (auction.state) {
    case 'scheduled':
      return auction.called ? auction.terms.opensAt : null;
    case 'open':
      return nextEnd(auction);
    case 'suspended':
      return null;
  }
}

/** The end that bidders of an opened auction have before them: of the round, step or phase, or of all. */
export function nextEnd(auction: Auction): Instant {
  const turnsAt = formatOf(auction).turnsAt(auction);
  return turnsAt !== null && turnsAt < auction.closesAt ? turnsAt : auction.closesAt;
}
