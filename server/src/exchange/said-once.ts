/**
 * An accepted bid says of itself what its command says: in the journal it is written once, which is a
 * quarter of a bid's bytes, and given back to whoever reads.
 *
 * Only where both say the same to the last field; entries that say it twice, as older ones do, read alike.
 */
import type { Command, Event } from '@seam/engine';

type Bid = Extract<Command, { type: 'place_bid' }>;
type BidAccepted = Extract<Event, { type: 'bid_accepted' }>;
type Repeated = 'auctionId' | 'accountId' | 'price' | 'quantity' | 'minimumAcceptable';
type Written = Omit<BidAccepted, Repeated>;

/** The events as they are written beside `command`. */
export function eventsSaidOnce(command: Command, events: readonly Event[]): readonly unknown[] {
  const [first] = events;
  if (command.type !== 'place_bid' || first?.type !== 'bid_accepted' || !repeats(first, command))
    return events;
  const { type, allocated, rank, marginalPrice, standingChanged } = first;
  const written: Written = { type, allocated, rank, marginalPrice, standingChanged };
  return events.length === 1 ? [written] : [written, ...events.slice(1)];
}

/** The events as they were told. */
export function eventsToldInFull(command: Command, events: readonly Event[]): readonly Event[] {
  const [first] = events;
  if (command.type !== 'place_bid' || first?.type !== 'bid_accepted' || 'price' in first) return events;
  const { type, allocated, rank, marginalPrice, standingChanged } = first as Written;
  const { auctionId, accountId, price, quantity, minimumAcceptable } = command;
  const bid = { type, auctionId, accountId, price, quantity, minimumAcceptable };
  const told: BidAccepted = { ...bid, allocated, rank, marginalPrice, standingChanged };
  return events.length === 1 ? [told] : [told, ...events.slice(1)];
}

function repeats(event: BidAccepted, command: Bid): boolean {
  return (
    event.auctionId === command.auctionId &&
    event.accountId === command.accountId &&
    event.price === command.price &&
    event.quantity === command.quantity &&
    event.minimumAcceptable === command.minimumAcceptable
  );
}
