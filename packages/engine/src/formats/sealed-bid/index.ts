/** The sealed bid, plugged into the frame. */
import { instant } from '@seam/units';
import { unreachable } from '../../assert.ts';
import type { BidCommand, Format } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';
import type { Event } from '../../types.ts';
import { changeSealed } from './change.ts';
import { disqualifyBid, giveShare, openSealed, revealBid } from './open.ts';
import { boundBy, penaltyOf, resultOfSealed, unservedSealed } from './result.ts';
import { submitBid } from './submit.ts';
import { validateSealedBid } from './terms.ts';

export const sealedBid: Format<'sealed_bid'> = {
  validate: validateSealedBid,
  room: () => ({
    phase: 'submission',
    sealed: [],
    shares: { owner: null, exchange: null },
    decrypted: false,
    opened: [],
  }),
  commands: [
    'commit_bid',
    'submit_sealed',
    'reveal_bid',
    'give_opening_share',
    'open_sealed',
    'disqualify_bid',
  ],
  act,
  // Counted from the close, so that whatever moves the close moves the end of submission along.
  turnsAt: ({ terms, room, closesAt }) =>
    room.phase === 'submission' ? instant(closesAt - terms.openingMs) : null,
  turn({ terms, room }, { deadline }) {
    const { auctionId } = terms;
    const ended: Event = { type: 'sealed_submission_ended', auctionId, bids: room.sealed.length };
    // Nothing to open: nothing to wait for.
    return room.sealed.length > 0
      ? [ended]
      : [ended, { type: 'auction_shortened', auctionId, closesAt: deadline }];
  },
  change: changeSealed,
  result: resultOfSealed,
  unserved: unservedSealed,
  penalty: penaltyOf,
  bound: boundBy,
};

function act(auction: Auction<'sealed_bid'>, command: BidCommand): readonly Event[] {
  switch (command.type) {
    case 'commit_bid':
    case 'submit_sealed':
      return submitBid(auction, command);
    case 'reveal_bid':
      return revealBid(auction, command);
    case 'give_opening_share':
      return giveShare(auction, command);
    case 'open_sealed':
      return openSealed(auction, command);
    case 'disqualify_bid':
      return disqualifyBid(auction, command);
    default:
      return unreachable(`${command.type} in a sealed-bid auction` as never);
  }
}
