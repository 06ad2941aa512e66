/** The reverse auction in rounds, plugged into the frame. */
import { instant, lots } from '@seam/units';
import { unreachable } from '../../assert.ts';
import type { Format, InRoom } from '../../auction/format.ts';
import { resultOfOffers, unservedOffers } from '../../scoring/result.ts';
import type { Command } from '../../types.ts';
import { placeOffer, withdrawTurnOffer } from './offer.ts';
import { turnRounds, withOffer } from './rounds.ts';
import { validateReverseRounds } from './terms.ts';
import { endOfStep, stepAt } from './timetable.ts';
import type { ReverseRoundsEvent } from './types.ts';

export const reverseRounds: Format<'reverse_rounds'> = {
  validate: validateReverseRounds,
  room: () => ({ phase: 'entry', lines: [], order: [], step: 0, pending: null }),
  commands: ['place_offer', 'withdraw_turn_offer'],
  act(auction, command) {
    switch (command.type) {
      case 'place_offer':
        return placeOffer(auction, command);
      case 'withdraw_turn_offer':
        return withdrawTurnOffer(auction, command);
      default:
        return unreachable(`${command.type} in an auction of rounds` as never);
    }
  },
  movedTerms: (terms, byMs) => ({ ...terms, startsAt: instant(terms.startsAt + byMs) }),
  turnsAt: endOfStep,
  turn: turnRounds,
  change,
  result: ({ terms, room }) => resultOfOffers(terms, room.lines),
  unserved: ({ terms, room }, awards) => unservedOffers(terms, room.lines, awards),
  bound({ room }, accountId) {
    const own = room.lines.find((line) => line.accountId === accountId)?.quantity ?? 0;
    const pending = room.pending?.accountId === accountId ? room.pending.quantity : 0;
    return lots(Math.max(own, pending));
  },
};

function change(
  { terms, room }: InRoom<'reverse_rounds'>,
  command: Command,
  event: ReverseRoundsEvent,
): void {
  switch (event.type) {
    case 'entry_offer_accepted':
      room.lines = withOffer(terms, room.lines, offerOf(event, command.seq));
      return;
    case 'rounds_started':
      room.phase = 'rounds';
      room.order = event.bidderIds;
      return;
    case 'rounds_skipped':
      room.phase = 'announcement';
      return;
    case 'turn_offer_made':
      room.pending = offerOf(event, command.seq);
      return;
    case 'turn_offer_withdrawn':
      room.pending = null;
      return;
    case 'turn_ended':
      if (room.pending) room.lines = withOffer(terms, room.lines, room.pending);
      room.pending = null;
      return;
    case 'rounds_moved':
      room.step = event.step;
      room.order = event.bidderIds;
      if (stepAt(terms, event.bidderIds.length, event.step).kind === 'announcement')
        room.phase = 'announcement';
  }
}

type Made = Extract<ReverseRoundsEvent, { type: 'entry_offer_accepted' | 'turn_offer_made' }>;

function offerOf({ accountId, price, quantity, minimumAcceptable, merit }: Made, seq: number) {
  return { accountId, price, quantity, minimumAcceptable, merit, seq };
}
