/** The ascending clock, plugged into the frame. */
import { type Lots, lots } from '@seam/units';
import { assert } from '../../assert.ts';
import type { Format } from '../../auction/format.ts';
import type { Event } from '../../types.ts';
import { quantityOf, roundEndsAt } from './price.ts';
import { demandOf, nextPriceAfter, resultOf, unservedIn } from './result.ts';
import { stateQuantity } from './statement.ts';
import { validateClock } from './terms.ts';

export const clock: Format<'clock'> = {
  validate: validateClock,
  room: () => ({ round: 1, statements: [], previous: [], demand: null, stopped: false }),
  commands: ['state_quantity'],
  act(auction, command) {
    assert(command.type === 'state_quantity', `a clock got ${command.type}`);
    return stateQuantity(auction, command);
  },
  turnsAt: roundEndsAt,
  turn({ terms, room }, { auctionId, deadline }) {
    const { round } = room;
    const demand = demandOf(room.statements);
    const nextPrice = nextPriceAfter(terms, round, demand);
    const ended: Event = { type: 'clock_round_ended', auctionId, round, demand, nextPrice };
    return nextPrice === null
      ? [ended, { type: 'auction_shortened', auctionId, closesAt: deadline }]
      : [ended];
  },
  change({ room }, command, event) {
    if (event.type === 'quantity_stated') {
      const { accountId, quantity } = event;
      const others = room.statements.filter((line) => line.accountId !== accountId);
      room.statements = [...others, { accountId, quantity, seq: command.seq }];
    }
    if (event.type !== 'clock_round_ended') return;
    if (event.nextPrice === null) {
      room.stopped = true;
      return;
    }
    room.previous = room.statements.filter((line) => line.quantity > 0);
    room.statements = [];
    room.demand = event.demand;
    room.round = event.round + 1;
  },
  result: resultOf,
  unserved: unservedIn,
  bound: ({ room }, accountId): Lots =>
    lots(Math.max(quantityOf(room.previous, accountId), quantityOf(room.statements, accountId))),
};
