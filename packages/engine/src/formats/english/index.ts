/** The English auction, plugged into the frame. */
import { lots } from '@seam/units';
import { unreachable } from '../../assert.ts';
import type { Format } from '../../auction/format.ts';
import { placeBid } from './bid.ts';
import { withBid } from './allocate.ts';
import { resultOf } from './result.ts';
import { validateEnglish } from './terms.ts';
import type { EnglishEvent } from './types.ts';

export const english: Format<'english'> = {
  validate: validateEnglish,
  room: () => ({ standing: [], marginalPrice: null }),
  commands: ['place_bid'],
  act: placeBid,
  turnsAt: () => null,
  turn: () => unreachable('the English auction has no turns' as never),
  change(auction, command, event: EnglishEvent) {
    const { accountId, price, quantity, minimumAcceptable } = event;
    const bid = { accountId, price, quantity, minimumAcceptable, seq: command.seq };
    const { standing, marginalPrice } = withBid(auction.room.standing, bid, auction.terms.quantity);
    auction.room.standing = standing;
    auction.room.marginalPrice = marginalPrice;
  },
  result: resultOf,
  bound: ({ room }, accountId) =>
    room.standing.find((line) => line.accountId === accountId)?.quantity ?? lots(0),
};
