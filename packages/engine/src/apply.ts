/**
 * What an event does to the state. Decides nothing: recovery replays entries written by older rules
 * through this file, so everything a state needs stands in the event or in its command's stamp.
 */
import { type Instant, instant } from '@seam/units';
import { assert } from './assert.ts';
import { deadlineOf } from './auction/deadline.ts';
import { hardEndOf } from './auction/soft-close.ts';
import { formatOf } from './formats/index.ts';
import { applyMarket, isMarketCommand } from './market/index.ts';
import type { Auction, EndedState, EngineState } from './state.ts';
import type { AuctionEvent, AuctionTerms, Command, Event, FormatEvent, MarketTold } from './types.ts';

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
    // The award or the void ended the auction; where its security went is the ledger's to book.
    case 'bid_security_released':
    case 'bid_security_retained':
      return;
    case 'auction_scheduled':
      return schedule(state, event.terms);
    case 'auction_awarded':
      return end(state, command, { auctionId: event.auctionId, as: 'awarded' });
    case 'auction_unsold':
      return end(state, command, { auctionId: event.auctionId, as: 'unsold' });
    case 'auction_voided':
      return end(state, command, { auctionId: event.auctionId, as: 'voided' });
    default: {
      const auction = liveAuction(state, event.auctionId);
      change(auction, command, event);
      watchDeadline(state, auction);
    }
  }
}

type Ended = { readonly auctionId: string; readonly as: EndedState };

function end(state: EngineState, command: Command, { auctionId, as }: Ended): void {
  const auction = liveAuction(state, auctionId);
  state.ended.set(auctionId, {
    state: as,
    closedSeq: command.seq,
    closedAt: as === 'voided' ? command.at : auction.closesAt,
  });
  state.auctions.delete(auctionId);
  state.deadlines.delete(auctionId);
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

function schedule(state: EngineState, terms: AuctionTerms): void {
  const auction: Auction = {
    terms,
    state: 'scheduled',
    closesAt: terms.closesAt,
    hardEndAt: hardEndOf(terms),
    extensions: 0,
    countedUntil: instant(0),
    frozen: null,
    bidders: new Set(),
    excluded: [],
    security: new Map(),
    room: formatOf({ terms }).room(terms),
  };
  state.auctions.set(terms.auctionId, auction);
  watchDeadline(state, auction);
}

function watchDeadline(state: EngineState, auction: Auction): void {
  const at = deadlineOf(auction);
  if (at === null) state.deadlines.delete(auction.terms.auctionId);
  else state.deadlines.set(auction.terms.auctionId, at);
}

function liveAuction(state: EngineState, auctionId: string): Auction {
  const auction = state.auctions.get(auctionId);
  assert(auction !== undefined, `event for auction ${auctionId}, which is not live`);
  return auction;
}
