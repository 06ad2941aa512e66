/** Offers aimed at auctions in rounds: free in the entry, then mostly by whoever's turn it is. */
import { lots, ticks } from '@seam/units';
import { inTurn } from '../../formats/reverse-rounds/offer.ts';
import { highestPriceFor, improved, scoreOf } from '../../scoring/score.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, Merit, OfferLine, ReverseRoundsTerms } from '../../types.ts';
import { type Aim, accountOf } from '../moving/workload.ts';
import { buyingOf, decrementOf, isSane, meritOf, quantityOf } from '../reverse-open/aim.ts';

export const reverseRoundsAim: Aim = {
  terms(common, wanted) {
    const { account, x, y, z } = wanted;
    const biddersMax = 2 + (x % 4);
    const [firstPauseMs, pauseMs, turnMs, announcementMs] = [y % 9, z % 6, 2 + (x % 6), 1 + (z % 5)];
    const rounds = 1 + (y % 3);
    const startsAt = common.opensAt + 10 + (z % 30);
    const length = firstPauseMs + rounds * biddersMax * turnMs + (rounds - 1) * pauseMs + announcementMs;
    const closesAt = startsAt + length + (account % 3) * 4 - (x % 53 === 0 ? 1 : 0);
    const buying = buyingOf(common.startingPrice, common.quantity, wanted);
    const times = { startsAt, closesAt, rounds, biddersMax, firstPauseMs, pauseMs, turnMs, announcementMs };
    const minimalStep = decrementOf(wanted);
    return {
      ...common,
      ...buying,
      ...times,
      format: 'reverse_rounds',
      minimalStep,
    } as unknown as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const { x, y, z } = wanted;
    const known = auction as Auction<'reverse_rounds'> | undefined;
    const speaker = known && inTurn(known);
    const accountId = speaker && x % 5 > 0 ? speaker : accountOf(wanted);
    if (y % 13 === 0) return { type: 'withdraw_turn_offer', auctionId, accountId };
    const terms = known?.terms;
    const own = known?.room.lines.find((line) => line.accountId === accountId);
    const merit = meritOf(terms?.scoring, wanted);
    const isEntry = known?.room.phase !== 'rounds';
    const best = isEntry ? 106 - (y % 30) : priceOf(terms, own, merit);
    const price = [best, best, best + 1, best - (y % 3), best, best + (x % 20), best, 79 + (y % 3)][z % 8];
    const quantity = quantityOf(terms, isEntry ? 0 : own?.quantity, wanted);
    const accepts = Math.min(quantity, isEntry ? quantity : (own?.minimumAcceptable ?? quantity));
    const minimumAcceptable =
      [0, 0, z % (accepts + 1), accepts, accepts + (z % 11 === 0 ? 1 : 0)][y % 5] ?? 0;
    const counts = { quantity: lots(quantity), minimumAcceptable: lots(minimumAcceptable) };
    const named = ticks(Math.max(0, price ?? best));
    return { type: 'place_offer', auctionId, accountId, price: named, ...counts, merit };
  },
};

/** About the highest price that still improves by the least step. */
function priceOf(terms: ReverseRoundsTerms | undefined, own: OfferLine | undefined, merit: Merit): number {
  if (!terms || !own || (merit?.mode ?? 'price') !== terms.scoring.mode || !isSane(merit)) return 90;
  const target = improved(terms, scoreOf(terms, own), terms.minimalStep);
  return Math.min(terms.startingPrice, highestPriceFor(terms, merit, target) ?? 1);
}
