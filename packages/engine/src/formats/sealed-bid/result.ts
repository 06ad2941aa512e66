/** Who wins among the bids that were opened and count, and what stays behind for those kept shut. */
import { type Lots, divideHalfEven, lots, ticks } from '@seam/units';
import type { WaitingBid } from '../../auction/awarding/types.ts';
import { unserved } from '../../auction/awarding/unserved.ts';
import type { Result } from '../../auction/format.ts';
import { requiredSecurity } from '../../auction/security.ts';
import { BASIS_POINTS_MAX } from '../../limits.ts';
import { uniformPrice } from '../../pricing/uniform.ts';
import { comparePriority } from '../../pricing/line.ts';
import { resultOfOffers, unservedOffers } from '../../scoring/result.ts';
import type { Auction } from '../../state.ts';
import type { Award } from '../../types.ts';
import { allocate } from '../english/allocate.ts';
import type { OpenedBid, SealedBid, SealedBidRoom, SealedBidTerms } from './types.ts';

type InRoom = { readonly terms: SealedBidTerms; readonly room: Readonly<SealedBidRoom> };

export function resultOfSealed({ terms, room }: InRoom): Result {
  const valid = room.opened.filter((bid) => bid.excluded === null);
  const awards = terms.direction === 'buy' ? bought(terms, valid) : sold(terms, valid);
  return { awards, reason: reasonOf(room, valid) };
}

/** Opened bids that count and win nothing in `awards`: in selling at what they bid, in buying at what they asked. */
export function unservedSealed({ terms, room }: InRoom, awards: readonly Award[]): readonly WaitingBid[] {
  const valid = room.opened.filter((bid) => bid.excluded === null);
  if (terms.direction === 'buy') return unservedOffers(terms, valid, awards);
  const dearest = Math.max(...awards.map((award) => award.price));
  const lines = valid.filter((bid) => bid.price >= (terms.reservePrice ?? terms.startingPrice));
  const paid = lines.toSorted(comparePriority).map((line) => {
    return terms.pricing === 'uniform' ? { ...line, price: ticks(Math.min(line.price, dearest)) } : line;
  });
  return unserved(paid, awards);
}

/**
 * Kept from a bidder whose bid stayed shut: a bid one may withdraw after seeing the others is none.
 * With a split key only once the officers have opened: until then it was not the bidder's to do. And not
 * from who was excluded meanwhile: it may not open its bid any more.
 */
export function penaltyOf(auction: Auction<'sealed_bid'>, accountId: string): bigint {
  const { terms, room, excluded } = auction;
  if (excluded.includes(accountId)) return 0n;
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

function sold(terms: SealedBidTerms, bids: readonly OpenedBid[]): readonly Award[] {
  const base = terms.reservePrice ?? terms.startingPrice;
  const { standing } = allocate(
    bids.filter((bid) => bid.price >= base),
    terms.quantity,
  );
  const one = terms.pricing === 'uniform' ? uniformPrice(standing, 'uniform', base) : null;
  return standing
    .filter((line) => line.allocated > 0)
    .map(({ accountId, price, allocated, seq }) => {
      return { accountId, price: one ?? price, quantity: allocated, bidSeq: seq };
    });
}

/** At one price it is the highest accepted: a buyer never pays a price that nobody asked. */
function bought(terms: SealedBidTerms, bids: readonly OpenedBid[]): readonly Award[] {
  const { awards } = resultOfOffers(terms, bids);
  if (terms.pricing !== 'uniform' || awards.length === 0) return awards;
  const price = ticks(Math.max(...awards.map((award) => award.price)));
  return awards.map((award) => ({ ...award, price }));
}

function reasonOf(room: Readonly<SealedBidRoom>, valid: readonly OpenedBid[]): Result['reason'] {
  if (room.sealed.length === 0) return 'no_bid';
  if (room.opened.length === 0) return 'not_opened';
  return valid.length === 0 ? 'no_valid_bid' : 'reserve_not_met';
}

function isOpened(room: Readonly<SealedBidRoom>, sealed: SealedBid): boolean {
  return room.opened.some((bid) => bid.seq === sealed.seq);
}
