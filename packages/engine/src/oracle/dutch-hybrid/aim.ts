/** Bids aimed at a Dutch hybrid: mostly what the running phase takes, about the price that decides. */
import { lots, ticks } from '@seam/units';
import { hybridDurationMs, hybridPriceAtStep } from '../../formats/dutch-hybrid/phases.ts';
import type { DutchHybridTerms } from '../../formats/dutch-hybrid/types.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, CommandBody } from '../../types.ts';
import type { Intent } from '../workload.ts';
import { type Aim, accountOf } from '../moving/workload.ts';

export const hybridAim: Aim = {
  terms(common, { x, y, z, account }) {
    const terms = {
      ...common,
      // Prices of a few hundred ticks: the rounding of a step shows.
      startingPrice: common.startingPrice * 3 + (x % 3),
      minimumBidQuantity: common.quantity - (z % 50 === 0 ? 1 : 0),
      format: 'dutch_hybrid',
      stepBasisPoints: [100, 333, 1_000, 2_500][x % 4] ?? 0,
      floorBasisPoints: [2_000, 5_500, 9_100, 10_000][y % 4] ?? 0,
      stepMs: 2 + (z % 9),
      openingPauseMs: (x % 3) * 2,
      sealedPauseMs: (y % 3) * 2,
      sealedMs: 4 + (z % 30),
      bestBidPauseMs: (z % 3) * 2,
      bestBidMs: 4 + (x % 20),
      bestBidIncrement: 1 + (account % 3) * 4,
    } as unknown as DutchHybridTerms;
    const closesAt = terms.opensAt + hybridDurationMs(terms) + (x % 50 === 0 ? 1 : 0);
    return { ...terms, closesAt } as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const hybrid = auction as Auction<'dutch_hybrid'> | undefined;
    const phase = hybrid?.room.phase ?? 'dutch';
    const isDutch = phase === 'dutch' || phase === 'opening_pause';
    return isDutch === wanted.y % 11 > 0
      ? acceptOf(hybrid, auctionId, wanted)
      : offerOf(hybrid, auctionId, wanted);
  },
};

type Hybrid = Auction<'dutch_hybrid'> | undefined;

function acceptOf(hybrid: Hybrid, auctionId: string, wanted: Intent): CommandBody {
  const { x, z } = wanted;
  const step = Math.max(0, (hybrid?.room.step ?? 0) + ([0, 0, 1, 0, -1, 0][x % 12] ?? 0));
  const price = (hybrid ? hybridPriceAtStep(hybrid.terms, step) : 100) + (z % 17 === 0 ? 1 : 0);
  const quantity = (hybrid?.terms.quantity ?? 5) - (z % 13 === 0 ? 1 : 0);
  return {
    // Seldom, or no auction would live to its lower prices.
    type: 'accept_price',
    auctionId,
    accountId: accountOf(wanted),
    step: x % 3 === 0 ? step : step + 1,
    price: ticks(price),
    quantity: lots(quantity),
    minimumAcceptable: lots(quantity + (z % 29 === 0 ? 1 : 0)),
  };
}

function offerOf(hybrid: Hybrid, auctionId: string, wanted: Intent): CommandBody {
  const { x, y, z } = wanted;
  const phase = hybrid?.room.phase;
  const winner = hybrid?.room.dutchWinner;
  // The last word is the Dutch winner's: somebody else tries it now and then.
  const accountId = phase === 'best_bid' && x % 6 > 0 ? (winner?.accountId ?? '') : accountOf(wanted);
  const around = (winner?.price ?? 100) + (y % 9);
  const price = z % 97 === 0 ? 500_000_001 : around;
  return { type: 'offer_price', auctionId, accountId, price: x % 5 === 0 ? null : ticks(price) };
}
