import { describe, expect, it } from 'vitest';
import { Market, WINDOW, at, refusal } from '../oracle/market.ts';
import { outageCommands } from './outage.ts';

const MINUTE = 60_000;
const CLOSE = 60 * MINUTE;

/** Open from 0 to 60 min, hard end at 90 min. */
function hour(): Market {
  const softClose = { ...WINDOW, hardEndAt: at(90 * MINUTE) };
  return Market.with({ closesAt: at(CLOSE), softClose });
}

function down(market: Market, from: number, until: number, now = until) {
  const times = { downFrom: at(from), downUntil: at(until) };
  return market.send({ type: 'extend_for_outage', auctionId: 'a', ...times }, now);
}

const without = (reason: string) => ({ code: 'auction_outage_without_effect', reason });

describe('an outage', () => {
  it('of more than ten seconds near the end moves it and the hard end by a quarter of an hour', () => {
    const market = hour();
    expect(down(market, 50 * MINUTE, 50 * MINUTE + 10_001)).toEqual([
      {
        type: 'auction_extended_for_outage',
        auctionId: 'a',
        closesAt: at(75 * MINUTE),
        hardEndAt: at(105 * MINUTE),
        downFrom: at(50 * MINUTE),
        downUntil: at(50 * MINUTE + 10_001),
      },
    ]);
    expect(market.auction()).toMatchObject({ closesAt: at(75 * MINUTE), extensions: 0, state: 'open' });
  });

  it('longer than that moves them by as long as it lasted', () => {
    const market = hour();
    down(market, 44 * MINUTE, 60 * MINUTE);
    expect(market.auction()).toMatchObject({ closesAt: at(76 * MINUTE), hardEndAt: at(106 * MINUTE) });
  });

  it('that swallowed the end leaves five minutes from the answer on', () => {
    const market = hour();
    down(market, CLOSE - 1, CLOSE + 20 * MINUTE, CLOSE + 21 * MINUTE);
    expect(market.auction()).toMatchObject({ closesAt: at(86 * MINUTE), hardEndAt: at(116 * MINUTE) });
    expect(refusal(market.bid('b1', 100, 10))).toBeUndefined();
  });

  it('gives an auction planned shorter than that its planned length again', () => {
    const lot = Market.with({ closesAt: at(3 * MINUTE), softClose: { mode: 'none' } });
    down(lot, 2 * MINUTE, 2 * MINUTE + 11_000);
    expect(lot.auction()).toMatchObject({ closesAt: at(6 * MINUTE), hardEndAt: at(6 * MINUTE) });
    down(lot, 5 * MINUTE, 20 * MINUTE, 21 * MINUTE);
    expect(lot.auction()).toMatchObject({ closesAt: at(24 * MINUTE), hardEndAt: at(24 * MINUTE) });
  });

  it('of ten seconds is none', () => {
    expect(refusal(down(hour(), CLOSE - 20_000, CLOSE - 10_000))).toEqual(without('too_short'));
  });

  it('counts from a quarter of an hour before the end, to the millisecond', () => {
    expect(refusal(down(hour(), 0, 45 * MINUTE))).toEqual(without('not_near_end'));
    expect(refusal(down(hour(), 0, 45 * MINUTE + 1))).toBeUndefined();
  });

  it('that began at or after the end cost nobody anything', () => {
    expect(refusal(down(hour(), CLOSE, CLOSE + MINUTE))).toEqual(without('not_near_end'));
    expect(refusal(down(hour(), CLOSE - 1, CLOSE + MINUTE))).toBeUndefined();
  });

  it('counts once, and so does what overlaps it; a later one counts again', () => {
    const market = hour();
    down(market, 50 * MINUTE, 51 * MINUTE);
    expect(refusal(down(market, 50 * MINUTE, 51 * MINUTE))).toEqual(without('counted'));
    expect(refusal(down(market, 51 * MINUTE - 1, 65 * MINUTE))).toEqual(without('counted'));
    expect(market.auction().closesAt).toBe(at(75 * MINUTE));
    expect(refusal(down(market, 61 * MINUTE, 62 * MINUTE))).toBeUndefined();
    expect(market.auction().closesAt).toBe(at(90 * MINUTE));
  });

  it('is over, lies in the past, and has its times in order', () => {
    expect(refusal(down(hour(), 50 * MINUTE, 52 * MINUTE, 51 * MINUTE))).toEqual(without('times_invalid'));
    expect(refusal(down(hour(), 52 * MINUTE, 50 * MINUTE, CLOSE))).toEqual(without('times_invalid'));
  });

  it('takes nothing from a suspended auction and nothing from one that had not opened', () => {
    const market = hour();
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'x' }, 50 * MINUTE);
    expect(refusal(down(market, 51 * MINUTE, 55 * MINUTE))).toEqual(without('not_open'));
    const early = Market.with({ opensAt: at(10_002), closesAt: at(5 * MINUTE) }, { opened: false });
    expect(refusal(down(early, 0, 10_002))).toEqual(without('not_open'));
    expect(refusal(down(early, 0, 10_003))).toBeUndefined();
  });

  it('ends no auction that is closed, and none that was never there', () => {
    const market = hour();
    market.send({ type: 'close_auction', auctionId: 'a', deadline: at(CLOSE) }, CLOSE);
    expect(refusal(down(market, CLOSE - MINUTE, CLOSE))).toMatchObject({ code: 'auction_state_conflict' });
    expect(refusal(down(new Market(), 0, MINUTE))).toEqual({ code: 'auction_unknown' });
  });
});

describe('what a new leader owes', () => {
  it('names the auctions that lost time, in the order of their ids, and each only until it is done', () => {
    const market = hour();
    for (const [auctionId, minutes] of [
      ['c', 55],
      ['b', 20],
    ] as const) {
      const lot = { ...market.auction().terms, auctionId, closesAt: at(minutes * MINUTE) };
      expect(refusal(market.send({ type: 'schedule_auction', terms: lot }))).toBeUndefined();
    }
    const outage = { downFrom: at(50 * MINUTE), downUntil: at(58 * MINUTE) };
    expect(outageCommands(market.state, outage)).toEqual([
      { type: 'extend_for_outage', auctionId: 'a', ...outage },
      { type: 'extend_for_outage', auctionId: 'c', ...outage },
    ]);
    for (const command of outageCommands(market.state, outage)) market.send(command, 58 * MINUTE);
    expect(outageCommands(market.state, outage)).toEqual([]);
    expect(market.auction('c').closesAt).toBe(at(70 * MINUTE));
  });
});
