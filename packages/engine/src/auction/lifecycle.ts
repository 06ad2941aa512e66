/**
 * Everything that moves an auction except a bid and its close.
 *
 * A suspension freezes the time left. Resuming gives it back, at least RESUME_REMAINING_MS_MIN of
 * it until whatever ends next (the close, or the format's round, step or phase), and moves the hard
 * end by as long as the auction stood still (further where the least remaining time needs it): a
 * fault of the exchange must not eat the bidders' time, and no soft-close extension gains by it.
 */
import { instant } from '@seam/units';
import { compareText } from '../canonical.ts';
import { assert } from '../assert.ts';
import { laterBy, timeBetween } from './daily-stop.ts';
import { brokenCatalogue, callNext, callScheduled } from './catalogue/queue.ts';
import { formatOf } from '../formats/index.ts';
import { nextEnd } from './deadline.ts';
import { AMOUNT_MAX, RESUME_REMAINING_MS_MIN } from '../limits.ts';
import type { Auction, EngineState } from '../state.ts';
import type { Event } from '../types.ts';
import { type CommandOf, findForMember, findLive, isOver, overdue, refuse, refuseParty } from './refusal.ts';
import { nightsOf } from './soft-close.ts';
import { isAmount } from './rules.ts';
import { validateTerms } from './terms.ts';

export function scheduleAuction(
  state: EngineState,
  command: CommandOf<'schedule_auction'>,
): readonly Event[] {
  const { terms, at } = command;
  const field = validateTerms(terms) ?? (terms.closesAt <= at ? 'closesAt' : brokenCatalogue(state, terms));
  if (field !== null) return refuse({ code: 'auction_terms_invalid', field });
  if (state.auctions.has(terms.auctionId) || state.ended.has(terms.auctionId)) {
    return refuse({ code: 'auction_duplicate' });
  }
  return [{ type: 'auction_scheduled', terms }, ...callScheduled(state, terms)];
}

export function allocateBidSecurity(
  state: EngineState,
  command: CommandOf<'allocate_bid_security'>,
): readonly Event[] {
  const { auctionId, accountId, amount, at } = command;
  const { auction, rejection } = findForMember(state, auctionId, at);
  if (rejection) return refuse(rejection);
  const barred = refuseParty(auction, accountId);
  if (barred) return refuse(barred);
  if (!isAmount(amount, 1n, AMOUNT_MAX)) return refuse({ code: 'bid_security_invalid' });
  const total = (auction.security.get(accountId) ?? 0n) + BigInt(amount);
  if (total > AMOUNT_MAX) return refuse({ code: 'bid_security_invalid' });
  return [{ type: 'bid_security_allocated', auctionId, accountId, amount, total: total.toString() }];
}

export function openAuction(state: EngineState, command: CommandOf<'open_auction'>): readonly Event[] {
  const { auction, rejection } = findLive(state, command.auctionId);
  if (rejection) return refuse(rejection);
  const due = command.deadline === auction.terms.opensAt && command.at >= command.deadline;
  if (auction.state !== 'scheduled' || !auction.called || !due) return conflict(auction);
  return [{ type: 'auction_opened', auctionId: command.auctionId }];
}

export function suspendAuction(state: EngineState, command: CommandOf<'suspend_auction'>): readonly Event[] {
  const { auctionId, reason, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  if (auction.state !== 'open') return conflict(auction);
  if (isOver(auction, at)) return refuse(overdue(auction));
  // What has ended is not frozen: the turn comes first.
  if (nextEnd(auction) <= at) return refuse({ code: 'auction_turn_due', endedAt: nextEnd(auction) });
  const remainingMs = timeBetween(nightsOf(auction.terms), at, auction.closesAt);
  return [{ type: 'auction_suspended', auctionId, remainingMs, reason }];
}

export function resumeAuction(state: EngineState, command: CommandOf<'resume_auction'>): readonly Event[] {
  const { auctionId, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  if (auction.state !== 'suspended') return conflict(auction);
  assert(auction.frozen !== null, `auction ${auctionId} is suspended without its remaining time`);
  const { remainingMs, at: since } = auction.frozen;
  const nights = nightsOf(auction.terms);
  const missingMs = Math.max(0, RESUME_REMAINING_MS_MIN - timeBetween(nights, since, nextEnd(auction)));
  const closesAt = laterBy(nights, at, remainingMs + missingMs);
  const hardEndAt = instant(Math.max(closesAt, auction.hardEndAt + (at - since)));
  return [{ type: 'auction_resumed', auctionId, closesAt, hardEndAt }];
}

export function voidAuction(state: EngineState, command: CommandOf<'void_auction'>): readonly Event[] {
  const { auctionId, reason, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  if (isOver(auction, at)) return refuse(overdue(auction));
  const releases = [...auction.security]
    .sort(([a], [b]) => compareText(a, b))
    .map(([accountId, amount]): Event => {
      return { type: 'bid_security_released', auctionId, accountId, amount: amount.toString() };
    });
  return [{ type: 'auction_voided', auctionId, reason }, ...releases, ...callNext(state, auction, at)];
}

export function excludeBidder(state: EngineState, command: CommandOf<'exclude_bidder'>): readonly Event[] {
  const { auctionId, accountId, reason, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  if (isOver(auction, at)) return refuse(overdue(auction));
  const barred = refuseParty(auction, accountId);
  if (barred) return refuse(barred);
  const bound = formatOf(auction).bound(auction, accountId);
  return [{ type: 'bidder_excluded', auctionId, accountId, reason, bound }];
}

export function conflict(auction: Auction): readonly Event[] {
  return refuse({ code: 'auction_state_conflict', state: auction.state });
}
