/** A bidder's command, up to where the format takes over. */
import type { Instant } from '@seam/units';
import { formatOf } from '../formats/index.ts';
import type { Auction, EngineState } from '../state.ts';
import type { Event, Rejection } from '../types.ts';
import { refuseOverCap } from './catalogue/refuse.ts';
import { dayFrom } from './daily-stop.ts';
import type { BidCommand } from './format.ts';
import { findForMember, refuse, refuseParty } from './refusal.ts';
import { nightsOf } from './soft-close.ts';

export function actInAuction(state: EngineState, command: BidCommand): readonly Event[] {
  const { auction, rejection } = findForMember(state, command.auctionId, command.at);
  if (rejection) return refuse(rejection);
  const refused =
    refuseTurn(state, auction) ?? refuseState(auction, command.at) ?? refuseBidder(auction, command);
  if (refused) return refuse(refused);
  const events = formatOf(auction).act(auction, command);
  const overCap = refuseOverCap(state, auction, { command, events });
  return overCap ? refuse(overCap) : events;
}

/** The lots of a catalogue come one after another. */
function refuseTurn(state: EngineState, { terms, called }: Auction): Rejection | undefined {
  const [current] = (terms.catalogue && state.catalogues.get(terms.catalogue.catalogueId)?.lots) ?? [];
  return called || current === undefined ? undefined : { code: 'auction_lot_waiting', after: current };
}

/**
 * A step whose end has come is over, also while its turn still waits for a late timer: nobody gets a
 * price or a round that the clock has taken away.
 */
function refuseState(auction: Auction, at: Instant): Rejection | undefined {
  switch (auction.state) {
    case 'scheduled':
      return { code: 'auction_not_open', opensAt: auction.terms.opensAt };
    case 'suspended':
      return { code: 'auction_suspended' };
    case 'open': {
      const morning = dayFrom(nightsOf(auction.terms), at);
      if (morning > at) return { code: 'auction_not_open', opensAt: morning };
      const turnsAt = formatOf(auction).turnsAt(auction);
      return turnsAt !== null && at >= turnsAt ? { code: 'auction_turn_due', endedAt: turnsAt } : undefined;
    }
  }
}

function refuseBidder(auction: Auction, command: BidCommand): Rejection | undefined {
  const { terms } = auction;
  if (!formatOf(auction).commands.includes(command.type)) {
    return { code: 'bid_wrong_format', format: terms.format };
  }
  // Officers' commands are of no account: who may give them is settled outside.
  return 'accountId' in command ? refuseParty(auction, command.accountId) : undefined;
}
