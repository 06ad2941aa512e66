/** What one frame changed for the visitor, where that must be said at once. */
import type { AuctionState } from '@seam/client';
import { isMore } from './ladder.ts';

export type Announcement =
  | { kind: 'extended'; extensions: number; closesAt: string }
  | { kind: 'outbid'; allocated: string; quantity: string }
  | { kind: 'winning'; quantity: string }
  /** A clock's next round. */
  | { kind: 'round'; round: number; price: string }
  | { kind: 'my_turn' }
  /** The market could not take bids for a while, and gave the time back. */
  | { kind: 'outage'; closesAt: string }
  /** The hybrid, or a sealed auction, went on. */
  | { kind: 'phase'; phase: string };

type Seen = Pick<AuctionState, 'state' | 'extensions' | 'closesAt' | 'room' | 'my'>;

/** @returns the one thing that matters most; null when there is nothing to say. */
export function announcementOf(before: Seen, now: Seen): Announcement | null {
  return (
    ofOutage(before, now) ??
    ofRoom(before, now) ??
    ofStanding(before, now) ??
    (now.extensions > before.extensions
      ? { kind: 'extended', extensions: now.extensions, closesAt: now.closesAt }
      : null)
  );
}

/** Bids that move the end are counted and a suspension is seen: what moves it besides is an outage. */
function ofOutage(before: Seen, now: Seen): Announcement | null {
  const isOpen = before.state === 'open' && now.state === 'open';
  const isLater = Date.parse(now.closesAt) > Date.parse(before.closesAt);
  if (!isOpen || !isLater || now.extensions !== before.extensions) return null;
  return { kind: 'outage', closesAt: now.closesAt };
}

function ofRoom(
  { room: was, my: wasMine }: Seen,
  { room: is, my: isMine, state }: Seen,
): Announcement | null {
  if (state !== 'open') return null;
  if (is.format === 'clock' && was.format === 'clock' && is.round > was.round) {
    return { kind: 'round', round: is.round, price: is.price };
  }
  const isTurn = isMine?.room?.format === 'reverse_rounds' && isMine.room.isMyTurn;
  const wasTurn = wasMine?.room?.format === 'reverse_rounds' && wasMine.room.isMyTurn;
  if (isTurn && !wasTurn) return { kind: 'my_turn' };
  if ('phase' in is && 'phase' in was && is.phase !== was.phase) return { kind: 'phase', phase: is.phase };
  return null;
}

function ofStanding(before: Seen, now: Seen): Announcement | null {
  const [was, is] = [before.my?.allocated, now.my?.allocated];
  if (now.state !== 'open' || is == null || now.my?.quantity == null) return null;
  if (was != null && isMore(was, is)) {
    return { kind: 'outbid', allocated: is, quantity: now.my.quantity };
  }
  if (isMore(is, was ?? '0') && is === now.my.quantity) return { kind: 'winning', quantity: is };
  return null;
}
