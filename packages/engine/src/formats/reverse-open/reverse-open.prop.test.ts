import * as fc from 'fast-check';
import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { describePromises } from '../../oracle/moving/promises.ts';
import { play } from '../../oracle/moving/workload.ts';
import { isSane, meritOf, reverseOpenAim } from '../../oracle/reverse-open/aim.ts';
import { naiveReverseOpen } from '../../oracle/reverse-open/naive.ts';
import { plans } from '../../oracle/workload.ts';
import { restore, snapshot } from '../../snapshot.ts';
import { step } from '../../step.ts';
import { meritFault } from '../../scoring/terms.ts';
import type { Auction, EngineState } from '../../state.ts';
import type { Merit } from '../../scoring/types.ts';
import { priceToWin } from './price.ts';
import type { ReverseOpenEvent, ReverseOpenRejection } from './types.ts';

const EVENTS = {
  offer_accepted: true,
  auction_extended: true,
} satisfies Record<ReverseOpenEvent['type'] | 'auction_extended', true>;
const REFUSALS = {
  offer_merit_invalid: true,
  offer_price_above_start: true,
  offer_below_floor: true,
  offer_below_decrement: true,
  offer_not_improving: true,
  bid_minimum_acceptable_invalid: true,
} satisfies Record<ReverseOpenRejection['code'], true>;

describePromises({
  name: 'the open reverse auction',
  aim: reverseOpenAim,
  naive: naiveReverseOpen,
  events: EVENTS,
  refusals: REFUSALS,
  // It has no turns of its own, so none is due and none ends it early.
  without: ['auction_shortened', 'auction_turn_due'],
});

type Tried = { readonly accountId: string; readonly quantity: number; readonly merit: Merit };

/** Whether an offer at `price`, placed for real in a copy of the state, wins what was asked. */
function wins(state: EngineState, auctionId: string, price: number, tried: Tried): boolean {
  const copy = restore(snapshot(state));
  const auction = copy.auctions.get(auctionId) as unknown as Auction<'reverse_open'>;
  auction.security.set(tried.accountId, 10n ** 15n);
  const counts = { price: ticks(price), quantity: lots(tried.quantity), minimumAcceptable: lots(0) };
  const offer = { type: 'place_offer', auctionId, ...tried, ...counts } as const;
  const [event] = step(copy, { ...offer, seq: copy.seq + 1, at: copy.lastAt });
  if (event?.type !== 'offer_accepted') return false;
  return event.allocated >= (auction.terms.award.mode === 'shares' ? 1 : tried.quantity);
}

describe('the price to win', () => {
  it('wins when offered, and no higher price that is accepted does', () => {
    let tried = 0;
    fc.assert(
      fc.property(plans(80), fc.nat(5), fc.nat(30), fc.nat(999), (plan, account, size, seed) => {
        play({ ...plan, punctual: true }, reverseOpenAim, ({ command }, state) => {
          for (const [id, live] of state.auctions) {
            const auction = live as unknown as Auction<'reverse_open'>;
            const isQuiet = auction.state !== 'open' || command.at >= auction.closesAt;
            if (isQuiet || command.seq % 11 !== 0) continue;
            const { terms, room } = auction;
            const [wanted] = plan.intents;
            const merit = meritOf(terms.scoring, { ...wanted!, x: seed, y: 1, z: 1 });
            if (!isSane(merit) || meritFault(terms.scoring, merit) !== null) continue;
            const quantity = Math.max(terms.minimumBidQuantity, 1 + (size % terms.quantity));
            const one = { accountId: `account-${account}`, quantity, merit };
            const price = priceToWin({ terms, lines: room.lines }, one.accountId, {
              quantity: lots(quantity),
              merit,
            });
            const prices = [...Array(terms.startingPrice + 1).keys()].slice(1).toReversed();
            const highest = prices.find((candidate) => wins(state, id, candidate, one));
            expect(price).toBe(highest ?? null);
            tried += 1;
          }
        });
      }),
      { numRuns: 25 },
    );
    expect(tried).toBeGreaterThan(40);
  });
});
