/** The Dutch hybrid, plugged into the frame. */
import { lots } from '@seam/units';
import { assert } from '../../assert.ts';
import type { Format, InRoom } from '../../auction/format.ts';
import { acceptPrice } from './accept.ts';
import { offerPrice } from './offer.ts';
import { phaseEndsAt } from './phases.ts';
import { resultOf, unservedIn } from './result.ts';
import { validateDutchHybrid } from './terms.ts';
import { turnPhase } from './turn.ts';
import type { OfferTaken } from './types.ts';

export const dutchHybrid: Format<'dutch_hybrid'> = {
  validate: validateDutchHybrid,
  room: () => ({ phase: 'opening_pause', step: 0, dutchWinner: null, sealed: [], bestBid: null }),
  commands: ['accept_price', 'offer_price'],
  act(auction, command) {
    if (command.type === 'accept_price') return acceptPrice(auction, command);
    assert(command.type === 'offer_price', `a Dutch hybrid got ${command.type}`);
    return offerPrice(auction, command);
  },
  turnsAt: phaseEndsAt,
  turn: turnPhase,
  change(auction, command, event) {
    const { room } = auction;
    if (event.type === 'price_lowered') room.step = event.step;
    if (event.type === 'hybrid_phase_started') room.phase = event.phase;
    if (event.type === 'price_accepted') {
      room.dutchWinner = { accountId: event.accountId, price: event.price, seq: command.seq };
      room.phase = 'sealed_pause';
    }
    if (event.type === 'offer_taken') takeOffer(auction, command.seq, event);
  },
  result: resultOf,
  unserved: unservedIn,
  bound(auction, accountId) {
    const { dutchWinner, sealed } = auction.room;
    const isBound =
      dutchWinner?.accountId === accountId || sealed.some((offer) => offer.accountId === accountId);
    return isBound ? auction.terms.quantity : lots(0);
  },
};

function takeOffer({ room }: InRoom<'dutch_hybrid'>, seq: number, { accountId, price }: OfferTaken): void {
  const offer = price === null ? null : { accountId, price, seq };
  if (room.phase === 'best_bid') {
    room.bestBid = offer;
    return;
  }
  const others = room.sealed.filter((line) => line.accountId !== accountId);
  room.sealed = offer === null ? others : [...others, offer];
}
