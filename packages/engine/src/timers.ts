/**
 * What the clock owes. The engine has none: the host asks here, before every command, which
 * deadlines its own clock has reached, and feeds them back as commands with
 * `at = max(lastAt, deadline)`. So a late timer cannot let a late bid in.
 */
import type { Instant } from '@seam/units';
import { assert } from './assert.ts';
import { formatOf } from './formats/index.ts';
import type { EngineState } from './state.ts';
import type { CommandBody } from './types.ts';

type Timer = Extract<CommandBody, { deadline: Instant }>;

/**
 * The next thing due of every auction at `now`, in (deadline, id) order. Applying one may make an
 * earlier one due than the second of the list: ask again after each, until there is none.
 */
export function dueTimers(state: EngineState, now: Instant): readonly Timer[] {
  return state.deadlines.due(now).map(({ id }) => timerOf(state, id));
}

/** When the next timer is due; null while nothing waits for the clock. */
export function nextDeadline(state: EngineState): Instant | null {
  return state.deadlines.peek()?.at ?? null;
}

function timerOf(state: EngineState, auctionId: string): Timer {
  const auction = state.auctions.get(auctionId);
  assert(auction !== undefined, `deadline of auction ${auctionId}, which is not live`);
  if (auction.state === 'scheduled')
    return { type: 'open_auction', auctionId, deadline: auction.terms.opensAt };
  const turnsAt = formatOf(auction).turnsAt(auction);
  return turnsAt !== null && turnsAt < auction.closesAt
    ? { type: 'turn_auction', auctionId, deadline: turnsAt }
    : { type: 'close_auction', auctionId, deadline: auction.closesAt };
}
