/**
 * The market was down: whoever was about to bid gets the time back. Computed from journaled times
 * alone, never shortens, and counts each outage once.
 *
 * The rule: down for more than OUTAGE_MS_MIN, within the last OUTAGE_NEAR_END_MS before an end, moves
 * that end and the hard end by as long as the market was down, at least OUTAGE_EXTENSION_MS_MIN, and
 * further where less than RESUME_REMAINING_MS_MIN would be left from now. An auction planned shorter than
 * these gets its whole planned length instead: a quarter of an hour for one lot of three minutes would
 * empty the room for the forty that follow it. "Within the last" holds for
 * an outage that began before the end and was over later than that long before it, so it holds for one that
 * swallowed the end itself. A format that moves by itself has an end at every turn: the next
 * one counts, and the format's own times move along.
 */
import { type Instant, instant } from '@seam/units';
import { compareText } from '../canonical.ts';
import {
  OUTAGE_EXTENSION_MS_MIN,
  OUTAGE_MS_MIN,
  OUTAGE_NEAR_END_MS,
  RESUME_REMAINING_MS_MIN,
} from '../limits.ts';
import type { Auction, EngineState } from '../state.ts';
import type { CommandBody, Event } from '../types.ts';
import { laterBy, timeBetween } from './daily-stop.ts';
import { nextEnd as nextTurnOrClose } from './deadline.ts';
import { type CommandOf, findLive, refuse } from './refusal.ts';
import { isInteger } from './rules.ts';
import { nightsOf } from './soft-close.ts';
import type { OutageRefusal } from './types.ts';

/** From the last sign of life to the first after it. */
export type Outage = { readonly downFrom: Instant; readonly downUntil: Instant };

/**
 * What a new leader owes the auctions after `outage`, in id order: to be executed BEFORE any deadline
 * that came due meanwhile, for those would close the very auctions this extends.
 */
export function outageCommands(state: EngineState, outage: Outage): readonly CommandBody[] {
  return [...state.auctions.values()]
    .filter((auction) => refusalFor(auction, outage) === undefined)
    .map((auction) => auction.terms.auctionId)
    .sort(compareText)
    .map((auctionId) => ({ type: 'extend_for_outage', auctionId, ...outage }));
}

export function extendForOutage(
  state: EngineState,
  command: CommandOf<'extend_for_outage'>,
): readonly Event[] {
  const { auctionId, downFrom, downUntil, at } = command;
  const { auction, rejection } = findLive(state, auctionId);
  if (rejection) return refuse(rejection);
  const known = isInteger(downFrom, 0, at) && isInteger(downUntil, downFrom, at);
  const reason = known ? refusalFor(auction, { downFrom, downUntil }) : 'times_invalid';
  if (reason !== undefined) return refuse({ code: 'auction_outage_without_effect', reason });
  const closesAt = movedEnd(auction, command);
  const hardEndAt = instant(auction.hardEndAt + (closesAt - auction.closesAt));
  return [{ type: 'auction_extended_for_outage', auctionId, closesAt, hardEndAt, downFrom, downUntil }];
}

/** Nights in which no bid is taken are no time lost, and none is given back in them. */
function movedEnd(auction: Auction, { downFrom, downUntil, at }: Outage & { at: Instant }): Instant {
  const nights = nightsOf(auction.terms);
  const lostMs = timeBetween(nights, downFrom, downUntil);
  const plannedMs = auction.terms.closesAt - auction.terms.opensAt;
  const backMs = Math.max(lostMs, Math.min(OUTAGE_EXTENSION_MS_MIN, plannedMs));
  const remainingMs = Math.min(RESUME_REMAINING_MS_MIN, plannedMs);
  const afterEndMs = auction.closesAt - nextEnd(auction);
  return instant(
    Math.max(laterBy(nights, auction.closesAt, backMs), laterBy(nights, at, remainingMs) + afterEndMs),
  );
}

function refusalFor(auction: Auction, { downFrom, downUntil }: Outage): OutageRefusal | undefined {
  const nights = nightsOf(auction.terms);
  if (timeBetween(nights, downFrom, downUntil) <= OUTAGE_MS_MIN) return 'too_short';
  if (downFrom < auction.countedUntil) return 'counted';
  const wasOpen =
    auction.state === 'open' ||
    (auction.state === 'scheduled' && auction.called && auction.terms.opensAt < downUntil);
  if (!wasOpen) return 'not_open';
  const end = nextEnd(auction);
  const isNear = downFrom < end && timeBetween(nights, downUntil, end) < OUTAGE_NEAR_END_MS;
  return isNear ? undefined : 'not_near_end';
}

/** What was to end next; before the opening only the close is known. */
function nextEnd(auction: Auction): Instant {
  return auction.state === 'open' ? nextTurnOrClose(auction) : auction.closesAt;
}
