/** What an accepted bid or instruction leads to. */
import type { Instant } from '@seam/units';
import { assert } from '../../assert.ts';
import { extension } from '../../auction/soft-close.ts';
import type { Auction } from '../../state.ts';
import type { Event } from '../../types.ts';
import type { Bid } from './allocate.ts';
import { publicLine } from './public.ts';
import { respond } from './respond.ts';
import { type Room, roomWithBid, standingChanged } from './room.ts';

export type InAuction = Pick<
  Auction<'english'>,
  'terms' | 'room' | 'closesAt' | 'hardEndAt' | 'extensions' | 'excluded'
>;

type Accepted = {
  /** The auction's, with the instruction that is being set. */
  readonly room: Room;
  /** Null when an instruction alone is set. */
  readonly bid: Bid | null;
  readonly at: Instant;
};

type Outcome = {
  /** Once all instructions have answered. */
  readonly room: Room;
  readonly isChanged: boolean;
  readonly events: readonly Event[];
};

export function outcome(auction: InAuction, { room: before, bid, at }: Accepted): Outcome {
  const { terms } = auction;
  const { auctionId } = terms;
  const placed = bid === null ? before : roomWithBid(terms, before, bid);
  const { room, raises } = respond(terms, placed, auction.excluded);
  const isChanged = standingChanged(auction.room, room);
  const events: Event[] = [];
  const { marginalPrice } = room;
  if (bid !== null) events.push(accepted(auction, { bid, room, isChanged }));
  if (raises.length > 0) events.push({ type: 'bids_raised', auctionId, raises, marginalPrice });
  if (isChanged) events.push(...extension(auction, at));
  return { room, isChanged, events };
}

type Told = { readonly bid: Bid; readonly room: Room; readonly isChanged: boolean };

function accepted({ terms }: InAuction, { bid, room, isChanged }: Told): Event {
  const { auctionId } = terms;
  const { accountId, price, quantity, minimumAcceptable } = bid;
  const shown = publicLine({ terms, ...room }, accountId);
  assert(shown !== undefined, `bid of ${accountId} is not in its own standing`);
  const { allocated, rank } = shown;
  const { marginalPrice } = room;
  const outcome = { allocated, rank, marginalPrice, standingChanged: isChanged };
  if (terms.proxy === 'threshold') {
    const bidder = { auctionId, accountId, maximum: price, quantity, minimumAcceptable };
    return { type: 'maximum_accepted', ...bidder, shownPrice: shown.price, ...outcome };
  }
  return { type: 'bid_accepted', auctionId, accountId, price, quantity, minimumAcceptable, ...outcome };
}
