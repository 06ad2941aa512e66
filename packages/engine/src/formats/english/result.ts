/**
 * Who wins what at which price. The reserve only cuts the standing off below it: bids under it stand
 * behind all others, so what the rest win is the same with or without them.
 */
import { type Ticks, ticks } from '@seam/units';
import type { WaitingBid } from '../../auction/awarding/types.ts';
import { unserved } from '../../auction/awarding/unserved.ts';
import type { Result } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';
import type { Award } from '../../types.ts';
import { uniformPrice } from '../../pricing/uniform.ts';
import { type BiddingView, viewOf } from './price.ts';
import { thresholdsOf } from './room.ts';

type InEnglish = Pick<Auction<'english'>, 'terms' | 'room'>;

export function resultOf(auction: InEnglish): Result {
  const { terms, room } = auction;
  const prices = payable(viewOf(auction), terms.reservePrice ?? terms.startingPrice);
  const awards: Award[] = [];
  room.standing.forEach(({ accountId, allocated, seq }, place) => {
    const price = prices[place] ?? null;
    if (price !== null) awards.push({ accountId, price, quantity: allocated, bidSeq: seq });
  });
  return { awards, reason: room.standing.length === 0 ? 'no_bid' : 'reserve_not_met' };
}

/**
 * Bids at the reserve or above that win nothing, in the order of the standing. Each pays what it bid, and no
 * more than the dearest winner where winners do not pay what they bid.
 */
export function unservedIn({ terms, room }: InEnglish, awards: readonly Award[]): readonly WaitingBid[] {
  const base = terms.reservePrice ?? terms.startingPrice;
  const dearest = Math.max(...awards.map((award) => award.price));
  const paysBid = terms.pricing === 'pay_as_bid' && terms.proxy !== 'threshold';
  const lines = room.standing.flatMap((line) => {
    const price = paysBid ? line.price : ticks(Math.min(line.price, dearest));
    return line.price >= base ? [{ ...line, price }] : [];
  });
  return unserved(lines, awards);
}

/**
 * What each line of the standing pays for a lot if bidding ends now and nothing is sold below
 * `base`; null for whoever wins nothing.
 */
export function payable(view: BiddingView, base: Ticks): readonly (Ticks | null)[] {
  const { terms, standing } = view;
  const served = standing.filter((line) => line.price >= base);
  if (terms.proxy === 'threshold') {
    const prices = thresholdsOf(view);
    return served.map((_, place) => atLeast(prices[place] ?? null, base));
  }
  if (terms.pricing === 'pay_as_bid') return served.map((line) => (line.allocated > 0 ? line.price : null));
  const price = uniformPrice(served, terms.pricing, base);
  return served.map((line) => (line.allocated > 0 ? price : null));
}

function atLeast(price: Ticks | null, base: Ticks): Ticks | null {
  return price === null ? null : ticks(Math.max(price, base));
}
