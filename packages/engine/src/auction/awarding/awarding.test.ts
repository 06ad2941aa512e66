import { describe, expect, it } from 'vitest';
import { Market, ORIGIN, at, refusal, terms } from '../../oracle/market.ts';
import { runTo } from '../../oracle/moving/market.ts';
import type { CatalogueTerms, Event, LotsCap } from '../../types.ts';

const WAITING = { biddersMaximum: 3, confirmMs: 1_000_000, signMs: 1_000, withdrawAfterMs: null };
const STANDSTILL = { standstill: { periodMs: 1_000_000 } };
const OF = { auctionId: 'a', accountId: 'first', number: 1 };

const pending = (events: readonly Event[]): string[] =>
  events.flatMap((event) =>
    event.type === 'award_pending' ? [`${event.accountId} ${event.quantity} ${event.price}`] : [],
  );

/** `first` wins all of lot a; `second` and `third` wanted 6 and 4 of it. Lot b follows at once. */
function two(cap: LotsCap, change: Parameters<typeof terms>[0]): Market {
  const market = new Market();
  const catalogue: CatalogueTerms = { catalogueId: 'c', position: 1, pauseMs: 0, cap };
  const common = { softClose: { mode: 'none' }, ...change } as const;
  for (const [auctionId, position] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const own = { ...common, auctionId, catalogue: { ...catalogue, position } };
    market.send({ type: 'schedule_auction', terms: terms(own) }, -1);
  }
  runTo(market, 0);
  market.bid('third', 100, 4);
  market.bid('second', 105, 6);
  market.bid('first', 110, 10);
  runTo(market, 120_000);
  return market;
}

describe('what falls away', () => {
  it('goes to who waits only as far as its cap leaves, bids in the lot that runs counted', () => {
    const market = two({ unit: 'quantity', maximum: 10 }, { waiting: WAITING });
    market.bid('second', 100, 7, { ms: 120_001, auctionId: 'b' });
    const told = market.send({ type: 'decline_award', ...OF }, 120_002);
    expect(pending(told)).toEqual(['second 3 105', 'third 4 100']);
  });

  it('goes to nobody who let an award fall, though it waited for more', () => {
    const market = two({ unit: 'quantity', maximum: 10 }, { waiting: WAITING });
    market.bid('second', 100, 7, { ms: 120_001, auctionId: 'b' });
    market.send({ type: 'decline_award', ...OF }, 120_002);
    const declined = { type: 'decline_award', auctionId: 'a', accountId: 'second', number: 2 } as const;
    const told = market.send(declined, 120_003);
    expect(refusal(told)).toBeUndefined();
    expect(pending(told)).toEqual([]);
  });

  it('is lapsed at its deadline itself, also while the timer is late', () => {
    const market = two({ unit: 'lots', maximum: 9 }, { waiting: WAITING });
    const due = 120_000 + 1_000_000;
    expect(refusal(market.send({ type: 'confirm_award', ...OF }, due))).toEqual({
      code: 'award_state_conflict',
      state: 'lapsed',
    });
    expect(
      refusal(market.send({ type: 'lapse_awards', auctionId: 'a', deadline: at(due) }, due)),
    ).toBeUndefined();
  });
});

describe('a standstill', () => {
  it('leaves out bids below the reserve that their bidders may no longer win', () => {
    const cap = { unit: 'lots', maximum: 1 } as const;
    const market = two(cap, { ...STANDSTILL, reservePrice: 900 as never });
    market.bid('first', 100, 1, { ms: 120_001, auctionId: 'b' });
    expect(refusal(market.send({ type: 'waive_reserve', auctionId: 'a' }, 120_002))).toEqual({
      code: 'reserve_nothing_below',
    });
  });

  it('is over at its end itself, also while the timer is late', () => {
    const market = two({ unit: 'lots', maximum: 9 }, STANDSTILL);
    const end = 120_000 + 1_000_000;
    const complaint = { type: 'uphold_complaint', auctionId: 'a', remedy: 'void', reason: 'late' } as const;
    expect(refusal(market.send(complaint, end))).toEqual({ code: 'standstill_over', endedAt: ORIGIN + end });
    const other = two({ unit: 'lots', maximum: 9 }, STANDSTILL);
    expect(refusal(other.send(complaint, end - 1))).toBeUndefined();
  });
});
