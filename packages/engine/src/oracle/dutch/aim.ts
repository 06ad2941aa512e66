/** Bids aimed at a Dutch auction: mostly at the price of the moment, for a quantity about what is left. */
import { lots, ticks } from '@seam/units';
import { priceAtStep } from '../../formats/dutch/price.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms } from '../../types.ts';
import { type Aim, accountOf } from '../moving/workload.ts';

export const dutchAim: Aim = {
  terms(common, { x, y, z, account }) {
    const priceDecrement = 1 + (y % 9);
    const floorPrice = common.startingPrice - (x % 60);
    const stepMs = 2 + (z % 12);
    const steps = Math.ceil((common.startingPrice - floorPrice) / priceDecrement) + 1;
    const wholeMs = steps * stepMs;
    const closesAt = common.opensAt + Math.max(1, wholeMs - (account % 3) * 3 + (y % 50 === 0 ? 10 : 0));
    const pricing = x % 2 === 0 ? 'pay_as_accepted' : 'uniform_last';
    const format = { format: 'dutch', pricing, floorPrice, priceDecrement, stepMs };
    return { ...common, ...format, closesAt } as unknown as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const { x, y, z } = wanted;
    const { terms, room } = (auction as Auction<'dutch'> | undefined) ?? {};
    const current = room?.step ?? 0;
    const step = Math.max(0, current + ([0, 0, 0, 0, 0, 0, 1, -1][y % 8] ?? 0));
    const price = (terms ? priceAtStep(terms, step) : 100) + (z % 17 === 0 ? 1 : 0);
    const size = terms?.quantity ?? 5;
    const remaining = room?.remaining ?? size;
    const quantity = x % 11 === 0 ? size + (z % 2) : x % 5 === 0 ? remaining : Math.min(size, 1 + (x % 6));
    const minimumAcceptable =
      [0, 0, z % (quantity + 1), quantity, quantity + (z % 7 === 0 ? 1 : 0)][z % 5] ?? 0;
    return {
      type: 'accept_price',
      auctionId,
      accountId: accountOf(wanted),
      step,
      price: ticks(price),
      quantity: lots(quantity),
      minimumAcceptable: lots(minimumAcceptable),
    };
  },
};
