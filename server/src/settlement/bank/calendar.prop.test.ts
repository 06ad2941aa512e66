import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BankCalendar, addBusinessDays, bankDay, businessDayFrom, isBusinessDay } from './calendar.ts';

const DAY_MS = 24 * 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const dayAt = (index: number): string => new Date(START + index * DAY_MS).toISOString().slice(0, 10);
/** Any exceptions within three months, so that long closings occur. */
const calendar = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom('closed' as const, 'open' as const)), {
    maxLength: 40,
  })
  .map((days): BankCalendar => ({ days: new Map(days.map(([index, kind]) => [dayAt(index), kind])) }));
const instant = fc
  .integer({ min: 0, max: 80 * 24 * 60 })
  .map((minutes) => new Date(START + minutes * 60_000));

describe('business days', () => {
  it('end on one, and have exactly so many behind them', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 1, max: 10 }), (days, from, count) => {
        const to = addBusinessDays(days, from, count);
        expect((to.getTime() - from.getTime()) % DAY_MS).toBe(0);
        expect(isBusinessDay(days, bankDay(to))).toBe(true);
        let passed = 0;
        for (let at = from.getTime() + DAY_MS; at <= to.getTime(); at += DAY_MS)
          if (isBusinessDay(days, bankDay(new Date(at)))) passed += 1;
        expect(passed).toBe(count);
      }),
    );
  });

  it('never come earlier for a closed day more, nor later for an open one', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 0, max: 90 }), (days, from, index) => {
        const plain = addBusinessDays(days, from, 3).getTime();
        const closed = { days: new Map(days.days).set(dayAt(index), 'closed') };
        const open = { days: new Map(days.days).set(dayAt(index), 'open') };
        expect(addBusinessDays(closed, from, 3).getTime()).toBeGreaterThanOrEqual(plain);
        expect(addBusinessDays(open, from, 3).getTime()).toBeLessThanOrEqual(plain);
      }),
    );
  });

  it('from a day on are that day or the first after it', () => {
    fc.assert(
      fc.property(calendar, fc.integer({ min: 0, max: 80 }), (days, index) => {
        const found = businessDayFrom(days, dayAt(index));
        expect(isBusinessDay(days, found)).toBe(true);
        for (let day = index; dayAt(day) < found; day += 1)
          expect(isBusinessDay(days, dayAt(day))).toBe(false);
      }),
    );
  });

  it('are counted where the bank is: Friday evening elsewhere is Saturday there', () => {
    const friday = new Date('2026-11-20T17:00:00Z');
    expect(bankDay(friday)).toBe('2026-11-21');
    expect(addBusinessDays({ days: new Map() }, friday, 1)).toEqual(new Date('2026-11-22T17:00:00Z'));
  });
});
