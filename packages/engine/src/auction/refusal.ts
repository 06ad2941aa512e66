/** Finding the auction a command means, or the reason it cannot be meant. */
import type { Instant } from '@seam/units';
import type { Auction, EngineState } from '../state.ts';
import type { Command, Event, Rejection } from '../types.ts';

export type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

export function refuse(rejection: Rejection): readonly Event[] {
  return [{ type: 'command_rejected', rejection }];
}

export type Found =
  | { readonly auction: Auction; readonly rejection?: never }
  | { readonly auction?: never; readonly rejection: Rejection };

/**
 * The auction while a member may still act on it. Its end counts from the instant itself: a command
 * stamped at or past the end is late even when the closing is not journaled yet, which is the one
 * case where `closedSeq` is 0.
 */
export function findForMember(state: EngineState, auctionId: string, at: Instant): Found {
  const ended = state.ended.get(auctionId);
  if (ended !== undefined && ended.state !== 'voided') {
    return { rejection: { code: 'auction_closed', closedSeq: ended.closedSeq, closedAt: ended.closedAt } };
  }
  const found = findLive(state, auctionId);
  return found.auction && isOver(found.auction, at) ? { rejection: overdue(found.auction) } : found;
}

/** The auction while it can still move; ended ones answer with their state. */
export function findLive(state: EngineState, auctionId: string): Found {
  const ended = state.ended.get(auctionId);
  if (ended !== undefined) return { rejection: { code: 'auction_state_conflict', state: ended.state } };
  const auction = state.auctions.get(auctionId);
  return auction === undefined ? { rejection: { code: 'auction_unknown' } } : { auction };
}

/** The end itself is late: a bid at `closesAt` does not count. A lot that was not called has no end yet. */
export function isOver(auction: Auction, at: Instant): boolean {
  return auction.called && auction.state !== 'suspended' && at >= auction.closesAt;
}

export function overdue(auction: Auction): Rejection {
  return { code: 'auction_closed', closedSeq: 0, closedAt: auction.closesAt };
}

/** The owner may not bid on its own lot, nor may its group. */
export function refuseParty({ terms, excluded }: Auction, accountId: string): Rejection | undefined {
  if (accountId === terms.ownerId) return { code: 'bid_own_lot' };
  const isExcluded = terms.excludedIds?.includes(accountId) === true || excluded.includes(accountId);
  return isExcluded ? { code: 'bid_conflict_of_interest' } : undefined;
}
