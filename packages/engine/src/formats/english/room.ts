/**
 * What the English auction remembers, before and after a bid. Nothing here decides whether a bid is
 * good: recovery runs it too.
 */
import type { Ticks } from '@seam/units';
import { type HeldPrice, heldAfter, thresholdPrices } from '../../pricing/threshold.ts';
import { type Bid, withBid } from './allocate.ts';
import { type BiddingView, lineOf } from './price.ts';
import type { EnglishRoom, EnglishTerms, Standing } from './types.ts';

export type Room = Readonly<EnglishRoom>;

/** Rooms of auctions scheduled before there were proxies have neither. */
export const EMPTY_ROOM: Room = { standing: [], marginalPrice: null, held: {}, autoBids: {} };

type Answer = {
  readonly terms: EnglishTerms;
  readonly before: Room;
  readonly bid: Bid;
  readonly after: Room;
};

/** The last answer: deciding on a bid and applying it ask the same thing one after the other. */
let last: Answer | undefined;

/** The room once `bid` has taken the place of its account's earlier one. */
export function roomWithBid(terms: EnglishTerms, room: Room, bid: Bid): Room {
  if (last?.terms === terms && isSameRoom(last.before, room) && isSameBid(last.bid, bid)) return last.after;
  const after = roomAfter(terms, room, bid);
  // A copy: the engine replaces the fields of its own.
  last = { terms, before: { ...room }, bid, after };
  return after;
}

function isSameRoom(a: Room, b: Room): boolean {
  return a.standing === b.standing && a.held === b.held && a.autoBids === b.autoBids;
}

function isSameBid(a: Bid, b: Bid): boolean {
  return (
    a.seq === b.seq &&
    a.accountId === b.accountId &&
    a.price === b.price &&
    a.quantity === b.quantity &&
    a.minimumAcceptable === b.minimumAcceptable
  );
}

function roomAfter(terms: EnglishTerms, room: Room, bid: Bid): Room {
  const { standing, marginalPrice } = withBid(room.standing, bid, terms);
  const { held, autoBids } = room;
  switch (terms.proxy) {
    case 'threshold': {
      const after = {
        standing,
        marginalPrice,
        held: { ...held, [bid.accountId]: heldBy(room, bid) },
        autoBids,
      };
      return marginalPrice === null ? after : { ...after, marginalPrice: lowestPaid({ terms, ...after }) };
    }
    case 'stepped':
      return { standing, marginalPrice, held, autoBids: unspent(autoBids, bid) };
    default:
      return { standing, marginalPrice, held, autoBids };
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

/** Of standings that were asked about: one of a threshold auction is read by many and never changes. */
const asked = new WeakMap<readonly Standing[], readonly (Ticks | null)[]>();

/**
 * What each line of the standing would pay if bidding ended now and the starting price were the
 * reserve; null where it wins nothing. Of a threshold auction only.
 */
export function thresholdsOf({ terms, standing, held }: BiddingView): readonly (Ticks | null)[] {
  const known = asked.get(standing);
  if (known !== undefined) return known;
  const { startingPrice: base, proxyLead, bidIncrement, incrementBands } = terms;
  const rule = { base, held, proxyLead, bidIncrement, incrementBands };
  const prices = thresholdPrices(standing, terms.quantity, rule);
  asked.set(standing, prices);
  return prices;
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
  // Bids only ever move up: what is met in another order than before is what moved.
  const moved: Standing[] = [];
  let place = 0;
  for (const line of after.standing) {
    let old = before.standing[place];
    while (old !== undefined && isAmong(moved, old)) old = before.standing[(place += 1)];
    if (old?.accountId !== line.accountId) moved.push(line);
    else if (old.allocated === line.allocated) place += 1;
    else return true;
  }
  return moved.some((line) => line.allocated !== (lineOf(before.standing, line.accountId)?.allocated ?? 0));
}

function isAmong(lines: readonly Standing[], { accountId }: Standing): boolean {
  return lines.some((line) => line.accountId === accountId);
}
