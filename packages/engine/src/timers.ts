/**
 * What the clock owes. The engine has none: the host asks here, before every command, which
 * deadlines its own clock has reached, and feeds them back as commands with
 * `at = max(lastAt, deadline)`. So a late timer cannot let a late bid in.
 */
import type { Instant } from '@seam/units';
import { assert } from './assert.ts';
import { type Awarding, awardingDeadline } from './auction/awarding/state.ts';
import { type Deadline, compareDeadlines } from './deadline-queue.ts';
import { formatOf } from './formats/index.ts';
import type { EngineState } from './state.ts';
import type { CommandBody } from './types.ts';

type Timer = Extract<CommandBody, { deadline: Instant }>;

/**
 * The next thing due of every auction and every market at `now`, in (deadline, id) order; an auction comes before a
 * market of the same id. Applying one may make an earlier one due than the second of the list: ask again after
 * each, until there is none.
 */
export function dueTimers(state: EngineState, now: Instant): readonly Timer[] {
  const auctions = state.deadlines.due(now).map((due) => ({ ...due, timer: timerOf(state, due.id) }));
  const markets = state.marketDeadlines.due(now).map((due) => ({ ...due, timer: turnOf(due) }));
  return [...auctions, ...markets].sort(compareDeadlines).map(({ timer }) => timer);
}

/** When the next timer is due; null while nothing waits for the clock. */
export function nextDeadline(state: EngineState): Instant | null {
  const auction = state.deadlines.peek()?.at;
  const market = state.marketDeadlines.peek()?.at;
  if (auction === undefined || market === undefined) return auction ?? market ?? null;
  return auction < market ? auction : market;
}

function turnOf({ id, at }: Deadline): Timer {
  return { type: 'turn_market', instrumentId: id, deadline: at };
}

function timerOf(state: EngineState, auctionId: string): Timer {
  const awarding = state.awardings.get(auctionId);
  if (awarding !== undefined) return awardingTimer(awarding);
  const auction = state.auctions.get(auctionId);
  assert(auction !== undefined, `deadline of auction ${auctionId}, which is not live`);
  if (auction.state === 'scheduled')
    return { type: 'open_auction', auctionId, deadline: auction.terms.opensAt };
  const turnsAt = formatOf(auction).turnsAt(auction);
  return turnsAt !== null && turnsAt < auction.closesAt
    ? { type: 'turn_auction', auctionId, deadline: turnsAt }
    : { type: 'close_auction', auctionId, deadline: auction.closesAt };
}

function awardingTimer(awarding: Awarding): Timer {
  const { auctionId } = awarding.terms;
  const deadline = awardingDeadline(awarding);
  assert(deadline !== null, `deadline of auction ${auctionId}, whose awards wait for nothing`);
  return { type: awarding.phase === 'standstill' ? 'end_standstill' : 'lapse_awards', auctionId, deadline };
}
