import { lots } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { Market, ORIGIN, type TermsChange, at, refusal, terms } from '../../oracle/market.ts';
import { runTo } from '../../oracle/moving/market.ts';
import type { CatalogueTerms, Event } from '../../types.ts';

const SHARED = { catalogueId: 'c', pauseMs: 60_000 };

function put(
  market: Market,
  auctionId: string,
  catalogue: Partial<CatalogueTerms>,
  change: TermsChange = {},
) {
  const position = Number(auctionId.slice(1));
  const own = { ...SHARED, position, ...catalogue };
  return market.send(
    { type: 'schedule_auction', terms: terms({ auctionId, catalogue: own, ...change }) },
    -1,
  );
}

/** Lots l1, l2, l3, each open for 120 s, all announced for time 0. */
function three(catalogue: Partial<CatalogueTerms> = {}): Market {
  const market = new Market();
  for (const id of ['l1', 'l2', 'l3']) put(market, id, catalogue);
  runTo(market, 0);
  return market;
}

const calls = (events: readonly Event[]): string[] =>
  events.flatMap((event) =>
    event.type === 'auction_called'
      ? [`${event.auctionId} ${event.opensAt - ORIGIN} ${event.closesAt - ORIGIN}`]
      : [],
  );

describe('lots of a catalogue', () => {
  it('open a pause after the one before has ended, with all their times', () => {
    const market = three();
    expect(calls(runTo(market, 400_000))).toEqual(['l2 180000 300000', 'l3 360000 480000']);
    expect(market.auction('l3').hardEndAt).toBe(at(1_800_000 + 360_000));
  });

  it('wait for an extension, and are told which lot they wait for', () => {
    const market = three();
    market.bid('a', 100, 1, { ms: 119_000, auctionId: 'l1' });
    expect(refusal(market.bid('a', 100, 1, { ms: 119_500, auctionId: 'l2' }))).toEqual({
      code: 'auction_lot_waiting',
      after: 'l1',
    });
    expect(calls(runTo(market, 160_000))).toEqual(['l2 209000 329000']);
  });

  it('pass over a void one: of the running, a pause after; of a waiting, as if it were not there', () => {
    const market = three();
    expect(calls(market.send({ type: 'void_auction', auctionId: 'l2', reason: 'burnt' }, 5))).toEqual([]);
    const told = market.send({ type: 'void_auction', auctionId: 'l1', reason: 'burnt' }, 10_000);
    expect(calls(told)).toEqual(['l3 70000 190000']);
  });

  it('open at their own time when that is later', () => {
    const market = new Market();
    put(market, 'l1', {});
    put(market, 'l2', {}, { opensAt: at(500_000), closesAt: at(600_000) });
    expect(calls(runTo(market, 300_000))).toEqual(['l2 500000 600000']);
  });

  it.each([
    ['another owner', {}, { ownerId: 'else' }, 'catalogue'],
    ['another lot size', {}, { lotSize: '1000' }, 'catalogue'],
    ['another pause', { pauseMs: 1 }, {}, 'catalogue'],
    ['another cap', { cap: { unit: 'lots', maximum: 1 } }, {}, 'catalogue'],
    ['a place that is taken', { position: 1 }, {}, 'catalogue.position'],
    ['a company in two groups', { groupIds: [['a'], ['a']] }, {}, 'catalogue.groupIds'],
  ] as const)('are refused with %s', (_what, catalogue, change, field) => {
    const market = new Market();
    put(market, 'l1', {});
    expect(refusal(put(market, 'l2', catalogue, change))).toEqual({ code: 'auction_terms_invalid', field });
  });
});

describe('a cap', () => {
  it('in lots refuses whoever has won so many, with its whole group, and says that nothing is left', () => {
    const market = three({ cap: { unit: 'lots', maximum: 1 }, groupIds: [['a', 'b']] });
    market.bid('a', 100, 1, { ms: 1, auctionId: 'l1' });
    runTo(market, 180_000);
    for (const who of ['a', 'b'])
      expect(refusal(market.bid(who, 100, 1, { ms: 180_001, auctionId: 'l2' }))).toEqual({
        code: 'bid_cap_exceeded',
        unit: 'lots',
        quantityMaximum: 0,
      });
    expect(refusal(market.bid('c', 100, 1, { ms: 180_001, auctionId: 'l2' }))).toBeUndefined();
  });

  it('in quantity counts what was won and what stands, of all the group, and says what is left', () => {
    const market = three({ cap: { unit: 'quantity', maximum: 8 }, groupIds: [['a', 'b']] });
    market.bid('a', 100, 5, { ms: 1, auctionId: 'l1' });
    runTo(market, 180_000);
    expect(refusal(market.bid('b', 100, 2, { ms: 180_001, auctionId: 'l2' }))).toBeUndefined();
    expect(refusal(market.bid('a', 100, 2, { ms: 180_002, auctionId: 'l2' }))).toEqual({
      code: 'bid_cap_exceeded',
      unit: 'quantity',
      quantityMaximum: lots(1),
    });
    expect(refusal(market.bid('a', 100, 1, { ms: 180_003, auctionId: 'l2' }))).toBeUndefined();
  });
});
