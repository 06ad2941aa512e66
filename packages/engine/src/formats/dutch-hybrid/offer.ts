/**
 * Offers above the accepted price: under seal from everybody but the Dutch winner, then the last word
 * of the Dutch winner alone. In its phase an offer may be replaced, up or down, or cancelled; the last
 * one counts, with its own place in time.
 */
import { type Ticks, ticks } from '@seam/units';
import { assert } from '../../assert.ts';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger, priceLimit } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import type { Offer } from './types.ts';

type Give = CommandOf<'offer_price'>;

export function offerPrice(auction: Auction<'dutch_hybrid'>, command: Give): readonly Event[] {
  const { auctionId, accountId, price } = command;
  const refused =
    refusePhase(auction, accountId) ??
    (price === null ? refuseCancel(auction, accountId) : refusePrice(auction, price)) ??
    refuseSecurity(auction, { accountId, quantity: auction.terms.quantity });
  return refused ? refuse(refused) : [{ type: 'offer_taken', auctionId, accountId, price }];
}

/** Lowest price taken in the running phase. Public: it depends on the accepted price alone. */
export function leastOffer({ terms, room }: Pick<Auction<'dutch_hybrid'>, 'terms' | 'room'>): Ticks {
  assert(room.dutchWinner !== null, 'nobody has accepted a price yet');
  return ticks(room.dutchWinner.price + (room.phase === 'best_bid' ? terms.bestBidIncrement : 1));
}

/** The live offer of `accountId` that the running phase may still change. */
export function openOfferOf(
  { room }: Pick<Auction<'dutch_hybrid'>, 'room'>,
  accountId: string,
): Offer | undefined {
  if (room.phase === 'sealed') return room.sealed.find((offer) => offer.accountId === accountId);
  return room.bestBid?.accountId === accountId ? room.bestBid : undefined;
}

function refusePhase({ room }: Auction<'dutch_hybrid'>, accountId: string): Rejection | undefined {
  const { phase, dutchWinner } = room;
  if (phase !== 'sealed' && phase !== 'best_bid') return { code: 'bid_phase_not_current', phase };
  const isWinner = dutchWinner?.accountId === accountId;
  return isWinner === (phase === 'best_bid') ? undefined : { code: 'bid_phase_of_others', phase };
}

function refuseCancel(auction: Auction<'dutch_hybrid'>, accountId: string): Rejection | undefined {
  return openOfferOf(auction, accountId) === undefined ? { code: 'bid_none_to_cancel' } : undefined;
}

function refusePrice(auction: Auction<'dutch_hybrid'>, price: Ticks): Rejection | undefined {
  const priceMinimum = leastOffer(auction);
  if (!isInteger(price, priceMinimum, Number.MAX_SAFE_INTEGER)) {
    return { code: 'bid_below_increment', priceMinimum };
  }
  const priceMaximum = ticks(priceLimit(auction.terms));
  return price > priceMaximum ? { code: 'bid_above_maximum_increment', priceMaximum } : undefined;
}
