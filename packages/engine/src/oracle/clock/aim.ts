/** Statements aimed at a clock: mostly in its round, at or below what the bidder may still want. */
import { lots } from '@seam/units';
import { mostQuantity } from '../../formats/clock/price.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms } from '../../types.ts';
import { type Aim, accountOf } from '../moving/workload.ts';

export const clockAim: Aim = {
  terms(common, { x, y, z }) {
    const roundMs = 3 + (z % 12);
    const roundsMax = 1 + (x % 9);
    const listed = [1 + (y % 9), 2 + (z % 3), 30].slice(0, 1 + (y % 3));
    const closesAt = common.opensAt + roundsMax * roundMs + (x % 50 === 0 ? 1 : 0);
    const format = {
      format: 'clock',
      pricing: 'uniform',
      priceIncrements: listed.slice(0, roundsMax),
      roundMs,
      roundsMax,
      demandVisible: y % 2 === 0,
      marginRule: z % 2 === 0 ? 'time' : 'pro_rata',
    };
    return { ...common, ...format, closesAt } as unknown as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const { x, y, z } = wanted;
    const clock = auction as Auction<'clock'> | undefined;
    const accountId = accountOf(wanted);
    const round = Math.max(0, (clock?.room.round ?? 1) + ([1, -1][y % 16] ?? 0));
    const most = clock ? mostQuantity(clock, accountId) : 5;
    const least = clock?.terms.minimumBidQuantity ?? 1;
    // About as much as is offered, or none would reach a second round.
    const less = x % 3 === 0 ? most : most - (z % 4);
    const quantity =
      [0, most + 1, least - 1, least, most, most][y % 30] ?? Math.max(less, Math.min(least, most));
    return { type: 'state_quantity', auctionId, accountId, round, quantity: lots(quantity) };
  },
};
