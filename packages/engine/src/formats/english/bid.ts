/**
 * A bid is accepted or refused, never adjusted. There is no withdrawal: a revision may only bind its
 * bidder further (price and quantity never down, one of them up, `minimumAcceptable` never up), and
 * takes a new place in time.
 */
import { type Lots, lots } from '@seam/units';
import { assert } from '../../assert.ts';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import { extension } from '../../auction/soft-close.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { type Allocation, withBid } from './allocate.ts';
import { leastPrice, mostPrice, raisedPrice, viewOf } from './price.ts';
import type { EnglishRoom, Standing } from './types.ts';

type PlaceBid = CommandOf<'place_bid'>;

export function placeBid(auction: Auction<'english'>, command: PlaceBid): readonly Event[] {
  const own = auction.room.standing.find((line) => line.accountId === command.accountId);
  const refused =
    refuseQuantity(auction, own, command) ??
    refuseRevision(auction, own, command) ??
    refusePrice(auction, own, command) ??
    refuseSecurity(auction, command);
  if (refused) return refuse(refused);
  return accept(auction, command);
}

function accept(auction: Auction<'english'>, command: PlaceBid): readonly Event[] {
  const { auctionId, accountId, price, quantity, minimumAcceptable, seq } = command;
  const { room, terms } = auction;
  const bid = { accountId, price, quantity, minimumAcceptable, seq };
  const after = withBid(room.standing, bid, terms.quantity);
  const own = after.standing.find((line) => line.seq === seq);
  assert(own !== undefined, `bid ${seq} is not in its own standing`);
  const { allocated, rank } = own;
  const { marginalPrice } = after;
  const standingChanged = changes(room, after, accountId);
  const outcome = { allocated, rank, marginalPrice, standingChanged };
  const accepted: Event = {
    type: 'bid_accepted',
    auctionId,
    accountId,
    price,
    quantity,
    minimumAcceptable,
    ...outcome,
  };
  return standingChanged ? [accepted, ...extension(auction, command.at)] : [accepted];
}

/**
 * Did the bid change what anybody would win, or the price to get in? Only then do the others need
 * time to answer; a winner who raises a price above the margin changes nothing for them.
 */
function changes(before: EnglishRoom, after: Allocation, accountId: string): boolean {
  if (before.marginalPrice !== after.marginalPrice) return true;
  // Both best first, and alike but for the bidder's own line: one walk over the two.
  const ofBidder = (lines: EnglishRoom['standing']) => lines.find((line) => line.accountId === accountId);
  if ((ofBidder(before.standing)?.allocated ?? 0) !== ofBidder(after.standing)?.allocated) return true;
  let i = 0;
  for (const line of after.standing) {
    if (line.accountId === accountId) continue;
    if (before.standing[i]?.accountId === accountId) i += 1;
    if (before.standing[i]?.allocated !== line.allocated) return true;
    i += 1;
  }
  return false;
}

function refuseQuantity(
  auction: Auction<'english'>,
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
  auction: Auction<'english'>,
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
    priceMinimum: leastPrice(viewOf(auction), own, quantity),
    quantityMinimum: own.quantity,
  };
}

function refusePrice(
  auction: Auction<'english'>,
  own: Standing | undefined,
  command: PlaceBid,
): Rejection | undefined {
  const priceMinimum = leastPrice(viewOf(auction), own, command.quantity);
  if (!isInteger(command.price, auction.terms.startingPrice, Number.MAX_SAFE_INTEGER)) {
    return { code: 'bid_price_below_start', priceMinimum };
  }
  if (command.price < priceMinimum) return { code: 'bid_below_increment', priceMinimum };
  if (own !== undefined && command.price !== own.price && command.price < raisedPrice(viewOf(auction), own)) {
    return { code: 'bid_below_increment', priceMinimum: raisedPrice(viewOf(auction), own) };
  }
  const priceMaximum = mostPrice(viewOf(auction));
  return command.price > priceMaximum ? { code: 'bid_above_maximum_increment', priceMaximum } : undefined;
}
