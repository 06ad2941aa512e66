/** Offers: sealed and free before the rounds, in turn and improving in them. */
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { refuseSecurity } from '../../auction/security.ts';
import { isAbnormallyLow, leastPrice, refuseOffer } from '../../scoring/refuse.ts';
import { compareScores, highestPriceFor, improved, scoreOf } from '../../scoring/score.ts';
import type { OfferLine, PlaceOffer } from '../../scoring/types.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { nextTurnAt, stepAt } from './timetable.ts';
import type { ReverseRoundsTerms } from './types.ts';

type InRounds = Auction<'reverse_rounds'>;

export function placeOffer(auction: InRounds, command: CommandOf<'place_offer'>): readonly Event[] {
  const isEntry = auction.room.phase === 'entry';
  const refused =
    (isEntry ? refuseEntry(auction, command) : refuseTurnOffer(auction, command)) ??
    refuseSecurity(auction, command);
  if (refused) return refuse(refused);
  const { auctionId, accountId, price, quantity, minimumAcceptable, merit } = command;
  const abnormallyLow = isAbnormallyLow(auction.terms, price);
  const offered = { auctionId, accountId, price, quantity, minimumAcceptable, merit, abnormallyLow };
  return [{ type: isEntry ? 'entry_offer_accepted' : 'turn_offer_made', ...offered }];
}

export function withdrawTurnOffer(
  auction: InRounds,
  { auctionId, accountId }: CommandOf<'withdraw_turn_offer'>,
): readonly Event[] {
  if (auction.room.pending?.accountId !== accountId) return refuse({ code: 'offer_nothing_to_withdraw' });
  return [{ type: 'turn_offer_withdrawn', auctionId, accountId }];
}

/** Whose turn it is; null in a pause and outside the rounds. */
export function inTurn({ terms, room }: Pick<InRounds, 'terms' | 'room'>): string | null {
  if (room.phase !== 'rounds') return null;
  const step = stepAt(terms, room.order.length, room.step);
  return step.kind === 'turn' ? (room.order[step.place] ?? null) : null;
}

/** Nobody has seen it yet, so an entry offer may be replaced by any other. */
function refuseEntry({ terms, room }: InRounds, offered: PlaceOffer): Rejection | undefined {
  const isKnown = room.lines.some((line) => line.accountId === offered.accountId);
  if (!isKnown && room.lines.length >= terms.biddersMax) {
    return { code: 'auction_full', biddersMaximum: terms.biddersMax };
  }
  return refuseOffer(terms, undefined, offered);
}

function refuseTurnOffer(auction: InRounds, offered: PlaceOffer): Rejection | undefined {
  const { terms, room } = auction;
  const own = room.lines.find((line) => line.accountId === offered.accountId);
  if (own === undefined) return { code: 'offer_without_entry' };
  if (inTurn(auction) !== offered.accountId) {
    return { code: 'offer_out_of_turn', opensAt: nextTurnAt(auction, offered.accountId) };
  }
  return refuseOffer(terms, own, offered) ?? refuseStep(terms, own, offered);
}

/** Measured from the offer before the turn: within it a bidder may change its mind. */
function refuseStep(terms: ReverseRoundsTerms, own: OfferLine, offered: PlaceOffer): Rejection | undefined {
  const target = improved(terms, scoreOf(terms, own), terms.minimalStep);
  if (compareScores(scoreOf(terms, offered), target) <= 0) return undefined;
  const price = highestPriceFor(terms, offered.merit, target);
  const isPossible = price !== null && price >= leastPrice(terms);
  return { code: 'offer_not_improving', priceMaximum: isPossible ? price : null };
}
