/**
 * When a bid moves the end: only when it changed the standing, never earlier, never past the hard end,
 * and not more often than the terms allow. Sources of the modes: the rule books named in `presets.ts`.
 */
import { type Instant, instant } from '@seam/units';
import { unreachable } from '../assert.ts';
import type { Auction } from '../state.ts';
import type { Event } from '../types.ts';
import { laterBy, nextStop } from './daily-stop.ts';
import type { CommonTerms, DailyStop, SoftClose } from './types.ts';

/** What of an auction says when it ends: a preview has no more. */
type Ending = Pick<Auction, 'terms' | 'closesAt' | 'hardEndAt' | 'extensions'>;

/**
 * The extension that a standing-changing bid at `at` leads to, if any. A format calls this with each
 * bid that changed its standing, and only then.
 */
export function extension(auction: Ending, at: Instant): readonly Event[] {
  const closesAt = extendedEnd(auction, at);
  if (closesAt === auction.closesAt) return [];
  const { auctionId } = auction.terms;
  return [{ type: 'auction_extended', auctionId, closesAt, extensions: auction.extensions + 1 }];
}

function extendedEnd(auction: Ending, at: Instant): Instant {
  const { softClose } = auction.terms;
  if (softClose.mode === 'none' || auction.extensions >= softClose.extensionsMax) return auction.closesAt;
  const wanted = Math.min(auction.hardEndAt, wantedEnd(softClose, auction, at));
  return instant(Math.max(auction.closesAt, wanted));
}

type Extending = Exclude<SoftClose, { mode: 'none' }>;

function wantedEnd(softClose: Extending, auction: Ending, at: Instant): number {
  switch (softClose.mode) {
    case 'window':
      return auction.closesAt - at > softClose.windowMs ? auction.closesAt : at + softClose.extensionMs;
    case 'phase':
      // The first bid earns the extension that follows the first phase; those after it restart it.
      return (auction.extensions === 0 ? auction.closesAt : at) + softClose.extensionMs;
    case 'cooloff': {
      const { dailyStop, quietMs } = softClose;
      const wanted = laterBy(dailyStop, at, quietMs);
      if (dailyStop === null || dailyStop.resumeMinute !== null) return wanted;
      return Math.min(wanted, nextStop(dailyStop, at));
    }
    default:
      return unreachable(softClose);
  }
}

/** The latest end that bids can lead to. */
export function hardEndOf({ softClose, closesAt }: CommonTerms): Instant {
  return softClose.mode === 'none' ? closesAt : softClose.hardEndAt;
}

/** The nights of an auction that goes on in the morning, or null when it has none. */
export function nightsOf({ softClose }: CommonTerms): DailyStop | null {
  return softClose.mode === 'cooloff' && softClose.dailyStop?.resumeMinute != null
    ? softClose.dailyStop
    : null;
}
