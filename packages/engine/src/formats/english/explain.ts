/**
 * Why a standing bid wins what it wins: for its bidder's eyes only.
 *
 * The hard case is the bid that wins nothing although a lower one does. It insists on more than was
 * left when its turn came; the lower bid takes that little.
 */
import { type Lots, type Ticks, lots } from '@seam/units';
import { withBid } from './allocate.ts';
import { type BiddingView, lineOf } from './price.ts';
import { payable } from './result.ts';
import type { Standing } from './types.ts';

export type Explanation = {
  readonly code:
    | 'wins_all'
    /** Better bids left it less than it asks for. */
    | 'wins_the_rest'
    /** The bids of its price share what better ones left. */
    | 'wins_a_share'
    /** Something was left for it, but less than it accepts. */
    | 'insists_on_more'
    | 'price_below_margin'
    /** Same price, but a larger quantity goes first. */
    | 'larger_bid_first'
    /** Same price and quantity, but an earlier bid goes first. */
    | 'earlier_bid_first'
    /** Its share in proportion is less than half a lot, or others' remainders are larger. */
    | 'share_rounds_to_nothing';
  readonly allocated: Lots;
  /** What it would win if it insisted on nothing. */
  readonly offered: Lots;
  /** The price at which somebody below it wins, when it wins nothing itself; otherwise null. */
  readonly wonBelowAt: Ticks | null;
};

/** @returns null when `accountId` has not bid. */
export function explain(view: BiddingView, accountId: string): Explanation | null {
  const own = lineOf(view.standing, accountId);
  if (own === undefined) return null;
  const { allocated } = own;
  const offered = offeredTo(view, own);
  const wonBelowAt = allocated === 0 ? priceWonBelow(view, own) : null;
  return { code: codeOf(view, own, offered), allocated, offered, wonBelowAt };
}

function offeredTo({ terms, standing }: BiddingView, own: Standing): Lots {
  const after = withBid(standing, { ...own, minimumAcceptable: lots(0) }, terms);
  return lineOf(after.standing, own.accountId)?.allocated ?? lots(0);
}

/** The dearest: what that winner pays, never its hidden maximum. */
function priceWonBelow(view: BiddingView, own: Standing): Ticks | null {
  const paid = payable(view, view.terms.startingPrice);
  const ownPlace = view.standing.indexOf(own);
  return paid.find((price, place) => price !== null && place > ownPlace) ?? null;
}

function codeOf({ terms, standing }: BiddingView, own: Standing, offered: Lots): Explanation['code'] {
  if (own.allocated === own.quantity) return 'wins_all';
  const level = standing.filter((line) => line.price === own.price);
  if (own.allocated > 0) {
    const isShared = terms.margin === 'pro_rata' && level.filter((line) => line.allocated > 0).length > 1;
    return isShared ? 'wins_a_share' : 'wins_the_rest';
  }
  if (offered > 0) return 'insists_on_more';
  const last = level.findLast((line) => line.allocated > 0);
  if (last === undefined) return 'price_below_margin';
  if (terms.margin === 'pro_rata') return 'share_rounds_to_nothing';
  return last.quantity > own.quantity ? 'larger_bid_first' : 'earlier_bid_first';
}
