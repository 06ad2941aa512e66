/** The sealed bid a second time, from the history alone, with the platform's own digest. */
import { createHash } from 'node:crypto';
import { lots, ticks } from '@seam/units';
import type { Canonical } from '../../canonical.ts';
import type { BidContent, Command, Event, Offer, Rejection, SealedBidTerms } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, movedSince, naiveCover } from '../moving/naive-frame.ts';
import { naiveAllocate } from '../english/naive-allocate.ts';
import { naiveSecurity } from '../naive-auction.ts';
import { naiveAwards, naiveDeclares, naiveFloor, naiveIsLow } from '../reverse-open/naive-offers.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;
type Opening = Extract<Event, { type: 'sealed_bid_opened' }>;
type Bid = {
  accountId: string;
  digest: string;
  ciphertext: string | null;
  quantityMaximum: ReturnType<typeof lots>;
  seq: number;
};

const termsOf = (auction: NaiveAuction): SealedBidTerms => auction.terms as SealedBidTerms;
const events = ({ history }: NaiveAuction): Event[] => history.flatMap((entry) => entry.events);
const digestOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Text with sorted keys, put together by hand. */
export function naiveText(auctionId: string, content: BidContent): string {
  const { bidder, price, quantity, minimumAcceptable, merit, nonce } = content;
  const parts = [`"auction":${JSON.stringify(auctionId)}`, `"bidder":${JSON.stringify(bidder)}`];
  if (merit?.mode === 'energy') {
    const { calorificValue, expectedPenalties, freight } = merit;
    const declared = [`"calorificValue":${calorificValue}`, `"expectedPenalties":"${expectedPenalties}"`];
    parts.push(`"merit":{${declared.join()},"freight":"${freight}","mode":"energy"}`);
  }
  if (merit?.mode === 'mixed') {
    const { addition, coefficient } = merit;
    parts.push(`"merit":{"addition":"${addition}","coefficient":${coefficient},"mode":"mixed"}`);
  }
  if (minimumAcceptable > 0) parts.push(`"min":"${minimumAcceptable}"`);
  return `{${[...parts, `"nonce":"${nonce}"`, `"price":"${price}"`, `"qty":"${quantity}"`].join()}}`;
}

function hasEnded(auction: NaiveAuction): boolean {
  return events(auction).some((event) => event.type === 'sealed_submission_ended');
}

function sealedBids({ history }: NaiveAuction): Bid[] {
  const all = history.flatMap(({ command }): Bid[] => {
    if (command.type !== 'commit_bid' && command.type !== 'submit_sealed') return [];
    const { accountId, quantityMaximum, seq } = command;
    const isCommit = command.type === 'commit_bid';
    const digest = isCommit ? command.commitment : command.digest;
    return [{ accountId, digest, ciphertext: isCommit ? null : command.ciphertext, quantityMaximum, seq }];
  });
  return all.filter((bid) => !all.some((b) => b.accountId === bid.accountId && b.seq > bid.seq));
}

const opened = (auction: NaiveAuction): Opening[] =>
  events(auction).filter((event) => event.type === 'sealed_bid_opened');

function shareOf(auction: NaiveAuction, holder: 'owner' | 'exchange'): string | null {
  const given = events(auction).find((e) => e.type === 'opening_share_given' && e.holder === holder);
  return given && 'share' in given ? given.share : null;
}

/** Why an opened bid does not count: its own fault, or what the examination found. */
function excludedBy(auction: NaiveAuction, bid: Opening): string | null {
  const out = events(auction).find(
    (event) => event.type === 'sealed_bid_disqualified' && event.accountId === bid.accountId,
  );
  return out && 'reason' in out ? out.reason : bid.fault;
}

const phaseOf = (auction: NaiveAuction) => (hasEnded(auction) ? 'opening' : 'submission');

function submit(auction: NaiveAuction, command: Of<'commit_bid'> | Of<'submit_sealed'>): Event[] | Rejection {
  const terms = termsOf(auction);
  if (hasEnded(auction)) return { code: 'sealed_phase_conflict', phase: 'opening' };
  const isCommit = command.type === 'commit_bid';
  if (isCommit !== (terms.secrecy.mode === 'commit_reveal')) {
    return { code: 'sealed_secrecy_conflict', secrecy: terms.secrecy.mode };
  }
  const digest = isCommit ? command.commitment : command.digest;
  if (digest.length !== 64 || [...digest].some((c) => !'0123456789abcdef'.includes(c))) {
    return { code: 'sealed_digest_invalid' };
  }
  const { auctionId, accountId, quantityMaximum } = command;
  if (sealedBids(auction).some((bid) => bid.digest === digest && bid.accountId !== accountId)) {
    return { code: 'sealed_digest_taken' };
  }
  const ciphertext = isCommit ? null : command.ciphertext;
  if (ciphertext !== null && (ciphertext === '' || ciphertext.length > 4_096)) {
    return { code: 'sealed_ciphertext_invalid', lengthMaximum: 4_096 };
  }
  if (!terms.quantityBands.includes(quantityMaximum)) {
    const larger = terms.quantityBands.filter((band) => band >= quantityMaximum);
    return { code: 'sealed_band_invalid', quantityMaximum: larger[0] ?? terms.quantity };
  }
  const uncovered = naiveCover(auction, { accountId, quantity: quantityMaximum });
  if (uncovered) return uncovered;
  return [{ type: 'sealed_bid_accepted', auctionId, accountId, digest, ciphertext, quantityMaximum }];
}

function isMadeOf(auction: NaiveAuction, bid: Bid, content: BidContent): boolean {
  if (![content.nonce, content.bidder].every((text) => /^[0-9a-f]{32,128}$/.test(text))) return false;
  return digestOf(naiveText(auction.terms.auctionId, content)) === bid.digest;
}

function openingOf(auction: NaiveAuction, bid: Bid, content: BidContent): Event {
  const terms = termsOf(auction);
  const { bidder, price, quantity, minimumAcceptable, merit, nonce } = content;
  const outside = (n: number, low: number, high: number) => !Number.isInteger(n) || n < low || n > high;
  const perTick = BigInt(terms.tickSize) * BigInt(terms.lotSize) * BigInt(terms.quantity);
  const limit = Math.min(500_000_000, Number(1_000_000_000_000_000_000n / perTick));
  const [low, high] = terms.direction === 'sell' ? [terms.startingPrice, limit] : [1, terms.startingPrice];
  let fault: Opening['fault'] = null;
  if (terms.direction === 'buy' && price < naiveFloor(terms)) fault = 'below_floor';
  if (outside(price, low, high)) fault = 'price_out_of_range';
  if (naiveDeclares(terms, merit) !== null) fault = 'merit_invalid';
  if (outside(minimumAcceptable, 0, quantity)) fault = 'minimum_acceptable_invalid';
  if (outside(quantity, terms.minimumBidQuantity, bid.quantityMaximum)) fault = 'quantity_out_of_range';
  const { auctionId } = terms;
  const said = { bidder, price, quantity, minimumAcceptable, merit, nonce };
  const abnormallyLow = naiveIsLow(terms, price);
  const { accountId, seq: bidSeq } = bid;
  return { type: 'sealed_bid_opened', auctionId, accountId, bidSeq, ...said, fault, abnormallyLow };
}

function reveal(auction: NaiveAuction, command: Of<'reveal_bid'>): Event[] | Rejection {
  if (!hasEnded(auction)) return { code: 'sealed_phase_conflict', phase: 'submission' };
  const bid = sealedBids(auction).find((sealed) => sealed.accountId === command.accountId);
  if (!bid) return { code: 'sealed_bid_unknown' };
  if (opened(auction).some((o) => o.bidSeq === bid.seq)) return { code: 'sealed_bid_open_already' };
  if (!isMadeOf(auction, bid, command)) return { code: 'sealed_reveal_mismatch', digest: bid.digest };
  return [openingOf(auction, bid, command)];
}

function share(auction: NaiveAuction, command: Of<'give_opening_share'>): Event[] | Rejection {
  const { secrecy } = termsOf(auction);
  if (!hasEnded(auction)) return { code: 'sealed_phase_conflict', phase: 'submission' };
  if (secrecy.mode === 'commit_reveal') return { code: 'sealed_secrecy_conflict', secrecy: secrecy.mode };
  const { auctionId, holder, share: given } = command;
  const digest = { owner: secrecy.ownerShareDigest, exchange: secrecy.exchangeShareDigest }[holder];
  if (digestOf(given) !== digest) return { code: 'sealed_share_invalid', digest };
  if (shareOf(auction, holder) !== null) return { code: 'sealed_share_given_already' };
  return [{ type: 'opening_share_given', auctionId, holder, share: given }];
}

function decrypt(auction: NaiveAuction, command: Of<'open_sealed'>): Event[] | Rejection {
  const { secrecy, auctionId } = termsOf(auction);
  if (!hasEnded(auction)) return { code: 'sealed_phase_conflict', phase: 'submission' };
  if (secrecy.mode === 'commit_reveal') return { code: 'sealed_secrecy_conflict', secrecy: secrecy.mode };
  if (shareOf(auction, 'owner') === null) return { code: 'sealed_share_missing', holder: 'owner' };
  if (shareOf(auction, 'exchange') === null) return { code: 'sealed_share_missing', holder: 'exchange' };
  const told: Event[] = [];
  let shut = 0;
  for (const bid of sealedBids(auction)) {
    if (opened(auction).some((o) => o.bidSeq === bid.seq)) continue;
    const said = command.bids.findLast((content) => content.bidSeq === bid.seq);
    if (said && isMadeOf(auction, bid, said)) told.push(openingOf(auction, bid, said));
    else shut += 1;
  }
  return [{ type: 'sealed_bids_decrypted', auctionId, opened: told.length, shut }, ...told];
}

function disqualify(auction: NaiveAuction, command: Of<'disqualify_bid'>): Event[] | Rejection {
  const { auctionId, bidderId, reason } = command;
  const bid = opened(auction).find((o) => o.accountId === bidderId);
  if (!bid || excludedBy(auction, bid) !== null) return { code: 'sealed_bid_unknown' };
  return [{ type: 'sealed_bid_disqualified', auctionId, accountId: bidderId, reason }];
}

function counting(auction: NaiveAuction): Offer[] {
  return opened(auction)
    .filter((bid) => excludedBy(auction, bid) === null)
    .map(({ accountId, price, quantity, minimumAcceptable, merit, bidSeq }) => {
      return { accountId, price, quantity, minimumAcceptable, merit, seq: bidSeq };
    });
}

function awards(auction: NaiveAuction) {
  const terms = termsOf(auction);
  const { direction, pricing, reservePrice, quantity } = terms;
  if (direction === 'buy') {
    const bought = naiveAwards(terms, counting(auction));
    if (pricing === 'pay_as_bid' || bought.length === 0) return bought;
    const highest = bought.reduce((most, award) => (award.price > most ? award.price : most), 0);
    return bought.map((award) => ({ ...award, price: ticks(highest) }));
  }
  const valid = counting(auction).filter((bid) => reservePrice === null || bid.price >= reservePrice);
  const { standing } = naiveAllocate(valid, quantity, 'time');
  const winners = standing.filter((line) => line.allocated > 0);
  const isEverybodyServed = standing.every((line) => line.allocated === line.quantity);
  const reserve = reservePrice ?? terms.startingPrice;
  const last = isEverybodyServed ? reserve : Math.min(...winners.map((line) => line.price));
  return winners.map(({ accountId, price, allocated, seq }) => {
    const paid = pricing === 'uniform' ? ticks(last) : price;
    return { accountId, price: paid, quantity: allocated, bidSeq: seq };
  });
}

const wasDecrypted = (auction: NaiveAuction): boolean =>
  events(auction).some((event) => event.type === 'sealed_bids_decrypted');

export const naiveSealedBid: NaiveFormat = {
  commands: [
    'commit_bid',
    'submit_sealed',
    'reveal_bid',
    'give_opening_share',
    'open_sealed',
    'disqualify_bid',
  ],
  bid(auction, command) {
    switch (command.type) {
      case 'commit_bid':
      case 'submit_sealed':
        return submit(auction, command);
      case 'reveal_bid':
        return reveal(auction, command);
      case 'give_opening_share':
        return share(auction, command);
      case 'open_sealed':
        return decrypt(auction, command);
      case 'disqualify_bid':
        return disqualify(auction, command);
      default:
        throw new Error(command.type);
    }
  },
  turnsAt(auction) {
    const { closesAt, openingMs } = termsOf(auction);
    return hasEnded(auction) ? null : closesAt - openingMs + movedSince(auction, 0);
  },
  turn(auction, deadline) {
    const { auctionId } = auction.terms;
    const bids = sealedBids(auction).length;
    const ended: Event = { type: 'sealed_submission_ended', auctionId, bids };
    const at = deadline as Extract<Event, { type: 'auction_shortened' }>['closesAt'];
    return bids > 0 ? [ended] : [ended, { type: 'auction_shortened', auctionId, closesAt: at }];
  },
  awards,
  reason(auction) {
    if (sealedBids(auction).length === 0) return 'no_bid';
    if (opened(auction).length === 0) return 'not_opened';
    return counting(auction).length === 0 ? 'no_valid_bid' : 'reserve_not_met';
  },
  penalty(auction, accountId) {
    const { secrecy, unopenedPenalty } = termsOf(auction);
    const bid = sealedBids(auction).find((sealed) => sealed.accountId === accountId);
    const isShut = bid !== undefined && !opened(auction).some((o) => o.bidSeq === bid.seq);
    if (!isShut || (secrecy.mode === 'split_key' && !wasDecrypted(auction))) return 0n;
    const exact = naiveSecurity(auction.terms, bid.quantityMaximum) * BigInt(unopenedPenalty);
    const down = exact / 10_000n;
    const rest = exact % 10_000n;
    return rest > 5_000n || (rest === 5_000n && down % 2n === 1n) ? down + 1n : down;
  },
  room(auction) {
    const bids = opened(auction).map((bid) => {
      const { accountId, price, quantity, minimumAcceptable, merit, bidSeq } = bid;
      const excluded = excludedBy(auction, bid);
      return { accountId, price, quantity, minimumAcceptable, merit, seq: bidSeq, excluded };
    });
    return {
      phase: phaseOf(auction),
      sealed: sealedBids(auction),
      shares: { owner: shareOf(auction, 'owner'), exchange: shareOf(auction, 'exchange') },
      decrypted: wasDecrypted(auction),
      opened: bids as unknown as Canonical,
    };
  },
};
