/** When a late bid moves the end: never earlier, never past the hard end. */
import { type Instant, instant } from '@seam/units';
import type { Auction } from '../state.ts';
import type { Event } from '../types.ts';

/** The extension that a standing-changing bid at `at` leads to, if any. */
export function extension(auction: Auction, at: Instant): readonly Event[] {
  const closesAt = extendedEnd(auction, at);
  if (closesAt === auction.closesAt) return [];
  const { auctionId } = auction.terms;
  return [{ type: 'auction_extended', auctionId, closesAt, extensions: auction.extensions + 1 }];
}

function extendedEnd(auction: Auction, at: Instant): Instant {
  const { windowMs, extensionMs, extensionsMax } = auction.terms.softClose;
  if (auction.closesAt - at > windowMs || auction.extensions >= extensionsMax) return auction.closesAt;
  return instant(Math.min(auction.hardEndAt, Math.max(auction.closesAt, at + extensionMs)));
}
