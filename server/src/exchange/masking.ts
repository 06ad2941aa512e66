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
 */
import { type Standing, type Visibility, priceFloor, publicStanding, viewOf } from '@seam/engine';
import type { AuctionView } from './live-view.ts';

/** A number that rises with each visible change, and when the last was. */
export type Place = { readonly seq: number; readonly at: number };

/** Changes of a masked auction: those that everybody saw, and those that single accounts did besides. */
export type Seen = { readonly everybody: Place; readonly own: Readonly<Record<string, Place>> };

/** Everything that a masked viewer is shown of the bidding. */
export type Shown = {
  /** Its standing bid, as it made it; what it would win is no part of it behind a mask. */
  readonly own: Standing | undefined;
  readonly rank: number | null;
  /** Ticks; null: the starting price, as for everybody. */
  readonly nextPrice: number | null;
};

/** The mask in force, or null when everybody sees everything. */
export function maskOf(view: Pick<AuctionView, 'terms' | 'state'>): Exclude<Visibility, 'open'> | null {
  const { visibility = 'open' } = view.terms;
  const isOver = view.state === 'awarded' || view.state === 'unsold';
  return visibility === 'open' || isOver ? null : visibility;
}

export function takesPart(view: AuctionView, accountId: string): boolean {
  return accountId !== '' && (Object.hasOwn(view.security, accountId) || view.bidders.includes(accountId));
}

export function shownTo(view: AuctionView, accountId: string): Shown {
  if (view.terms.format !== 'english') return { own: undefined, rank: null, nextPrice: null };
  const { own, rank, nextPrice } = linesOf(view as AuctionView<'english'>);
  const mine = own.get(accountId);
  if (maskOf(view) === 'blind' || !takesPart(view, accountId)) {
    return { own: mine, rank: null, nextPrice: null };
  }
  return { own: mine, rank: rank.get(accountId) ?? null, nextPrice };
}

type Lines = {
  /** What each bidder asked for: of a hidden maximum, the maximum. */
  readonly own: ReadonlyMap<string, Standing>;
  /** As all see it. */
  readonly rank: ReadonlyMap<string, number>;
  readonly nextPrice: number;
};

/** Once for each room: every party of a masked auction is asked about after every bid. */
const known = new WeakMap<object, Lines>();

function linesOf(english: AuctionView<'english'>): Lines {
  const found = known.get(english.room);
  if (found) return found;
  const lines = {
    own: new Map(english.room.standing.map((line) => [line.accountId, line])),
    rank: new Map(publicStanding(viewOf(english)).map((line) => [line.accountId, line.rank])),
    nextPrice: priceFloor(viewOf(english)),
  };
  known.set(english.room, lines);
  return lines;
}

/** The place of what `viewer` sees: never more than the journal's, which it is once the mask is off. */
export function placeFor(view: AuctionView, viewer: string): Place {
  if (view.seen === null) return { seq: view.seq, at: view.at };
  const { everybody, own } = view.seen;
  const mine = Object.hasOwn(own, viewer) ? own[viewer] : undefined;
  if (mine === undefined) return everybody;
  return { seq: everybody.seq + mine.seq, at: Math.max(everybody.at, mine.at) };
}

/** The places after an entry that made `after` of `before`; null while nothing is masked. */
export function seenAfter(before: AuctionView | undefined, after: AuctionView): Seen | null {
  if (maskOf(after) === null) return null;
  const { at } = after;
  if (before === undefined || before.seen === null) return { everybody: { seq: 1, at }, own: {} };
  const { everybody, own } = before.seen;
  if (publicText(before) !== publicText(after)) return { everybody: { seq: everybody.seq + 1, at }, own };
  const parties = new Set([...Object.keys(after.security), ...after.bidders]);
  const changed = [...parties].filter((party) => ownText(before, party) !== ownText(after, party));
  if (changed.length === 0) return before.seen;
  const next = changed.map((party) => [party, { seq: (own[party]?.seq ?? 0) + 1, at }] as const);
  return { everybody, own: { ...own, ...Object.fromEntries(next) } };
}

function publicText({ state, closesAt, extensions, suspension, endReason }: AuctionView): string {
  return JSON.stringify([state, closesAt, extensions, suspension, endReason]);
}

function ownText(view: AuctionView, accountId: string): string {
  const { own, rank, nextPrice } = shownTo(view, accountId);
  const bid = own && [own.price, own.quantity, own.minimumAcceptable];
  const isBidder = view.bidders.includes(accountId);
  return JSON.stringify([bid, rank, nextPrice, isBidder, view.security[accountId]]);
}
