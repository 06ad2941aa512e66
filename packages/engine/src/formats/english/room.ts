/**
 * What the English auction remembers, before and after a bid. Nothing here decides whether a bid is
 * good: recovery runs it too.
 */
import type { Lots, Ticks } from '@seam/units';
import { type HeldPrice, heldAfter, thresholdPrices } from '../../pricing/threshold.ts';
import { type Bid, withBid } from './allocate.ts';
import type { BiddingView } from './price.ts';
import type { EnglishRoom, EnglishTerms, Standing } from './types.ts';

export type Room = Readonly<EnglishRoom>;

/** Rooms of auctions scheduled before there were proxies have neither. */
export const EMPTY_ROOM: Room = { standing: [], marginalPrice: null, held: {}, autoBids: {} };

/** The room once `bid` has taken the place of its account's earlier one. */
export function roomWithBid(terms: EnglishTerms, room: Room, bid: Bid): Room {
  const { standing, marginalPrice } = withBid(room.standing, bid, terms);
  switch (terms.proxy) {
    case 'threshold': {
      const held = { ...room.held, [bid.accountId]: heldBy(room, bid) };
      const after = { ...room, standing, held };
      return { ...after, marginalPrice: marginalPrice === null ? null : lowestPaid({ terms, ...after }) };
    }
    case 'stepped':
      return { ...room, standing, marginalPrice, autoBids: unspent(room.autoBids, bid) };
    default:
      return { ...room, standing, marginalPrice };
  }
}

/** A larger quantity is another bid, willing only from now on; a raised price alone keeps its time. */
function heldBy(room: Room, { accountId, price, quantity, seq }: Bid): readonly HeldPrice[] {
  const before = room.standing.find((line) => line.accountId === accountId);
  const since = before?.quantity === quantity ? (room.held[accountId] ?? []) : [];
  const rivals = room.standing.filter((line) => line.accountId !== accountId).map((line) => line.seq);
  return heldAfter(since, { price, seq }, rivals);
}

/** An instruction ends when its bidder's own bid has reached the limit. */
function unspent(autoBids: Room['autoBids'], { accountId, price }: Bid): Room['autoBids'] {
  const own = autoBids[accountId];
  if (own === undefined || price < own.limit) return autoBids;
  return Object.fromEntries(Object.entries(autoBids).filter(([holder]) => holder !== accountId));
}

/**
 * What each line of the standing would pay if bidding ended now and the starting price were the
 * reserve; null where it wins nothing. Of a threshold auction only.
 */
export function thresholdsOf({ terms, standing, held }: BiddingView): readonly (Ticks | null)[] {
  const lines = standing.map((line) => ({ ...line, since: held[line.accountId] ?? [] }));
  const { startingPrice: base, proxyLead: lead, bidIncrement, incrementBands } = terms;
  return thresholdPrices(lines, terms.quantity, { base, lead, bidIncrement, incrementBands });
}

function lowestPaid(view: BiddingView): Ticks | null {
  return thresholdsOf(view).reduce<Ticks | null>(
    (lowest, price) => (price === null || (lowest !== null && lowest <= price) ? lowest : price),
    null,
  );
}

type Won = { readonly marginalPrice: Ticks | null; readonly standing: readonly Standing[] };

/**
 * Did anything change that anybody would win, or the price to get in? Only then do the others need
 * time to answer; a winner who raises a price above the margin changes nothing for them.
 */
export function standingChanged(before: Won, after: Won): boolean {
  if (before.marginalPrice !== after.marginalPrice) return true;
  const won = new Map<string, Lots>();
  for (const line of before.standing) won.set(line.accountId, line.allocated);
  return after.standing.some((line) => line.allocated !== (won.get(line.accountId) ?? 0));
}
