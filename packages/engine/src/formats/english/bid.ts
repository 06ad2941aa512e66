/**
 * A bid is accepted or refused, never adjusted. There is no withdrawal: a revision may only bind its
 * bidder further (price and quantity never down, one of them up, `minimumAcceptable` never up), and
 * takes a new place in time.
 */
import { type Lots, lots } from '@seam/units';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { type Bid } from './allocate.ts';
import { outcome } from './outcome.ts';
import {
  type BiddingView,
  leastPrice,
  lineOf,
  mostPrice,
  mostQuantity,
  raisedPrice,
  viewOf,
} from './price.ts';
import type { Standing } from './types.ts';

export function placeBid(auction: Auction<'english'>, command: CommandOf<'place_bid'>): readonly Event[] {
  const { accountId, price, quantity, minimumAcceptable, seq, at } = command;
  const bid = { accountId, price, quantity, minimumAcceptable, seq };
  const refused = refuseBid(viewOf(auction), bid) ?? refuseSecurity(auction, bid);
  return refused ? refuse(refused) : outcome(auction, { room: auction.room, bid, at }).events;
}

/** Why the auction does not take `bid`, security apart. */
export function refuseBid(view: BiddingView, bid: Bid): Rejection | undefined {
  const own = lineOf(view.standing, bid.accountId);
  return refuseQuantity(view, own, bid) ?? refuseRevision(view, own, bid) ?? refusePrice(view, own, bid);
}

function refuseQuantity({ terms }: BiddingView, own: Standing | undefined, bid: Bid): Rejection | undefined {
  const quantityMinimum = terms.minimumBidQuantity;
  const quantityMaximum = mostQuantity(terms);
  if (!isInteger(bid.quantity, quantityMinimum, quantityMaximum)) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum, quantityMaximum };
  }
  const maximum = lots(Math.min(bid.quantity, own?.minimumAcceptable ?? bid.quantity));
  if (isInteger(bid.minimumAcceptable, 0, maximum)) return undefined;
  return { code: 'bid_minimum_acceptable_invalid', maximum };
}

function refuseRevision(view: BiddingView, own: Standing | undefined, bid: Bid): Rejection | undefined {
  if (own === undefined) return undefined;
  const falls = bid.price < own.price || bid.quantity < own.quantity;
  const rises = bid.price > own.price || bid.quantity > own.quantity;
  if (rises && !falls) return undefined;
  const quantity: Lots = bid.quantity > own.quantity ? bid.quantity : own.quantity;
  return {
    code: 'bid_not_improving',
    priceMinimum: leastPrice(view, own, quantity),
    quantityMinimum: own.quantity,
  };
}

function refusePrice(view: BiddingView, own: Standing | undefined, bid: Bid): Rejection | undefined {
  const priceMinimum = leastPrice(view, own, bid.quantity);
  if (!isInteger(bid.price, view.terms.startingPrice, Number.MAX_SAFE_INTEGER)) {
    return { code: 'bid_price_below_start', priceMinimum };
  }
  if (bid.price < priceMinimum) return { code: 'bid_below_increment', priceMinimum };
  if (own !== undefined && bid.price !== own.price && bid.price < raisedPrice(view, own)) {
    return { code: 'bid_below_increment', priceMinimum: raisedPrice(view, own) };
  }
  const priceMaximum = mostPrice(view);
  return bid.price > priceMaximum ? { code: 'bid_above_maximum_increment', priceMaximum } : undefined;
}
