/**
 * What an event does to the state. Decides nothing: recovery replays entries written by older rules
 * through this file, so everything a state needs stands in the event or in its command's stamp.
 */
import type { Instant } from '@seam/units';
import { assert } from './assert.ts';
import {
  call,
  changeAwarding,
  close,
  end,
  forget,
  liveAuction,
  schedule,
  watchDeadline,
} from './auction/apply.ts';
import { formatOf } from './formats/index.ts';
import { applyMarket, isMarketCommand } from './market/index.ts';
import type { Auction, EngineState } from './state.ts';
import type { AuctionEvent, Command, Event, FormatEvent, MarketTold } from './types.ts';

/**
 * Applies a recorded entry: `state` moves from `command.seq - 1` to `command.seq`.
 * @throws InvariantError when the entry is not the next one.
 */
export function apply(state: EngineState, command: Command, events: readonly Event[]): void {
  assertNext(state, command);
  // What an entry's events can be follows from its command.
  if (isMarketCommand(command)) applyMarket(state, command, events as readonly MarketTold[]);
  else for (const event of events as readonly AuctionEvent[]) applyEvent(state, command, event);
  advance(state, command);
}

/** The entry is behind us. */
export function advance(state: EngineState, command: Command): void {
  state.seq = command.seq;
  state.lastAt = command.at;
}

/** @throws InvariantError unless `command` follows the last one in seq and not before it in time. */
export function assertNext(state: EngineState, command: Command): void {
  assert(command.seq === state.seq + 1, `seq ${command.seq} after ${state.seq}`);
  assert(
    Number.isSafeInteger(command.at) && command.at >= state.lastAt,
    `time ${command.at} after ${state.lastAt}`,
  );
}

function applyEvent(state: EngineState, command: Command, event: AuctionEvent): void {
  switch (event.type) {
    case 'command_rejected':
      return;
    case 'auction_scheduled':
      return schedule(state, event.terms);
    case 'auction_called':
      return call(state, event);
    case 'auction_closed':
      return close(state, command.seq, event);
    case 'auction_awarded':
    case 'auction_unsold':
    case 'auction_voided':
      return end(state, command, event);
    // Where security goes is the ledger's to book; only what is still allocated is counted here.
    case 'bid_security_released':
    case 'bid_security_retained':
    case 'bid_security_forfeit_proposed':
    case 'standstill_extended':
    case 'complaint_upheld':
    case 'reserve_waived':
    case 'award_pending':
    case 'award_confirmed':
    case 'award_concluded':
    case 'award_declined':
    case 'award_lapsed':
    case 'award_released':
    case 'waiting_released':
      return changeAwarding(state, event);
    case 'auction_completed':
      return forget(state, event.auctionId);
    default: {
      const auction = liveAuction(state, event.auctionId);
      change(auction, command, event);
      watchDeadline(state, auction);
    }
  }
}

type FrameChange = Extract<
  AuctionEvent,
  {
    type:
      | 'auction_opened'
      | 'bid_security_allocated'
      | 'auction_extended'
      | 'auction_shortened'
      | 'auction_extended_for_outage'
      | 'auction_suspended'
      | 'auction_resumed'
      | 'bidder_excluded';
  }
>;

function change(auction: Auction, command: Command, event: FrameChange | FormatEvent): void {
  switch (event.type) {
    case 'auction_opened':
      auction.state = 'open';
      return;
    case 'bid_security_allocated':
      auction.security.set(event.accountId, BigInt(event.total));
      return;
    case 'auction_extended':
      auction.closesAt = event.closesAt;
      auction.extensions = event.extensions;
      return;
    case 'auction_shortened':
      auction.closesAt = event.closesAt;
      return;
    case 'auction_extended_for_outage':
      auction.countedUntil = event.downUntil;
      moveEnd(auction, event);
      return;
    case 'auction_suspended':
      auction.state = 'suspended';
      auction.frozen = { at: command.at, remainingMs: event.remainingMs };
      return;
    case 'auction_resumed':
      auction.state = 'open';
      auction.frozen = null;
      moveEnd(auction, event);
      return;
    case 'bidder_excluded':
      auction.excluded = [...auction.excluded, event.accountId];
      return;
    default:
      // Turns have no bidder.
      if ('accountId' in command) auction.bidders.add(command.accountId);
      formatOf(auction).change(auction, command, event);
  }
}

type NewEnd = { readonly closesAt: Instant; readonly hardEndAt: Instant };

/** The exchange paused: everything that was to come, comes later by as much as the close does. */
function moveEnd(auction: Auction, { closesAt, hardEndAt }: NewEnd): void {
  const byMs = closesAt - auction.closesAt;
  auction.closesAt = closesAt;
  auction.hardEndAt = hardEndAt;
  formatOf(auction).moved?.(auction, byMs);
}
