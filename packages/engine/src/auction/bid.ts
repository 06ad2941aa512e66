/**
 * A bid is accepted or refused, never adjusted. There is no withdrawal: a revision may only bind its
 * bidder further (price and quantity never down, one of them up, `minimumAcceptable` never up), and
 * takes a new place in time.
 */
import { type Instant, type Lots, instant, lots } from '@seam/units';
import type { Auction, EngineState } from '../state.ts';
import type { Event, Rejection, Standing } from '../types.ts';
import { type Allocation, allocate } from './allocate.ts';
import { leastPrice, mostPrice, raisedPrice } from './price.ts';
import { type CommandOf, findForMember, refuse } from './refusal.ts';
import { maximumQuantityFor, requiredSecurity } from './security.ts';
import { isInteger } from './terms.ts';

type PlaceBid = CommandOf<'place_bid'>;

export function placeBid(state: EngineState, command: PlaceBid): readonly Event[] {
  const { auction, rejection } = findForMember(state, command.auctionId, command.at);
  if (rejection) return refuse(rejection);
  const own = auction.standing.find((line) => line.accountId === command.accountId);
  const refused =
    refuseState(auction) ??
    refuseBidder(auction, command) ??
    refuseQuantity(auction, own, command) ??
    refuseRevision(auction, own, command) ??
    refusePrice(auction, own, command) ??
    refuseSecurity(auction, command);
  if (refused) return refuse(refused);
  return accept(auction, command);
}

function accept(auction: Auction, command: PlaceBid): readonly Event[] {
  const { auctionId, accountId, price, quantity, minimumAcceptable, seq } = command;
  const rivals = auction.standing.filter((line) => line.accountId !== accountId);
  const bid = { accountId, price, quantity, minimumAcceptable, seq };
  const after = allocate([...rivals, bid], auction.terms.quantity);
  const standingChanged = changes(auction, after);
  const accepted: Event = {
    type: 'bid_accepted',
    auctionId,
    accountId,
    price,
    quantity,
    minimumAcceptable,
    standing: after.standing,
    marginalPrice: after.marginalPrice,
    standingChanged,
  };
  const closesAt = standingChanged ? extendedEnd(auction, command.at) : auction.closesAt;
  if (closesAt === auction.closesAt) return [accepted];
  return [accepted, { type: 'auction_extended', auctionId, closesAt, extensions: auction.extensions + 1 }];
}

/**
 * Did the bid change what anybody would win, or the price to get in? Only then do the others need
 * time to answer; a winner who raises a price above the margin changes nothing for them.
 */
function changes(before: Auction, after: Allocation): boolean {
  if (before.marginalPrice !== after.marginalPrice) return true;
  const allocatedBefore = new Map(before.standing.map((line) => [line.accountId, line.allocated]));
  return after.standing.some((line) => line.allocated !== (allocatedBefore.get(line.accountId) ?? 0));
}

/** The end after a standing-changing bid at `at`: never earlier, never past the hard end. */
function extendedEnd(auction: Auction, at: Instant): Instant {
  const { windowMs, extensionMs, extensionsMax } = auction.terms.softClose;
  if (auction.closesAt - at > windowMs || auction.extensions >= extensionsMax) return auction.closesAt;
  return instant(Math.min(auction.hardEndAt, Math.max(auction.closesAt, at + extensionMs)));
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

function refuseBidder(auction: Auction, command: PlaceBid): Rejection | undefined {
  return command.accountId === auction.terms.sellerId ? { code: 'bid_own_lot' } : undefined;
}

function refuseQuantity(
  auction: Auction,
  own: Standing | undefined,
  command: PlaceBid,
): Rejection | undefined {
  const { minimumBidQuantity, quantity } = auction.terms;
  if (!isInteger(command.quantity, minimumBidQuantity, quantity)) {
    return {
      code: 'bid_quantity_out_of_range',
      quantityMinimum: minimumBidQuantity,
      quantityMaximum: quantity,
    };
  }
  const maximum = lots(Math.min(command.quantity, own?.minimumAcceptable ?? command.quantity));
  if (isInteger(command.minimumAcceptable, 0, maximum)) return undefined;
  return { code: 'bid_minimum_acceptable_invalid', maximum };
}

function refuseRevision(
  auction: Auction,
  own: Standing | undefined,
  command: PlaceBid,
): Rejection | undefined {
  if (own === undefined) return undefined;
  const falls = command.price < own.price || command.quantity < own.quantity;
  const rises = command.price > own.price || command.quantity > own.quantity;
  if (rises && !falls) return undefined;
  const quantity: Lots = command.quantity > own.quantity ? command.quantity : own.quantity;
  return {
    code: 'bid_not_improving',
    priceMinimum: leastPrice(auction, own, quantity),
    quantityMinimum: own.quantity,
  };
}

function refusePrice(auction: Auction, own: Standing | undefined, command: PlaceBid): Rejection | undefined {
  const priceMinimum = leastPrice(auction, own, command.quantity);
  if (!isInteger(command.price, auction.terms.startingPrice, Number.MAX_SAFE_INTEGER)) {
    return { code: 'bid_price_below_start', priceMinimum };
  }
  if (command.price < priceMinimum) return { code: 'bid_below_increment', priceMinimum };
  if (own !== undefined && command.price !== own.price && command.price < raisedPrice(auction, own)) {
    return { code: 'bid_below_increment', priceMinimum: raisedPrice(auction, own) };
  }
  const priceMaximum = mostPrice(auction);
  return command.price > priceMaximum ? { code: 'bid_above_maximum_increment', priceMaximum } : undefined;
}

function refuseSecurity(auction: Auction, command: PlaceBid): Rejection | undefined {
  const allocated = auction.security.get(command.accountId) ?? 0n;
  const required = requiredSecurity(auction.terms, command.quantity);
  if (allocated >= required) return undefined;
  return {
    code: 'bid_security_insufficient',
    required: required.toString(),
    allocated: allocated.toString(),
    quantityMaximum: maximumQuantityFor(auction.terms, allocated),
  };
}
