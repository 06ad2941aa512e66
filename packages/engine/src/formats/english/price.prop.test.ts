import * as fc from 'fast-check';
import { type Instant, type Lots, lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { dayFrom } from '../../auction/daily-stop.ts';
import { refuseParty } from '../../auction/refusal.ts';
import { nightsOf } from '../../auction/soft-close.ts';
import { Market, refusal } from '../../oracle/market.ts';
import { plans, play } from '../../oracle/workload.ts';
import type { Auction } from '../../state.ts';
import { restore, snapshot } from '../../snapshot.ts';
import { step } from '../../step.ts';
import { mostPrice, viewOf } from './price.ts';
import { priceToWin } from './price-to-win.ts';

type English = Auction<'english'>;

describe('the price to win a quantity', () => {
  it('is the margin price plus what the bidder needs to go ahead of it', () => {
    const market = Market.with({ bidIncrement: ticks(1) });
    market.bid('b1', 140, 6);
    market.bid('b2', 120, 4);
    const price = (accountId: string, quantity: number) =>
      priceToWin(viewOf(market.auction()), accountId, lots(quantity));
    expect(price('b3', 3)).toBe(121);
    expect(price('b3', 4)).toBe(121);
    expect(price('b3', 7)).toBe(140);
    expect(price('b3', 6)).toBe(141);
    expect(price('b2', 7)).toBe(140);
    expect(price('b2', 3)).toBeNull();
    expect(price('b3', 11)).toBeNull();
  });

  it('is the starting price while enough is unsold', () => {
    expect(priceToWin(viewOf(Market.with().auction()), 'b1', lots(10))).toBe(100);
  });

  it('is no price at all when the guard against typing errors is in the way', () => {
    const market = Market.with({ maximumIncrement: ticks(10) });
    market.bid('b1', 110, 9);
    expect(priceToWin(viewOf(market.auction()), 'b2', lots(9))).toBeNull();
    expect(priceToWin(viewOf(market.auction()), 'b2', lots(10))).toBe(110);
  });

  it('wins when bid, and no accepted lower price does', () => {
    let tried = 0;
    fc.assert(
      fc.property(plans(120), fc.nat(5), fc.nat(30), (plan, account, size) => {
        play({ ...plan, punctual: true }, ({ command }, state) => {
          for (const [id, auction] of state.auctions as Map<string, English>) {
            if (auction.state !== 'open' || command.at >= auction.closesAt || command.seq % 7 !== 0) continue;
            if (auction.terms.proxy !== 'none') continue;
            const quantity = lots(1 + (size % auction.terms.quantity));
            const accountId = `account-${account}`;
            if (mayNotBid(auction, accountId, command.at)) continue;
            const wins = (price: number): boolean => {
              const copy = restore(snapshot(state));
              const held = copy.auctions.get(id);
              held?.security.set(accountId, 10n ** 15n);
              const stamp = { seq: copy.seq + 1, at: copy.lastAt };
              const bid = {
                accountId,
                price: ticks(price),
                quantity,
                minimumAcceptable: lots(0),
                auctionId: id,
              };
              const events = step(copy, { type: 'place_bid', ...bid, ...stamp });
              return (
                refusal(events) === undefined &&
                allocatedTo(copy.auctions.get(id) as English | undefined, accountId) === quantity
              );
            };
            const price = priceToWin(viewOf(auction), accountId, quantity);
            const highest = Math.min(mostPrice(viewOf(auction)), auction.terms.startingPrice + 200);
            const { startingPrice } = auction.terms;
            const lowest = [...Array(Math.max(0, highest - startingPrice + 1)).keys()].find((n) =>
              wins(startingPrice + n),
            );
            if (price === null || price <= highest) {
              expect(price).toBe(lowest === undefined ? null : startingPrice + lowest);
              tried += 1;
            }
          }
        });
      }),
      { numRuns: 40 },
    );
    expect(tried).toBeGreaterThan(100);
  });
});

/** Whose refusal has nothing to do with a price. */
function mayNotBid(auction: English, accountId: string, at: Instant): boolean {
  const isNight = dayFrom(nightsOf(auction.terms), at) > at;
  return isNight || refuseParty(auction, accountId) !== undefined;
}

function allocatedTo(auction: English | undefined, accountId: string): Lots | undefined {
  return auction?.room.standing.find((line) => line.accountId === accountId)?.allocated;
}
