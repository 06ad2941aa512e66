/** A bidder's command, up to where the format takes over. */
import { formatOf } from '../formats/index.ts';
import type { Auction, EngineState } from '../state.ts';
import type { Event, Rejection } from '../types.ts';
import type { BidCommand } from './format.ts';
import { findForMember, refuse } from './refusal.ts';

export function actInAuction(state: EngineState, command: BidCommand): readonly Event[] {
  const { auction, rejection } = findForMember(state, command.auctionId, command.at);
  if (rejection) return refuse(rejection);
  const refused = refuseState(auction) ?? refuseBidder(auction, command);
  return refused ? refuse(refused) : formatOf(auction).act(auction, command);
}

function refuseState(auction: Auction): Rejection | undefined {
  switch (auction.state) {
    case 'scheduled':
      return { code: 'auction_not_open', opensAt: auction.terms.opensAt };
    case 'suspended':
      return { code: 'auction_suspended' };
    case 'open':
      return undefined;
  }
}

function refuseBidder({ terms }: Auction, command: BidCommand): Rejection | undefined {
  if (!formatOf({ terms }).commands.includes(command.type)) {
    return { code: 'bid_wrong_format', format: terms.format };
  }
  return command.accountId === terms.ownerId ? { code: 'bid_own_lot' } : undefined;
}
