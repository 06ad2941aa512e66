/** What the events of a sealed-bid auction do to its room. */
import type { InRoom } from '../../auction/format.ts';
import type { Command } from '../../types.ts';
import type { OpenedBid, SealedBidEvent } from './types.ts';

export function changeSealed({ room }: InRoom<'sealed_bid'>, command: Command, event: SealedBidEvent): void {
  switch (event.type) {
    case 'sealed_bid_accepted': {
      const { accountId, digest, ciphertext, quantityMaximum } = event;
      const bid = { accountId, digest, ciphertext, quantityMaximum, seq: command.seq };
      room.sealed = [...room.sealed.filter((line) => line.accountId !== accountId), bid];
      return;
    }
    case 'sealed_submission_ended':
      room.phase = 'opening';
      return;
    case 'opening_share_given':
      room.shares = { ...room.shares, [event.holder]: event.share };
      return;
    case 'sealed_bids_decrypted':
      room.decrypted = true;
      return;
    case 'sealed_bid_opened':
      room.opened = [...room.opened, openedBid(event)];
      return;
    case 'sealed_bid_disqualified':
      room.opened = room.opened.map((bid) =>
        bid.accountId === event.accountId ? { ...bid, excluded: event.reason } : bid,
      );
  }
}

function openedBid(event: Extract<SealedBidEvent, { type: 'sealed_bid_opened' }>): OpenedBid {
  const { accountId, price, quantity, minimumAcceptable, merit, bidSeq, fault } = event;
  return { accountId, price, quantity, minimumAcceptable, merit, seq: bidSeq, excluded: fault };
}
