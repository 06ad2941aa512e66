/** The end of an English auction a second time: who wins, who waits, whose money goes where. */
import { instant, lots, ticks } from '@seam/units';
import type { AuctionEvent as Event, Award, WaitingBid } from '../types.ts';
import { naiveFinal, naiveFreeIdle } from './awarding/naive-awarding.ts';
import { naiveAllocate } from './english/naive-allocate.ts';
import { naiveLatest, naivePaid } from './english/naive-prices.ts';
import { type NaiveAuction, deposited, naiveSecurity } from './naive-auction.ts';

export function firstBids(auction: NaiveAuction): string[] {
  return [...new Set(auction.bids.map((candidate) => candidate.accountId))];
}

export function naiveClose(auction: NaiveAuction, { seq, at }: { seq: number; at: number }): Event[] {
  const { auctionId, reservePrice, startingPrice, standstill, waiting } = auction.terms;
  const { awards, left, reason } = outcome(auction, reservePrice ?? startingPrice);
  const ending = { seq, at: auction.closesAt };
  const below = standstill && reason === 'reserve_not_met' ? outcome(auction, startingPrice).awards : [];
  if (awards.length === 0 && below.length === 0) {
    const events: Event[] = [{ type: 'auction_unsold', auctionId, reason: reason ?? 'no_bid' }];
    return naiveEnd(auction, { ...ending, as: 'unsold', events, won: new Map() });
  }
  const unsold = lots(left);
  if (!standstill && !waiting) {
    const events: Event[] = [{ type: 'auction_awarded', auctionId, awards, unsold, reserveMet: true }];
    auction.told.push(...(events as NaiveAuction['told']));
    const won = new Map(awards.map((award) => [award.accountId, award.quantity as number]));
    return naiveEnd(auction, { ...ending, as: 'awarded', events, won });
  }
  Object.assign(auction, { state: 'standstill', closedSeq: seq, closedAt: auction.closesAt });
  auction.told.push({
    type: 'auction_closed',
    auctionId,
    standstillEndsAt: standstill ? instant(auction.closesAt + standstill.periodMs) : null,
    awards,
    unsold,
    reason: awards.length > 0 ? null : reason,
    belowReserve:
      awards.length > 0 ? null : { awards: below, waiting: unserved(auction, startingPrice, below) },
    waiting: awards.length > 0 ? unserved(auction, reservePrice ?? startingPrice, awards) : [],
    penalties: [],
  });
  if (!standstill) naiveFinal(auction, at);
  else naiveFreeIdle(auction);
  return [...auction.told];
}

/** Everybody at `least` or more, best first, by what nobody gave it; not who belongs to the owner. */
function unserved(auction: NaiveAuction, least: number, awards: readonly Award[]): WaitingBid[] {
  const { terms, bids, excluded } = auction;
  const dearest = Math.max(...awards.map((award) => award.price));
  const isOwnPrice = terms.pricing === 'pay_as_bid' && terms.proxy !== 'threshold';
  const order = naiveAllocate(naiveLatest(bids), terms.quantity, 'time').standing;
  const all = order.flatMap((bid): WaitingBid[] => {
    const won = awards.filter((award) => award.accountId === bid.accountId);
    const has = won.reduce((sum, award) => sum + award.quantity, 0);
    if (bid.price < least || has >= bid.quantity || excluded.includes(bid.accountId)) return [];
    const price = isOwnPrice || bid.price < dearest ? bid.price : ticks(dearest);
    const { accountId, seq: bidSeq } = bid;
    const minimumAcceptable = lots(Math.max(0, bid.minimumAcceptable - has));
    return [{ accountId, price, quantity: lots(bid.quantity - has), minimumAcceptable, bidSeq }];
  });
  return all.slice(0, terms.waiting?.biddersMaximum ?? 0);
}

/** Bids under the reserve are thrown out first, then the quantity is allocated anew. */
function outcome(auction: NaiveAuction, reserve: number) {
  const { quantity, margin } = auction.terms;
  const bids = naiveLatest(auction.bids);
  const valid = bids.filter((candidate) => candidate.price >= reserve);
  const result = naiveAllocate(valid, quantity, margin);
  const paid = naivePaid(auction.terms, auction.bids, reserve);
  const lines = result.standing.filter((line) => line.allocated > 0);
  const tooFew = firstBids(auction).length < (auction.terms.minimumBidders ?? 1);
  if (lines.length === 0 || tooFew) {
    const empty = bids.length === 0 ? 'no_bid' : 'reserve_not_met';
    const reason = lines.length > 0 ? 'too_few_bidders' : empty;
    return { awards: [], left: quantity, reason } as const;
  }
  const awards = lines.map((line) => ({
    accountId: line.accountId,
    price: ticks(paid.get(line.accountId) ?? 0),
    quantity: line.allocated,
    bidSeq: line.seq,
  }));
  return { awards, left: result.left, reason: null };
}

type Ending = {
  as: NaiveAuction['state'];
  seq: number;
  at: number;
  events: Event[];
  won: Map<string, number>;
};

export function naiveEnd(auction: NaiveAuction, { as, seq, at, events, won }: Ending): Event[] {
  auction.state = as;
  auction.closedSeq = seq;
  auction.closedAt = at;
  const { auctionId } = auction.terms;
  for (const accountId of [...new Set(auction.deposits.map((d) => d.accountId))].sort()) {
    const keep = naiveSecurity(auction.terms, won.get(accountId) ?? 0);
    const back = deposited(auction, accountId) - keep;
    if (back > 0n) events.push({ type: 'bid_security_released', auctionId, accountId, amount: String(back) });
    if (keep > 0n) events.push({ type: 'bid_security_retained', auctionId, accountId, amount: String(keep) });
  }
  return events;
}
