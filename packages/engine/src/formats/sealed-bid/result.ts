/** Who wins among the bids that were opened and count, and what stays behind for those kept shut. */
import { type Lots, type Ticks, divideHalfEven, lots } from '@seam/units';
import type { Result } from '../../auction/format.ts';
import { requiredSecurity } from '../../auction/security.ts';
import { BASIS_POINTS_MAX } from '../../limits.ts';
import { resultOfOffers } from '../../scoring/result.ts';
import type { Award } from '../../types.ts';
import { allocate } from '../english/allocate.ts';
import type { OpenedBid, SealedBid, SealedBidRoom, SealedBidTerms } from './types.ts';

type InRoom = { readonly terms: SealedBidTerms; readonly room: Readonly<SealedBidRoom> };

export function resultOfSealed({ terms, room }: InRoom): Result {
  const valid = room.opened.filter((bid) => bid.excluded === null);
  const result = terms.direction === 'buy' ? resultOfOffers(terms, valid) : resultOfSale(terms, valid);
  const awards = terms.pricing === 'uniform' ? atOnePrice(terms, valid, result.awards) : result.awards;
  return { awards, reason: reasonOf(room, valid) };
}

/**
 * Kept from a bidder whose bid stayed shut: a bid one may withdraw after seeing the others is none.
 * With a split key only once the officers have opened: until then it was not the bidder's to do.
 */
export function penaltyOf({ terms, room }: InRoom, accountId: string): bigint {
  const sealed = room.sealed.find((bid) => bid.accountId === accountId);
  if (sealed === undefined || isOpened(room, sealed)) return 0n;
  if (terms.secrecy.mode === 'split_key' && !room.decrypted) return 0n;
  const security = requiredSecurity(terms, sealed.quantityMaximum);
  return divideHalfEven(security * BigInt(terms.unopenedPenalty), BigInt(BASIS_POINTS_MAX));
}

/** Lots a bidder is bound to take, or, while nobody knows, the most it can be. */
export function boundBy({ room }: InRoom, accountId: string): Lots {
  const sealed = room.sealed.find((bid) => bid.accountId === accountId);
  const opened = room.opened.find((bid) => bid.accountId === accountId);
  if (opened) return opened.excluded === null ? opened.quantity : lots(0);
  return sealed?.quantityMaximum ?? lots(0);
}

function resultOfSale(terms: SealedBidTerms, bids: readonly OpenedBid[]): Pick<Result, 'awards'> {
  const { reservePrice, quantity } = terms;
  const valid = bids.filter((bid) => reservePrice === null || bid.price >= reservePrice);
  const awards = allocate(valid, quantity)
    .standing.filter((line) => line.allocated > 0)
    .map(({ accountId, price, allocated, seq }) => ({ accountId, price, quantity: allocated, bidSeq: seq }));
  return { awards };
}

/**
 * The price of the last that was accepted; when every valid bid was served in full, and so nobody
 * competed, the limit itself: the reserve of a sale. A buyer never pays more than it was asked.
 */
function atOnePrice(
  terms: SealedBidTerms,
  valid: readonly OpenedBid[],
  awards: readonly Award[],
): readonly Award[] {
  if (awards.length === 0) return awards;
  const prices = awards.map((award) => award.price);
  const price =
    terms.direction === 'buy'
      ? (Math.max(...prices) as Ticks)
      : isAllServed(terms, valid, awards)
        ? (terms.reservePrice ?? terms.startingPrice)
        : (Math.min(...prices) as Ticks);
  return awards.map((award) => ({ ...award, price }));
}

function isAllServed(
  { reservePrice }: SealedBidTerms,
  bids: readonly OpenedBid[],
  awards: readonly Award[],
): boolean {
  const won = new Map(awards.map((award) => [award.bidSeq, award.quantity]));
  return bids
    .filter((bid) => reservePrice === null || bid.price >= reservePrice)
    .every((bid) => won.get(bid.seq) === bid.quantity);
}

function reasonOf(room: Readonly<SealedBidRoom>, valid: readonly OpenedBid[]): Result['reason'] {
  if (room.sealed.length === 0) return 'no_bid';
  if (room.opened.length === 0) return 'not_opened';
  return valid.length === 0 ? 'no_valid_bid' : 'reserve_not_met';
}

function isOpened(room: Readonly<SealedBidRoom>, sealed: SealedBid): boolean {
  return room.opened.some((bid) => bid.seq === sealed.seq);
}
