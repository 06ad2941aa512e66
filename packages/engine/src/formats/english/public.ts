/**
 * What may be seen of an English auction while it runs. Hidden maxima and instructions are in the
 * room, so whoever shows an auction to somebody goes through here.
 *
 * A threshold auction shows its winners at the price they stand at, in the order of these prices,
 * and whoever wins nothing at the starting price, in the order of time: neither a price nor a rank
 * depends on how much further a maximum goes.
 */
import type { Lots, Ticks } from '@seam/units';
import { comparePriority } from '../../pricing/line.ts';
import { type BiddingView, lineOf } from './price.ts';
import { thresholdsOf } from './room.ts';
import type { Standing } from './types.ts';

export type PublicLine = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly allocated: Lots;
  readonly rank: number;
};

/** Best first. Of a threshold auction with n bidders up to n²/2 steps the first time, n after. */
export function publicStanding(view: BiddingView): readonly PublicLine[] {
  return (view.terms.proxy === 'threshold' ? shownLines(view) : view.standing).map(ranked);
}

/** The line of one bidder in the public standing, or undefined when it has not bid. */
export function publicLine(view: BiddingView, accountId: string): PublicLine | undefined {
  const own = lineOf(view.standing, accountId);
  if (own === undefined) return undefined;
  const ownPlace = view.standing.indexOf(own);
  if (view.terms.proxy !== 'threshold') return ranked(own, ownPlace);
  const paid = thresholdsOf(view);
  const price = paid[ownPlace] ?? view.terms.startingPrice;
  const mine = { ...own, price };
  const rank = view.standing.filter((line, place) => {
    const theirs = paid[place] ?? null;
    if (own.allocated === 0) return theirs !== null || line.seq <= own.seq;
    return theirs !== null && (line === own || isAhead(line, theirs, mine));
  }).length;
  return { ...mine, rank };
}

function isAhead({ quantity, seq }: Standing, price: Ticks, than: Standing): boolean {
  if (price !== than.price) return price > than.price;
  return quantity === than.quantity ? seq < than.seq : quantity > than.quantity;
}

/**
 * The view one bidder may compute with: the others as the public sees them, itself as it is. Rivals
 * that win nothing are left out of a threshold auction: what they would still do is hidden.
 */
export function visibleTo(view: BiddingView, accountId: string): BiddingView {
  switch (view.terms.proxy) {
    case 'threshold': {
      const own = lineOf(view.standing, accountId);
      const rivals = shownLines(view).filter((line) => line.allocated > 0 && line.accountId !== accountId);
      const standing = own === undefined ? rivals : [...rivals, own].sort(comparePriority);
      const held = Object.fromEntries(
        standing.map((line) => [
          line.accountId,
          line === own ? (view.held[accountId] ?? []) : [{ price: line.price, seq: line.seq }],
        ]),
      );
      return { ...view, standing, held };
    }
    case 'stepped': {
      const own = view.autoBids[accountId];
      return { ...view, autoBids: own === undefined ? {} : { [accountId]: own } };
    }
    default:
      return view;
  }
}

function shownLines(view: BiddingView): readonly Standing[] {
  const paid = thresholdsOf(view);
  const lines = view.standing.map((line, place) => ({
    ...line,
    price: paid[place] ?? view.terms.startingPrice,
  }));
  const winners = lines.filter((line) => line.allocated > 0).sort(comparePriority);
  const others = lines.filter((line) => line.allocated === 0).sort((a, b) => a.seq - b.seq);
  return [...winners, ...others];
}

function ranked(line: Standing, place: number): PublicLine {
  return { ...line, rank: place + 1 };
}
