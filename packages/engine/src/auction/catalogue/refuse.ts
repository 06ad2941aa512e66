/** A bid under the cap of its lot's catalogue. */
import { formatOf, roomAfter } from '../../formats/index.ts';
import type { Auction, EngineState } from '../../state.ts';
import type { Event, FormatEvent, Rejection } from '../../types.ts';
import type { BidCommand } from '../format.ts';
import { CapRoom, boundIn } from './cap.ts';

/** Why what was decided for `command` may not happen: it would bind its bidder to more than the cap leaves. */
export function refuseOverCap(
  state: EngineState,
  auction: Auction,
  { command, events }: { readonly command: BidCommand; readonly events: readonly Event[] },
): Rejection | undefined {
  const cap = auction.terms.catalogue?.cap;
  if (cap === undefined || !('accountId' in command) || events[0]?.type === 'command_rejected')
    return undefined;
  const { accountId } = command;
  const { terms } = auction;
  const most = new CapRoom(state, terms, boundIn(auction)).most(accountId);
  const room = events.filter(isFormats).reduce((before, event) => {
    return roomAfter({ terms, room: before }, command, event);
  }, auction.room);
  const bound = formatOf(auction).bound({ ...auction, room }, accountId);
  return bound <= most ? undefined : { code: 'bid_cap_exceeded', unit: cap.unit, quantityMaximum: most };
}

/** What a bid can lead to that is the frame's. */
const FRAMES = new Set<Event['type']>(['auction_extended', 'auction_shortened']);

function isFormats(event: Event): event is FormatEvent {
  return !FRAMES.has(event.type);
}
