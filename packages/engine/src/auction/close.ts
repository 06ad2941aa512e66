/**
 * The end of bidding: who is awarded what, and where every unit of bid security goes.
 *
 * Security is disposed of in the same entry as the award: losers get all of it back, a winner what
 * exceeds the requirement of what it won, and the rest is retained, with a penalty of the format if
 * there is one. Released plus retained is what was allocated, for every account. With a standstill or
 * waiting bidders in the terms the award is only provisional, and security stays (`awarding/close.ts`).
 */
import { type Lots, lots } from '@seam/units';
import { assert } from '../assert.ts';
import { compareText } from '../canonical.ts';
import { closeProvisionally, withNoReserve } from './awarding/close.ts';
import { callNext } from './catalogue/queue.ts';
import { formatOf } from '../formats/index.ts';
import type { Auction, EngineState } from '../state.ts';
import type { Award, Event } from '../types.ts';
import type { Result } from './format.ts';
import { type CommandOf, findLive, refuse } from './refusal.ts';
import { requiredSecurity } from './security.ts';

export function closeAuction(state: EngineState, command: CommandOf<'close_auction'>): readonly Event[] {
  const { auctionId, deadline, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  // A timer made before an extension or a suspension names an end that is no longer the end.
  if (auction.state !== 'open' || deadline !== auction.closesAt || at < deadline) {
    return refuse({ code: 'auction_state_conflict', state: auction.state });
  }
  const result = resultOf(auction);
  const withoutReserve = (): Result => resultOf(withNoReserve(auction));
  const ended = closeProvisionally(auction, { result, withoutReserve, at }) ?? [
    outcome(auction, result),
    ...disposeSecurity(auction, result.awards),
  ];
  return [...ended, ...callNext(state, auction, auction.closesAt)];
}

/** What the format says, unless too few competed: whoever bid counts while a bid binds it. */
function resultOf(auction: Auction): Result {
  const format = formatOf(auction);
  const result = format.result(auction);
  const { minimumBidders = 1 } = auction.terms;
  if (result.awards.length === 0 || minimumBidders === 1) return result;
  const bound = [...auction.bidders].filter((accountId) => format.bound(auction, accountId) > 0);
  return bound.length < minimumBidders ? { awards: [], reason: 'too_few_bidders' } : result;
}

function outcome({ terms }: Auction, { awards, reason }: Result): Event {
  const { auctionId } = terms;
  if (awards.length === 0) return { type: 'auction_unsold', auctionId, reason };
  const sold = awards.reduce((sum, award) => sum + award.quantity, 0);
  const unsold = lots(terms.quantity - sold);
  return { type: 'auction_awarded', auctionId, awards, unsold, reserveMet: true };
}

function disposeSecurity(auction: Auction, awards: readonly Award[]): readonly Event[] {
  const { terms, security } = auction;
  const { auctionId } = terms;
  const won = new Map<string, Lots>();
  for (const { accountId, quantity } of awards) {
    won.set(accountId, lots((won.get(accountId) ?? 0) + quantity));
  }
  const events: Event[] = [];
  for (const [accountId, allocated] of [...security].sort(([a], [b]) => compareText(a, b))) {
    const penalty = formatOf(auction).penalty?.(auction, accountId) ?? 0n;
    const retained = requiredSecurity(terms, won.get(accountId) ?? lots(0)) + penalty;
    const released = allocated - retained;
    assert(released >= 0n, `award to ${accountId} needs more security than it allocated`);
    if (released > 0n) {
      events.push({ type: 'bid_security_released', auctionId, accountId, amount: released.toString() });
    }
    if (retained > 0n) {
      events.push({ type: 'bid_security_retained', auctionId, accountId, amount: retained.toString() });
    }
  }
  return events;
}
