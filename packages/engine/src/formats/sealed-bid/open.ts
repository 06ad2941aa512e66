/**
 * The opening: by each bidder with its nonce, or by the two officers' parts of the key. Either way the
 * engine itself compares what is said with what was committed to.
 */
import type { Ticks } from '@seam/units';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger, priceLimit } from '../../auction/rules.ts';
import { isAbnormallyLow, leastPrice } from '../../scoring/refuse.ts';
import { meritFault } from '../../scoring/terms.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { matches } from './commitment.ts';
import { sha256 } from './sha256.ts';
import type { BidContent, BidFault, SealedBid, SealedBidTerms, ShareHolder } from './types.ts';

type SealedAuction = Auction<'sealed_bid'>;

/** Both officers' parts; also the order in which a missing one is named. */
const HOLDERS: readonly ShareHolder[] = ['owner', 'exchange'];

export function revealBid(auction: SealedAuction, command: CommandOf<'reveal_bid'>): readonly Event[] {
  const { accountId, bidder, price, quantity, minimumAcceptable, merit, nonce } = command;
  const content = { bidder, price, quantity, minimumAcceptable, merit, nonce };
  const sealed = auction.room.sealed.find((bid) => bid.accountId === accountId);
  const refused = refusePhase(auction) ?? refuseReveal(auction, sealed, content);
  if (refused || sealed === undefined) return refuse(refused ?? { code: 'sealed_bid_unknown' });
  return [opened(auction.terms, sealed, content)];
}

export function giveShare(
  auction: SealedAuction,
  command: CommandOf<'give_opening_share'>,
): readonly Event[] {
  const { auctionId, holder, share } = command;
  const { secrecy } = auction.terms;
  const refused = refusePhase(auction);
  if (refused) return refuse(refused);
  if (secrecy.mode !== 'split_key') return refuse({ code: 'sealed_secrecy_conflict', secrecy: secrecy.mode });
  const digest = holder === 'owner' ? secrecy.ownerShareDigest : secrecy.exchangeShareDigest;
  if (typeof share !== 'string' || sha256(share) !== digest) {
    return refuse({ code: 'sealed_share_invalid', digest });
  }
  if (auction.room.shares[holder] !== null) return refuse({ code: 'sealed_share_given_already' });
  return [{ type: 'opening_share_given', auctionId, holder, share }];
}

/** Opens what matches its digest and is not open yet; one bad bid keeps no other one shut. */
export function openSealed(auction: SealedAuction, command: CommandOf<'open_sealed'>): readonly Event[] {
  const { terms, room } = auction;
  const refused = refusePhase(auction) ?? refuseShares(auction);
  if (refused) return refuse(refused);
  const contents = new Map(command.bids.map(({ bidSeq, ...content }) => [bidSeq, content]));
  const shut = room.sealed.filter((sealed) => !isOpen(auction, sealed));
  const events = shut.flatMap((sealed) => {
    const content = contents.get(sealed.seq);
    return content && isItself(auction, sealed, content) ? [opened(terms, sealed, content)] : [];
  });
  const { auctionId } = terms;
  const counts = { opened: events.length, shut: shut.length - events.length };
  return [{ type: 'sealed_bids_decrypted', auctionId, ...counts }, ...events];
}

/** The bid stays in the record with the reason; the next in rank takes its place. */
export function disqualifyBid(
  auction: SealedAuction,
  command: CommandOf<'disqualify_bid'>,
): readonly Event[] {
  const { auctionId, bidderId: accountId, reason } = command;
  const bid = auction.room.opened.find((line) => line.accountId === accountId);
  if (bid === undefined || bid.excluded !== null) return refuse({ code: 'sealed_bid_unknown' });
  return [{ type: 'sealed_bid_disqualified', auctionId, accountId, reason }];
}

function refusePhase({ room }: SealedAuction): Rejection | undefined {
  return room.phase === 'opening' ? undefined : { code: 'sealed_phase_conflict', phase: room.phase };
}

function refuseReveal(
  auction: SealedAuction,
  sealed: SealedBid | undefined,
  content: BidContent,
): Rejection | undefined {
  if (sealed === undefined) return { code: 'sealed_bid_unknown' };
  if (isOpen(auction, sealed)) return { code: 'sealed_bid_open_already' };
  if (isItself(auction, sealed, content)) return undefined;
  return { code: 'sealed_reveal_mismatch', digest: sealed.digest };
}

function refuseShares({ terms, room }: SealedAuction): Rejection | undefined {
  const { mode } = terms.secrecy;
  if (mode !== 'split_key') return { code: 'sealed_secrecy_conflict', secrecy: mode };
  const missing = HOLDERS.find((holder) => room.shares[holder] === null);
  return missing === undefined ? undefined : { code: 'sealed_share_missing', holder: missing };
}

function isOpen({ room }: SealedAuction, sealed: SealedBid): boolean {
  return room.opened.some((bid) => bid.seq === sealed.seq);
}

function isItself({ terms }: SealedAuction, { digest }: SealedBid, content: BidContent): boolean {
  return matches(digest, { auctionId: terms.auctionId, content });
}

function opened(terms: SealedBidTerms, sealed: SealedBid, content: BidContent): Event {
  const { bidder, price, quantity, minimumAcceptable, merit, nonce } = content;
  return {
    type: 'sealed_bid_opened',
    auctionId: terms.auctionId,
    accountId: sealed.accountId,
    bidSeq: sealed.seq,
    bidder,
    price,
    quantity,
    minimumAcceptable,
    merit,
    nonce,
    fault: faultOf(terms, sealed, content),
    abnormallyLow: isAbnormallyLow(terms, price),
  };
}

function faultOf(terms: SealedBidTerms, sealed: SealedBid, content: BidContent): BidFault | null {
  const { price, quantity, minimumAcceptable, merit } = content;
  if (!isInteger(quantity, terms.minimumBidQuantity, sealed.quantityMaximum)) return 'quantity_out_of_range';
  if (!isInteger(minimumAcceptable, 0, quantity)) return 'minimum_acceptable_invalid';
  if (meritFault(terms.scoring, merit) !== null) return 'merit_invalid';
  const { least, most } = pricesOf(terms);
  if (!isInteger(price, least, most)) return 'price_out_of_range';
  return terms.direction === 'buy' && price < leastPrice(terms) ? 'below_floor' : null;
}

function pricesOf(terms: SealedBidTerms): { readonly least: number; readonly most: Ticks | number } {
  return terms.direction === 'sell'
    ? { least: terms.startingPrice, most: priceLimit(terms) }
    : { least: 1, most: terms.startingPrice };
}
