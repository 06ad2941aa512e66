/** The multi-unit Dutch auction, plugged into the frame. */
import type { Format } from '../../auction/format.ts';
import { assert } from '../../assert.ts';
import { acceptPrice, boughtBy } from './accept.ts';
import { priceAtStep, stepEndsAt } from './price.ts';
import { resultOf } from './result.ts';
import { validateDutch } from './terms.ts';

export const dutch: Format<'dutch'> = {
  validate: validateDutch,
  room: (terms) => ({ step: 0, remaining: terms.quantity, acceptances: [] }),
  commands: ['accept_price'],
  act(auction, command) {
    assert(command.type === 'accept_price', `a Dutch auction got ${command.type}`);
    return acceptPrice(auction, command);
  },
  turnsAt: stepEndsAt,
  turn({ terms, room }) {
    const step = room.step + 1;
    const { auctionId } = terms;
    return [{ type: 'price_lowered', auctionId, step, price: priceAtStep(terms, step) }];
  },
  change({ room }, command, event) {
    if (event.type === 'price_lowered') room.step = event.step;
    if (event.type !== 'price_accepted') return;
    const { accountId, price, allocated, remaining } = event;
    const sale = { accountId, price, quantity: allocated, seq: command.seq };
    room.acceptances = [...room.acceptances, sale];
    room.remaining = remaining;
  },
  // No `unserved`: whoever bids buys, so nobody is left to wait.
  result: resultOf,
  bound: boughtBy,
};
