/** What the clock will do next to an auction. */
import type { Instant } from '@seam/units';
import { formatOf } from '../formats/index.ts';
import type { Auction } from '../state.ts';

/** Null while it stands still. A turn at the very end comes before the close. */
export function deadlineOf(auction: Auction): Instant | null {
  switch (auction.state) {
    case 'scheduled':
      return auction.terms.opensAt;
    case 'open': {
      const turnsAt = formatOf(auction).turnsAt(auction);
      return turnsAt !== null && turnsAt < auction.closesAt ? turnsAt : auction.closesAt;
    }
    case 'suspended':
      return null;
  }
}
