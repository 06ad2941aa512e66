import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Market, at, refusal } from '../oracle/market.ts';
import type { SoftClose } from '../types.ts';

type Close = { seconds: number; softClose: SoftClose };
const FAR = at(86_400_000);

/** Each bid takes everything, by another bidder than the last. Seconds; the end is null when unsold. */
function run({ seconds, softClose }: Close, bids: readonly number[]) {
  const market = Market.with({ closesAt: at(seconds * 1000), softClose });
  const refused = bids.filter((second, index) => {
    const bidder = `b${index % 2}`;
    return refusal(market.bid(bidder, 100 + 5 * index, 10, { ms: second * 1000 })) !== undefined;
  });
  const { closesAt, extensions } = market.auction();
  const sold = market.close()[0]?.type === 'auction_awarded';
  return { end: sold ? (closesAt - at(0)) / 1000 : null, extensions, refused };
}

const windowOf = (seconds: number, each: number, hard: number | null = null): Close => ({
  seconds,
  softClose: {
    mode: 'window',
    windowMs: each * 1000,
    extensionMs: each * 1000,
    hardEndAt: hard === null ? FAR : at(hard * 1000),
    extensionsMax: 100,
  },
});

const hourThenTwoMinutes: Close = {
  seconds: 3600,
  softClose: { mode: 'phase', extensionMs: 120_000, hardEndAt: FAR, extensionsMax: 100 },
};
const every110 = [890, 1000, 1110, 1220, 1330, 1440, 1550, 1660, 1770];

describe('a window', () => {
  it('90 s and 30 s, each raise in the last 30 s gives 30 s more', () => {
    expect(run(windowOf(120, 30), [60, 95, 118, 140, 175])).toEqual({
      end: 170,
      extensions: 3,
      refused: [175],
    });
  });

  it('15 minutes with the last two minutes open never pass the half hour', () => {
    expect(run(windowOf(900, 120, 1800), every110)).toEqual({ end: 1800, extensions: 9, refused: [] });
    expect(run(windowOf(900, 120, 1800), [...every110, 1799, 1800]).end).toBe(1800);
  });

  it('counts from the bid, not from the end', () => {
    expect(run(windowOf(3600, 120), [3590, 3700, 3815])).toEqual({ end: 3935, extensions: 3, refused: [] });
  });

  it('begins where the time left is the window exactly', () => {
    expect(run(windowOf(120, 30), [89]).end).toBe(120);
    expect(run(windowOf(120, 31), [89])).toMatchObject({ end: 120, extensions: 0 });
    expect(run({ ...windowOf(120, 30), seconds: 119 }, [90])).toMatchObject({ end: 120, extensions: 1 });
  });

  it('moves the end at most so many times', () => {
    const { seconds, softClose } = windowOf(120, 30);
    const twice = { ...softClose, extensionsMax: 2 } as SoftClose;
    expect(run({ seconds, softClose: twice }, [100, 120, 140]).end).toBe(150);
  });
});

describe('a phase', () => {
  it('ends unsold when nobody bids in it', () => {
    expect(run(hourThenTwoMinutes, [])).toEqual({ end: null, extensions: 0, refused: [] });
  });

  it('earns two minutes by a bid in it, once, however early and however many', () => {
    expect(run(hourThenTwoMinutes, [100])).toEqual({ end: 3720, extensions: 1, refused: [] });
    expect(run(hourThenTwoMinutes, [100, 200, 3600])).toMatchObject({ end: 3720, extensions: 1 });
  });

  it('begins those two minutes anew with each bid in them, and ends when they pass in silence', () => {
    expect(run(hourThenTwoMinutes, [100, 3700]).end).toBe(3820);
    expect(run(hourThenTwoMinutes, [100, 3719, 3838, 3958])).toEqual({
      end: 3958,
      extensions: 3,
      refused: [3958],
    });
  });

  it('never passes the hard end', () => {
    const softClose = { ...hourThenTwoMinutes.softClose, hardEndAt: at(3_650_000) } as SoftClose;
    expect(run({ seconds: 3600, softClose }, [100, 3649]).end).toBe(3650);
  });
});

describe('a cool-off', () => {
  const quiet: Close = {
    seconds: 190,
    softClose: { mode: 'cooloff', quietMs: 180_000, dailyStop: null, hardEndAt: FAR, extensionsMax: 100 },
  };

  it('ends three minutes after the last bid, never before the planned close', () => {
    expect(run(quiet, [5])).toMatchObject({ end: 190, extensions: 0 });
    expect(run(quiet, [5, 100, 270, 449, 630])).toEqual({ end: 629, extensions: 3, refused: [630] });
  });
});

describe('none', () => {
  it('leaves the end where it was planned', () => {
    expect(run({ seconds: 180, softClose: { mode: 'none' } }, [179])).toEqual({
      end: 180,
      extensions: 0,
      refused: [],
    });
  });
});

describe('any soft close', () => {
  it('takes no notice of a bid that changes nothing', () => {
    const { softClose, seconds } = windowOf(120, 30);
    const market = Market.with({ closesAt: at(seconds * 1000), softClose });
    market.bid('b1', 120, 6, { ms: 60_000 });
    market.bid('b2', 100, 4, { ms: 60_000 });
    market.bid('b1', 125, 6, { ms: 100_000 });
    expect(refusal(market.bid('b3', 1, 10, { ms: 100_000 }))).toBeDefined();
    expect(market.auction()).toMatchObject({ closesAt: at(120_000), extensions: 0 });
    market.bid('b2', 105, 4, { ms: 100_000 });
    expect(market.auction()).toMatchObject({ closesAt: at(130_000), extensions: 1 });
  });
});

const vectors = join(process.env['SEAM_SHARED'] ?? '../shared', 'domain/vectors.json');
describe.skipIf(!existsSync(vectors))('the vectors of SEAM_SHARED (skipped where they are absent)', () => {
  type Table = { A9_softclose: Record<string, string>; A9_phase: Record<string, number | null> };
  const table = (): Table => JSON.parse(readFileSync(vectors, 'utf8')) as Table;
  const pair = ({ end, extensions }: ReturnType<typeof run>) => `(${end}, ${extensions})`;

  it('A9_softclose', () => {
    expect({
      shaanxi: pair(run(windowOf(120, 30), [60, 95, 118, 140, 175])),
      nmg_cap: pair(run(windowOf(900, 120, 1800), every110)),
      resets: pair(run(windowOf(3600, 120), [3590, 3700, 3815])),
    }).toEqual(table().A9_softclose);
  });

  it('A9_phase', () => {
    expect({
      early_only: run(hourThenTwoMinutes, [100]).end,
      one_late: run(hourThenTwoMinutes, [100, 3700]).end,
      none: run(hourThenTwoMinutes, []).end,
      chain: run(hourThenTwoMinutes, [100, 3719, 3838, 3958]).end,
    }).toEqual(table().A9_phase);
  });
});
