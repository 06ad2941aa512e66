/** A standing instruction is set: at once it bids, when its bidder has no bid or asks for other than that. */
import { type Ticks, ticks } from '@seam/units';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger, priceLimit } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import { AUTO_BID_STEPS_MAX, PRICE_TICKS_MAX } from '../../limits.ts';
import { incrementAt } from '../../pricing/increment.ts';
import { steppedPrice } from '../../pricing/stepped.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { refuseBid } from './bid.ts';
import { outcome } from './outcome.ts';
import { type BiddingView, lineOf, priceFloor, raisedPrice, viewOf } from './price.ts';
import type { Standing } from './types.ts';

type SetAutoBid = CommandOf<'set_auto_bid'>;

export function setAutoBid(auction: Auction<'english'>, command: SetAutoBid): readonly Event[] {
  const { terms, room } = auction;
  if (terms.proxy !== 'stepped') return refuse({ code: 'auto_bid_unavailable' });
  const { auctionId, accountId, quantity, minimumAcceptable, limit, step, seq } = command;
  const own = lineOf(room.standing, accountId);
  const refused = refuseInstruction(viewOf(auction), own, command);
  if (refused) return refuse(refused);
  const bid =
    own?.quantity === quantity && own.minimumAcceptable === minimumAcceptable
      ? null
      : { accountId, price: firstPrice(viewOf(auction), own, command), quantity, minimumAcceptable, seq };
  const unbiddable = bid && (refuseBid(viewOf(auction), bid) ?? refuseSecurity(auction, bid));
  if (unbiddable) return refuse(unbiddable);
  const instructed = { ...room, autoBids: { ...room.autoBids, [accountId]: { limit, step, seq } } };
  const set: Event = { type: 'auto_bid_set', auctionId, accountId, limit, step };
  return [set, ...outcome(auction, { room: instructed, bid, at: command.at }).events];
}

/** The lowest price the bid may start from, or go to. */
function leastLimit(view: BiddingView, own: Standing | undefined): Ticks {
  return own === undefined ? priceFloor(view) : raisedPrice(view, own);
}

function firstPrice(view: BiddingView, own: Standing | undefined, command: SetAutoBid): Ticks {
  const atLeast = leastLimit(view, own);
  const from = own?.price ?? view.marginalPrice;
  if (from === null) return atLeast;
  return steppedPrice(from, command, { above: from, atLeast }) ?? atLeast;
}

function refuseInstruction(
  view: BiddingView,
  own: Standing | undefined,
  { limit, step }: SetAutoBid,
): Rejection | undefined {
  const { terms, marginalPrice } = view;
  const priceMinimum = leastLimit(view, own);
  const priceMaximum = ticks(priceLimit(terms));
  if (!isInteger(limit, priceMinimum, priceMaximum)) {
    return { code: 'auto_bid_limit_out_of_range', priceMinimum, priceMaximum };
  }
  const from = own?.price ?? marginalPrice ?? terms.startingPrice;
  const stepMinimum = ticks(
    Math.max(incrementAt(terms, from), Math.ceil((limit - from) / AUTO_BID_STEPS_MAX)),
  );
  return isInteger(step, stepMinimum, PRICE_TICKS_MAX)
    ? undefined
    : { code: 'auto_bid_step_too_small', stepMinimum };
}
