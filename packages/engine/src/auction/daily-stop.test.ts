import { instant } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Market, ORIGIN, at, refusal } from '../oracle/market.ts';
import { naiveBetween, naiveLater, naiveMorning } from '../oracle/naive-soft-close.ts';
import type { DailyStop } from '../types.ts';
import { dayFrom, laterBy, timeBetween } from './daily-stop.ts';

const HOUR = 3_600_000;
/** The local midnight before ORIGIN, at five and a half hours east. */
const MIDNIGHT = ORIGIN - ((ORIGIN + 5.5 * HOUR) % (24 * HOUR));
const clock = (hours: number) => MIDNIGHT - ORIGIN + hours * HOUR;
const ireps: DailyStop = { stopMinute: 19.5 * 60, resumeMinute: 9.5 * 60, utcOffsetMinutes: 330 };
const texas: DailyStop = { stopMinute: 17 * 60, resumeMinute: null, utcOffsetMinutes: 330 };

/** Opens at `opens` o'clock for an hour; a bid earns two hours. */
function market(dailyStop: DailyStop, opens: number): Market {
  const hardEndAt = at(clock(24 * 9));
  const softClose = { mode: 'cooloff', quietMs: 2 * HOUR, dailyStop, hardEndAt, extensionsMax: 9 } as const;
  const times = { opensAt: at(clock(opens)), closesAt: at(clock(opens + 1)) };
  const made = Market.with({ ...times, softClose }, { opened: false });
  made.send({ type: 'open_auction', auctionId: 'a', deadline: times.opensAt }, clock(opens));
  return made;
}
const end = (of: Market) => (of.auction().closesAt - MIDNIGHT) / HOUR;

describe('a daily stop', () => {
  it('carries what was left over to the next morning', () => {
    const auction = market(ireps, 18);
    auction.bid('b1', 100, 10, { ms: clock(18.5) });
    expect(end(auction)).toBe(24 + 10.5);
    expect(refusal(auction.bid('b2', 105, 10, { ms: clock(19.5) }))).toEqual({
      code: 'auction_not_open',
      opensAt: at(clock(24 + 9.5)),
    });
    expect(refusal(auction.bid('b2', 105, 10, { ms: clock(24 + 9.5) - 1 }))).toBeDefined();
    auction.bid('b2', 105, 10, { ms: clock(24 + 9.5) });
    expect(end(auction)).toBe(24 + 11.5);
  });

  it('may be the end itself', () => {
    const auction = market(ireps, 16);
    auction.bid('b1', 100, 10, { ms: clock(17) - 1 });
    auction.bid('b2', 105, 10, { ms: clock(17.5) });
    expect(end(auction)).toBe(19.5);
  });

  it('that is for good cuts the cool-off', () => {
    const auction = market(texas, 14.5);
    auction.bid('b1', 100, 10, { ms: clock(15.25) });
    expect(end(auction)).toBe(17);
    expect(refusal(auction.bid('b2', 105, 10, { ms: clock(17) }))).toMatchObject({ code: 'auction_closed' });
  });

  it('takes no time from a suspended auction, and a suspension none from the day', () => {
    const auction = market(ireps, 18);
    auction.bid('b1', 100, 10, { ms: clock(18.5) });
    const [suspended] = auction.send({ type: 'suspend_auction', auctionId: 'a', reason: 'x' }, clock(19));
    expect(suspended).toMatchObject({ remainingMs: 1.5 * HOUR });
    auction.send({ type: 'resume_auction', auctionId: 'a' }, clock(24 + 19));
    expect(end(auction)).toBe(48 + 10.5);
  });

  it('is no outage', () => {
    const auction = market(ireps, 18);
    auction.bid('b1', 100, 10, { ms: clock(18.5) });
    const down = (from: number, until: number) => {
      const times = { downFrom: at(clock(from)), downUntil: at(clock(until)) };
      return refusal(auction.send({ type: 'extend_for_outage', auctionId: 'a', ...times }, clock(24 + 10.3)));
    };
    expect(down(19.5, 24 + 9.5)).toMatchObject({ reason: 'too_short' });
    expect(down(19, 24 + 10.25)).toMatchObject({ reason: 'not_near_end' });
    expect(down(19, 24 + 10.3)).toBeUndefined();
    expect(end(auction)).toBeCloseTo(24 + 10.5 + 0.5 + 0.8, 9);
  });
});

describe('bidding time', () => {
  it('agrees with a walk through every minute', () => {
    const minute = fc.nat(1439);
    const stops = fc
      .record({
        stopMinute: minute,
        resumeMinute: fc.option(minute),
        utcOffsetMinutes: fc.integer({ min: -840, max: 840 }),
      })
      .filter(({ stopMinute, resumeMinute }) => stopMinute !== resumeMinute);
    const times = fc.record({
      from: fc.nat(3 * 24 * HOUR),
      ms: fc.oneof(fc.nat(120_000), fc.nat(HOUR)),
      beside: fc.boolean(),
    });
    fc.assert(
      fc.property(stops, times, (stop, { from, ms, beside }) => {
        const exact = beside ? from - (from % 60_000) : from;
        const start = instant(ORIGIN - (ORIGIN % 60_000) + exact);
        expect(dayFrom(stop, start)).toBe(naiveMorning(stop, start));
        const later = laterBy(stop, start, ms);
        if (ms > 0) expect(later).toBe(naiveLater(stop, start, ms));
        expect(timeBetween(stop, start, later)).toBe(ms);
        const other = instant(start + ms);
        expect(timeBetween(stop, start, other)).toBe(naiveBetween(stop, start, other));
        expect(timeBetween(stop, other, start)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
