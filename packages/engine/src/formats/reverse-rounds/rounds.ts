/** How the rounds move on: by the timetable alone. */
import { instant } from '@seam/units';
import { assert } from '../../assert.ts';
import type { TurnCommand } from '../../auction/format.ts';
import { rankOffers } from '../../scoring/rank.ts';
import { compareScores, scoreOf } from '../../scoring/score.ts';
import type { Offer, OfferLine } from '../../scoring/types.ts';
import type { Auction } from '../../state.ts';
import type { Event } from '../../types.ts';
import { inTurn } from './offer.ts';
import { lengthMs, stepAt } from './timetable.ts';
import type { ReverseRoundsTerms } from './types.ts';

type InRounds = Auction<'reverse_rounds'>;

export function turnRounds(auction: InRounds, command: TurnCommand): readonly Event[] {
  return auction.room.phase === 'entry' ? startRounds(auction, command) : nextStep(auction);
}

/** Worst score first; among equals the later offer first, because the earlier one ranks better. */
function turnOrder(terms: ReverseRoundsTerms, lines: readonly Offer[]): readonly string[] {
  return lines
    .map((offer) => ({ offer, score: scoreOf(terms, offer) }))
    .sort((a, b) => compareScores(b.score, a.score) || b.offer.seq - a.offer.seq)
    .map(({ offer }) => offer.accountId);
}

/** The ranking once `offer` has taken the place of its account's earlier one. */
export function withOffer(
  terms: ReverseRoundsTerms,
  lines: readonly OfferLine[],
  offer: Offer,
): readonly OfferLine[] {
  return rankOffers(terms, [...lines.filter((line) => line.accountId !== offer.accountId), offer]).lines;
}

function startRounds({ terms, room, closesAt }: InRounds, { deadline }: TurnCommand): readonly Event[] {
  const { auctionId } = terms;
  const offers = room.lines.map(offerOf);
  if (offers.length < 2) {
    return [
      { type: 'rounds_skipped', auctionId, offers },
      { type: 'auction_shortened', auctionId, closesAt: deadline },
    ];
  }
  const started: Event = {
    type: 'rounds_started',
    auctionId,
    offers,
    bidderIds: turnOrder(terms, room.lines),
  };
  const end = instant(deadline + lengthMs(terms, offers.length));
  return end < closesAt ? [started, { type: 'auction_shortened', auctionId, closesAt: end }] : [started];
}

function offerOf({ accountId, price, quantity, minimumAcceptable, merit, seq }: OfferLine): Offer {
  return { accountId, price, quantity, minimumAcceptable, merit, seq };
}

function nextStep(auction: InRounds): readonly Event[] {
  const { terms, room } = auction;
  const { auctionId } = terms;
  const events: Event[] = [];
  const accountId = inTurn(auction);
  let { lines } = room;
  if (accountId !== null) {
    const { pending } = room;
    if (pending) lines = withOffer(terms, lines, pending);
    events.push({ type: 'turn_ended', auctionId, accountId, offer: pending });
  }
  const step = room.step + 1;
  const next = stepAt(terms, room.order.length, step);
  assert(room.phase === 'rounds', `auction ${auctionId} turns in its ${room.phase}`);
  const bidderIds = next.kind === 'pause' ? turnOrder(terms, lines) : room.order;
  events.push({ type: 'rounds_moved', auctionId, step, bidderIds });
  return events;
}
