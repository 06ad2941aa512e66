/** Days of delivery windows are days of the centre's calendar: they begin and end at midnight in China. */
import { DAY_MS } from './limits.ts';

const OFFSET = '+08:00';
const OFFSET_MS = 8 * 3600_000;

/** @param day YYYY-MM-DD. */
export function windowStart(day: string): Date {
  return new Date(`${day}T00:00:00${OFFSET}`);
}

/** The first moment after the last day. */
export function windowEnd(day: string): Date {
  return new Date(windowStart(day).getTime() + DAY_MS);
}

export function dayOf(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** Whether the day is in the calendar. */
export function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
}
