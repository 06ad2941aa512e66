/**
 * What the clock owes. The engine has none: the host asks here, before every command, which
 * deadlines its own clock has reached, and feeds them back as commands with
 * `at = max(lastAt, deadline)`. So a late timer cannot let a late bid in.
 */
import type { Instant } from '@seam/units';
import { assert } from './assert.ts';
import { compareDeadlines } from './deadline-queue.ts';
import type { EngineState } from './state.ts';
import type { CommandBody } from './types.ts';

type Timer = Extract<CommandBody, { deadline: Instant }>;

/**
 * Openings and closings due at `now`, in (deadline, id) order; apply all of them in this order.
 * An auction whose whole life has passed gives both.
 */
export function dueTimers(state: EngineState, now: Instant): readonly Timer[] {
  return state.deadlines
    .due(now)
    .flatMap(({ id }) => timersOf(state, id, now))
    .sort((a, b) =>
      compareDeadlines({ id: a.auctionId, at: a.deadline }, { id: b.auctionId, at: b.deadline }),
    );
}

/** When the next timer is due; null while nothing waits for the clock. */
export function nextDeadline(state: EngineState): Instant | null {
  return state.deadlines.peek()?.at ?? null;
}

function timersOf(state: EngineState, auctionId: string, now: Instant): readonly Timer[] {
  const auction = state.auctions.get(auctionId);
  assert(auction !== undefined, `deadline of auction ${auctionId}, which is not live`);
  const close: Timer = { type: 'close_auction', auctionId, deadline: auction.closesAt };
  if (auction.state === 'open') return [close];
  const open: Timer = { type: 'open_auction', auctionId, deadline: auction.terms.opensAt };
  return auction.closesAt <= now ? [open, close] : [open];
}
