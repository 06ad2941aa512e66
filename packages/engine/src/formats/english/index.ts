/** The English auction, plugged into the frame. */
import { lots } from '@seam/units';
import { assert, unreachable } from '../../assert.ts';
import type { BidCommand, Format, InRoom } from '../../auction/format.ts';
import type { Command } from '../../types.ts';
import { setAutoBid } from './auto-bid.ts';
import { placeBid } from './bid.ts';
import { lineOf } from './price.ts';
import { raisedBid } from './respond.ts';
import { resultOf, unservedIn } from './result.ts';
import { EMPTY_ROOM, type Room, roomWithBid } from './room.ts';
import { validateEnglish } from './terms.ts';
import type { EnglishCommand, EnglishEvent } from './types.ts';

export const english: Format<'english'> = {
  validate: validateEnglish,
  room: () => ({ ...EMPTY_ROOM }),
  commands: ['place_bid', 'set_auto_bid'],
  act: (auction, command: EnglishCommand & BidCommand) =>
    command.type === 'place_bid' ? placeBid(auction, command) : setAutoBid(auction, command),
  turnsAt: () => null,
  turn: () => unreachable('the English auction has no turns' as never),
  change(auction, command, event: EnglishEvent) {
    Object.assign(auction.room, roomAfter(auction, command, event));
  },
  result: resultOf,
  unserved: unservedIn,
  bound: ({ room }, accountId) => lineOf(room.standing, accountId)?.quantity ?? lots(0),
};

function roomAfter({ terms, room }: InRoom<'english'>, { seq }: Command, event: EnglishEvent): Room {
  switch (event.type) {
    case 'bid_accepted': {
      const { accountId, price, quantity, minimumAcceptable } = event;
      return roomWithBid(terms, room, { accountId, price, quantity, minimumAcceptable, seq });
    }
    case 'maximum_accepted': {
      const { accountId, maximum: price, quantity, minimumAcceptable } = event;
      return roomWithBid(terms, room, { accountId, price, quantity, minimumAcceptable, seq });
    }
    case 'auto_bid_set': {
      const { accountId, limit, step } = event;
      return { ...room, autoBids: { ...room.autoBids, [accountId]: { limit, step, seq } } };
    }
    case 'bids_raised':
      return event.raises.reduce<Room>((before, { accountId, price }) => {
        const line = lineOf(before.standing, accountId);
        const autoBid = before.autoBids[accountId];
        assert(line !== undefined && autoBid !== undefined, `${accountId} is raised without an instruction`);
        return roomWithBid(terms, before, raisedBid(line, price, autoBid.seq));
      }, room);
  }
}
