/** Commands aimed at sealed-bid auctions: in submission mostly sealing, in the opening mostly opening. */
import { createHash } from 'node:crypto';
import { lots, ticks } from '@seam/units';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, BidContent, CommandBody, SealedBidRoom } from '../../types.ts';
import { type Aim, accountOf } from '../moving/workload.ts';
import { buyingOf, meritOf } from '../reverse-open/aim.ts';
import type { Intent } from '../workload.ts';
import { naiveText } from './naive.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const SHARES = { owner: 'part of the owner', exchange: 'part of the exchange' };

/** What each digest is of: only the bidder knows, so only the aim remembers. */
const contents = new Map<string, BidContent>();

export const sealedBidAim: Aim = {
  terms(common, wanted) {
    const { account, x, y, z } = wanted;
    const isBuying = x % 2 === 0;
    const buying = isBuying
      ? buyingOf(common.startingPrice, common.quantity, wanted)
      : { scoring: { mode: 'price' }, award: { mode: 'quantity' }, floor: null };
    const reservePrice = y % 3 === 0 ? common.startingPrice + (isBuying ? -1 : 1) * (y % 5) : null;
    const openingMs = 20 + (z % 40);
    const secrecy =
      y % 2 === 0
        ? { mode: 'commit_reveal' }
        : {
            mode: 'split_key',
            publicKey: 'key',
            ownerShareDigest: sha256(SHARES.owner),
            exchangeShareDigest: sha256(SHARES.exchange),
          };
    const half = Math.ceil(common.quantity / 2);
    const terms = { ...common, ...buying, reservePrice, openingMs, secrecy };
    const isBanded = half >= terms.minimumBidQuantity && half < common.quantity && z % 2 === 0;
    return {
      ...terms,
      format: 'sealed_bid',
      direction: isBuying ? 'buy' : 'sell',
      pricing: z % 3 === 0 && account % 2 === 0 ? 'uniform' : 'pay_as_bid',
      closesAt: common.opensAt + openingMs + (y % 47 === 0 ? 0 : 15 + (x % 40)),
      quantityBands: isBanded ? [half, common.quantity] : [common.quantity],
      unopenedPenalty: (z * 37) % 10_001,
    } as unknown as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const known = auction as Auction<'sealed_bid'> | undefined;
    const isOpening = known?.room.phase === 'opening';
    const { x, y } = wanted;
    const wantsSeal = isOpening ? y % 20 === 0 : y % 12 > 0;
    if (wantsSeal) return seal(known, auctionId, wanted);
    const officers = known?.terms.secrecy.mode === 'split_key' ? x % 4 : x % 12;
    if (officers === 0) return { type: 'give_opening_share', auctionId, ...shareOf(wanted) };
    if (officers === 1) return { type: 'open_sealed', auctionId, bids: decrypted(known?.room, wanted) };
    if (x % 7 === 0) {
      return { type: 'disqualify_bid', auctionId, bidderId: accountOf(wanted), reason: 'no licence' };
    }
    return reveal(known?.room, auctionId, wanted);
  },
};

function seal(auction: Auction<'sealed_bid'> | undefined, auctionId: string, wanted: Intent): CommandBody {
  const terms = auction?.terms;
  const others = auction?.room.sealed;
  const { x, y, z, account } = wanted;
  const accountId = accountOf(wanted);
  const start = terms?.startingPrice ?? 100;
  const rises = terms?.direction === 'buy' ? -1 : 1;
  const size = terms?.quantity ?? 5;
  const least = terms?.minimumBidQuantity ?? 1;
  const quantity = x % 17 === 0 ? size + 1 : Math.max(least, 1 + (x % size));
  const bands = terms?.quantityBands ?? [lots(5)];
  const band = (x % 5 === 0 ? bands.at(-1) : bands.find((one) => one >= quantity)) ?? size;
  const content: BidContent = {
    price: ticks(Math.max(0, start + rises * (z % 25) - (y % 41 === 1 ? rises : 0))),
    quantity: lots(quantity),
    minimumAcceptable: lots(
      [0, 0, z % (quantity + 1), quantity, quantity + (z % 7 === 0 ? 1 : 0)][y % 5] ?? 0,
    ),
    merit: meritOf(terms?.scoring, { ...wanted, y: y % 19 === 1 ? 0 : y }),
    nonce: z % 31 === 0 ? 'short' : sha256(`${x} ${y} ${z}`).slice(0, 32),
    bidder: z % 37 === 0 ? accountId : sha256(`${account} ${x}`).slice(0, 32),
  };
  const own = sha256(naiveText(auctionId, content));
  // Now and then another's.
  const digest = y % 53 === 0 ? (others?.find((bid) => bid.accountId !== accountId)?.digest ?? own) : own;
  if (digest === own) contents.set(digest, content);
  const isCommit = (terms?.secrecy.mode !== 'split_key') !== (account === 5 && z % 9 === 0);
  const told = x % 37 === 0 ? digest.toUpperCase() : digest;
  const quantityMaximum = lots(x % 29 === 0 ? 3 : band);
  if (isCommit) return { type: 'commit_bid', auctionId, accountId, commitment: told, quantityMaximum };
  const ciphertext = y % 31 === 1 ? '' : 'shut';
  return { type: 'submit_sealed', auctionId, accountId, digest: told, ciphertext, quantityMaximum };
}

function reveal(room: SealedBidRoom | undefined, auctionId: string, wanted: Intent): CommandBody {
  const { z } = wanted;
  const shut = room?.sealed.filter((bid) => !room.opened.some((open) => open.seq === bid.seq)) ?? [];
  const accountId =
    (z % 4 > 0 ? shut[z % Math.max(1, shut.length)]?.accountId : undefined) ?? accountOf(wanted);
  const sealed = room?.sealed.find((bid) => bid.accountId === accountId);
  const content = contentOf(sealed?.digest);
  const price = ticks(z % 13 === 0 ? content.price + 1 : content.price);
  return { type: 'reveal_bid', auctionId, accountId, ...content, price };
}

function decrypted(room: SealedBidRoom | undefined, { y, z }: Intent) {
  return (room?.sealed ?? [])
    .filter((_, place) => (place + y) % 4 > 0)
    .map(({ digest, seq }, place) => {
      const content = contentOf(digest);
      const price = ticks((place + z) % 9 === 0 ? content.price + 1 : content.price);
      return { ...content, price, bidSeq: seq };
    });
}

function contentOf(digest: string | undefined): BidContent {
  const counts = { price: ticks(100), quantity: lots(1), minimumAcceptable: lots(0) };
  return (
    contents.get(digest ?? '') ?? { ...counts, merit: null, nonce: '0'.repeat(32), bidder: '0'.repeat(32) }
  );
}

function shareOf({ y, z }: Intent) {
  const holder = y % 2 === 0 ? ('owner' as const) : ('exchange' as const);
  return { holder, share: z % 6 === 0 ? 'a lie' : SHARES[holder] };
}
