/** The close of an auction whose award is not done with: it becomes provisional, and others wait. */
import { type Instant, type Lots, instant, lots } from '@seam/units';
import { formatOf } from '../../formats/index.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, Event } from '../../types.ts';
import type { Result } from '../format.ts';
import type { Award } from '../types.ts';
import { Draft } from './draft.ts';
import { finalize } from './finalize.ts';
import { awardingFrom } from './state.ts';
import type { AwardingEvent, BelowReserve, WaitingBid } from './types.ts';

type Closing = {
  readonly result: Result;
  /** What it would be if there had been no reserve. */
  readonly withoutReserve: () => Result;
  readonly at: Instant;
};

/** @returns null when the terms ask for nothing after the close, or there is nothing to wait for. */
export function closeProvisionally(auction: Auction, closing: Closing): readonly Event[] | null {
  const { terms } = auction;
  if (!terms.standstill && !terms.waiting) return null;
  const { awards, reason } = closing.result;
  const belowReserve = awards.length === 0 ? below(auction, closing) : null;
  if (awards.length === 0 && belowReserve === null) return null;
  const closed: Extract<AwardingEvent, { type: 'auction_closed' }> = {
    type: 'auction_closed',
    auctionId: terms.auctionId,
    standstillEndsAt: terms.standstill ? instant(auction.closesAt + terms.standstill.periodMs) : null,
    awards,
    unsold: unsoldAfter(terms, awards),
    reason: awards.length === 0 ? reason : null,
    belowReserve,
    waiting: waitingBids(auction, awards),
    penalties: penaltiesOf(auction),
  };
  const draft = new Draft(awardingFrom(auction, closed));
  if (!terms.standstill) finalize(draft, closing.at);
  else draft.dispose((accountId) => hasNoPart(auction, accountId));
  return [closed, ...draft.events];
}

export function unsoldAfter({ quantity }: AuctionTerms, awards: readonly Award[]): Lots {
  return lots(awards.reduce<number>((rest, award) => rest - award.quantity, quantity));
}

/** Only a standstill gives the owner time to think again. */
function below(auction: Auction, { result, withoutReserve }: Closing): BelowReserve | null {
  if (!auction.terms.standstill || result.reason !== 'reserve_not_met') return null;
  const { awards } = withoutReserve();
  return awards.length === 0 ? null : { awards, waiting: waitingBids(withNoReserve(auction), awards) };
}

export function withNoReserve(auction: Auction): Auction {
  const { terms } = auction;
  if (!('reservePrice' in terms)) return auction;
  return { ...auction, terms: { ...terms, reservePrice: null } };
}

/** The next best, as many as the terms let wait; nobody who was found to be of the owner's group. */
function waitingBids(auction: Auction, awards: readonly Award[]): readonly WaitingBid[] {
  const most = auction.terms.waiting?.biddersMaximum ?? 0;
  if (most === 0 || awards.length === 0) return [];
  const bids = formatOf(auction).unserved?.(auction, awards) ?? [];
  return bids.filter(({ accountId }) => !auction.excluded.includes(accountId)).slice(0, most);
}

function penaltiesOf(auction: Auction) {
  return [...auction.security.keys()].sort().flatMap((accountId) => {
    const amount = formatOf(auction).penalty?.(auction, accountId) ?? 0n;
    return amount > 0n ? [{ accountId, amount: amount.toString() }] : [];
  });
}

/** Whoever is bound by no bid has nothing to do with the result, and need not wait for its money. */
function hasNoPart(auction: Auction, accountId: string): boolean {
  const format = formatOf(auction);
  return format.bound(auction, accountId) === 0 && !format.penalty?.(auction, accountId);
}
