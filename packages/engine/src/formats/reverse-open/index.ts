/** The open reverse auction, plugged into the frame. */
import { lots } from '@seam/units';
import { unreachable } from '../../assert.ts';
import type { Format } from '../../auction/format.ts';
import { type Rule, firstBroken } from '../../auction/rules.ts';
import { resultOfOffers, unservedOffers } from '../../scoring/result.ts';
import { BUYING_RULES, isDecrement } from '../../scoring/terms.ts';
import { placeOffer } from './offer.ts';
import { withOffer } from './price.ts';
import type { ReverseOpenEvent, ReverseOpenTerms } from './types.ts';

const RULES: readonly Rule<ReverseOpenTerms>[] = [
  ...BUYING_RULES,
  ['decrement', (terms) => isDecrement(terms.decrement, terms)],
];

export const reverseOpen: Format<'reverse_open'> = {
  validate: (terms) => firstBroken(RULES, terms),
  room: () => ({ lines: [] }),
  commands: ['place_offer'],
  act: placeOffer,
  turnsAt: () => null,
  turn: () => unreachable('the open reverse auction has no turns' as never),
  change({ terms, room }, command, event: ReverseOpenEvent) {
    const { accountId, price, quantity, minimumAcceptable, merit } = event;
    const offer = { accountId, price, quantity, minimumAcceptable, merit, seq: command.seq };
    room.lines = withOffer({ terms, lines: room.lines }, offer).lines;
  },
  result: ({ terms, room }) => resultOfOffers(terms, room.lines),
  unserved: ({ terms, room }, awards) => unservedOffers(terms, room.lines, awards),
  bound: ({ room }, accountId) =>
    room.lines.find((line) => line.accountId === accountId)?.quantity ?? lots(0),
};
