/** Days, months and years at the centre, by whose calendar lots are listed. China has no summer time. */
import { DAY_MS } from './limits.ts';

const OFFSET_MS = 8 * 3_600_000;

/** The calendar day at the centre, YYYY-MM-DD. */
export function centreDay(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** The first instant of the next day. */
export function endOfCentreDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS - OFFSET_MS);
}

/** When the day, month or year began that `at` is in. */
export function startOfPeriod(period: 'day' | 'month' | 'year', at: Date): Date {
  const day = centreDay(at);
  const first = { day, month: `${day.slice(0, 7)}-01`, year: `${day.slice(0, 4)}-01-01` }[period];
  return new Date(Date.parse(`${first}T00:00:00Z`) - OFFSET_MS);
}
