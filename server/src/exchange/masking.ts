/**
 * What is left of an auction for one viewer while bidders are not to see each other.
 *
 * `rank_only` shows whoever takes part its own bid, its rank and the next price; `blind` its own bid
 * alone; a stranger sees under both what the terms and the clock say. Frames of a masked auction are
 * numbered by what their viewer has seen change, not by the journal, and leave only when that number
 * moves, so that neither a gap nor the arrival of an empty frame tells of a rival: what one can
 * infer is what one is shown, a moved close included, which is public. The receipt of one's own bid is
 * the exception: it names the bid's place in the journal, which all auctions of a shard share, because it
 * is evidence.
 *
 * A refusal still names the lowest price that would have been taken: without it nobody could bid.
 * Once bidding is over everything is shown, except when it was voided, for then it may be run again.
 *
 * Formats with sealed bids, rounds or turns keep something secret whatever their visibility: their frames are
 * numbered in the same way until they end, so that a bid under seal moves nobody's number but its bidder's.
 */
import {
  type FormatName,
  type Visibility,
  highestOfferPrice,
  priceFloor,
  publicStanding,
  viewOf,
} from '@seam/engine';
import type { Lots, Ticks } from '@seam/units';
import { hasPart, isOf, partsOf, publicPart } from './auction-rooms.ts';
import type { AuctionView } from './live-view.ts';

/** A number that rises with each visible change, and when the last was. */
export type Place = { readonly seq: number; readonly at: number };

/** Changes of a masked auction: those that everybody saw, and those that single accounts did besides. */
export type Seen = { readonly everybody: Place; readonly own: Readonly<Record<string, Place>> };

/** A bid or offer as its bidder made it. */
export type OwnBid = {
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly allocated: Lots;
};

/** Everything that a masked viewer is shown of the bidding. */
export type Shown = {
  /** Its standing bid; what it would win is no part of it behind a mask. */
  readonly own: OwnBid | undefined;
  readonly rank: number | null;
  /** Ticks; null: the starting price, as for everybody. */
  readonly nextPrice: number | null;
};

/** The mask in force, or null when everybody sees everything. */
export function maskOf(view: Pick<AuctionView, 'terms' | 'state'>): Exclude<Visibility, 'open'> | null {
  const { visibility = 'open' } = view.terms;
  return visibility === 'open' || isOver(view) ? null : visibility;
}

/** Whoever may complain of a provisional award must see what it is. */
function isOver({ state }: Pick<AuctionView, 'state'>): boolean {
  return state === 'standstill' || state === 'awarded' || state === 'unsold';
}

/** Something may be under way that nobody but its author may see, not even that it is. */
const SECRETIVE: ReadonlySet<FormatName> = new Set(['clock', 'dutch_hybrid', 'reverse_rounds', 'sealed_bid']);

/** Frames are numbered by what their viewer sees change. */
function isNumberedApart(view: AuctionView): boolean {
  return maskOf(view) !== null || (!isOver(view) && SECRETIVE.has(view.terms.format));
}

export function takesPart(view: AuctionView, accountId: string): boolean {
  if (accountId === '') return false;
  if (Object.hasOwn(view.security, accountId) || view.bidders.includes(accountId)) return true;
  return SECRETIVE.has(view.terms.format) && hasPart(view, accountId);
}

export function shownTo(view: AuctionView, accountId: string): Shown {
  const { own, rank, nextPrice } = linesOf(view);
  const mine = own.get(accountId);
  if (maskOf(view) === 'blind' || !takesPart(view, accountId)) {
    return { own: mine, rank: null, nextPrice: null };
  }
  return { own: mine, rank: rank.get(accountId) ?? null, nextPrice };
}

type Lines = {
  /** What each bidder asked for: of a hidden maximum, the maximum. */
  readonly own: ReadonlyMap<string, OwnBid>;
  /** As all see it. */
  readonly rank: ReadonlyMap<string, number>;
  readonly nextPrice: number | null;
};

/** Once for each room: every party of a masked auction is asked about after every bid. */
const known = new WeakMap<object, Lines>();

function linesOf(view: AuctionView): Lines {
  const found = known.get(view.room);
  if (found) return found;
  const lines = linesIn(view);
  known.set(view.room, lines);
  return lines;
}

function linesIn(view: AuctionView): Lines {
  if (isOf(view, 'english')) {
    return {
      own: new Map(view.room.standing.map((line) => [line.accountId, line])),
      rank: new Map(publicStanding(viewOf(view)).map((line) => [line.accountId, line.rank])),
      nextPrice: priceFloor(viewOf(view)),
    };
  }
  if (isOf(view, 'reverse_open')) {
    const { lines } = view.room;
    const byPrice = view.terms.scoring.mode === 'price';
    return {
      own: new Map(lines.map((line) => [line.accountId, line])),
      rank: new Map(lines.map((line) => [line.accountId, line.rank])),
      nextPrice: byPrice ? highestOfferPrice({ terms: view.terms, lines }, '', null) : null,
    };
  }
  if (isOf(view, 'reverse_rounds')) {
    const { lines, phase } = view.room;
    const ranked = phase === 'entry' ? [] : lines;
    return {
      own: new Map(lines.map((line) => [line.accountId, line])),
      rank: new Map(ranked.map((line) => [line.accountId, line.rank])),
      nextPrice: null,
    };
  }
  return { own: new Map(), rank: new Map(), nextPrice: null };
}

/** The place of what `viewer` sees: never more than the journal's, which it is once the mask is off. */
export function placeFor(view: AuctionView, viewer: string): Place {
  if (view.seen === null) return { seq: view.seq, at: view.at };
  const { everybody, own } = view.seen;
  const mine = Object.hasOwn(own, viewer) ? own[viewer] : undefined;
  if (mine === undefined) return everybody;
  return { seq: everybody.seq + mine.seq, at: Math.max(everybody.at, mine.at) };
}

/** The places after an entry that made `after` of `before`; null while everybody sees everything. */
export function seenAfter(before: AuctionView | undefined, after: AuctionView): Seen | null {
  if (!isNumberedApart(after)) return null;
  const { at } = after;
  if (before === undefined || before.seen === null) return { everybody: { seq: 1, at }, own: {} };
  const { everybody, own } = before.seen;
  if (publicText(before) !== publicText(after)) return { everybody: { seq: everybody.seq + 1, at }, own };
  const changed = changedParties(before, after);
  if (changed.length === 0) return before.seen;
  const next = changed.map((party) => [party, { seq: (own[party]?.seq ?? 0) + 1, at }] as const);
  return { everybody, own: { ...own, ...Object.fromEntries(next) } };
}

/** Who is to be shown something new although the public is not. */
function changedParties(before: AuctionView, after: AuctionView): readonly string[] {
  const [partsBefore, parts] = [partsOf(before), partsOf(after)];
  const spoke = (party: string): boolean =>
    partsBefore.get(party) !== parts.get(party) || before.security[party] !== after.security[party];
  const isMasked = maskOf(after) !== null;
  const parties = new Set([
    ...Object.keys(after.security),
    ...after.bidders,
    ...partsBefore.keys(),
    ...parts.keys(),
  ]);
  return [...parties].filter(
    (party) => spoke(party) || (isMasked && ownText(before, party) !== ownText(after, party)),
  );
}

function publicText(view: AuctionView): string {
  const { state, closesAt, extensions, suspension, endReason } = view;
  // Without a mask the standing of a format that keeps secrets is public, as far as it is published.
  const open = maskOf(view) === null ? [view.bids, view.bidders, publishedLines(view)] : [];
  return JSON.stringify([state, closesAt, extensions, suspension, endReason, publicPart(view), open]);
}

function publishedLines(view: AuctionView): unknown {
  return isOf(view, 'reverse_rounds') && view.room.phase !== 'entry' ? view.room.lines : null;
}

function ownText(view: AuctionView, accountId: string): string {
  const { own, rank, nextPrice } = shownTo(view, accountId);
  const bid = own && [own.price, own.quantity, own.minimumAcceptable];
  return JSON.stringify([bid, rank, nextPrice, view.bidders.includes(accountId)]);
}
