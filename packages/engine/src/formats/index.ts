/** Every format by its name: the one place that knows them all. */
import type { Format, InRoom } from '../auction/format.ts';
import type { Auction } from '../state.ts';
import type { AuctionTerms, Command, FormatEvent, FormatName, RoomOf } from '../types.ts';
import { clock } from './clock/index.ts';
import { dutchHybrid } from './dutch-hybrid/index.ts';
import { dutch } from './dutch/index.ts';
import { english } from './english/index.ts';
import { reverseRounds } from './reverse-rounds/index.ts';
import { sealedBid } from './sealed-bid/index.ts';
import { reverseOpen } from './reverse-open/index.ts';

const FORMATS: { readonly [Name in FormatName]: Format<Name> } = {
  clock,
  dutch,
  dutch_hybrid: dutchHybrid,
  english,
  reverse_open: reverseOpen,
  reverse_rounds: reverseRounds,
  sealed_bid: sealedBid,
};

/** An auction's own format is the one its terms name, which no type can say of a union: hence the cast. */
export function formatOf(auction: Pick<Auction, 'terms'>): Format<FormatName> {
  return FORMATS[auction.terms.format];
}

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** The room after `event`, which is left as it was: for mirrors that fold committed entries. */
export function roomAfter(of: InRoom<FormatName>, command: Command, event: FormatEvent): RoomOf<FormatName> {
  const room = { ...of.room };
  formatOf(of).change({ terms: of.terms, room }, command, event);
  return room;
}

/** The room after a pause of the exchange moved the close by `byMs`. */
export function roomMoved(of: InRoom<FormatName>, byMs: number): RoomOf<FormatName> {
  const room = { ...of.room };
  formatOf(of).moved?.({ terms: of.terms, room }, byMs);
  return room;
}

export function emptyRoom(terms: AuctionTerms): RoomOf<FormatName> {
  return formatOf({ terms }).room(terms);
}
