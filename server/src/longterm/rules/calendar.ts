/**
 * Months, quarters and years of a contract, and its days. A day begins at midnight of the centre's time zone,
 * which has no summer time.
 */

/** "2027-03". */
export type Month = string;
/** "2027-03-31". */
export type Day = string;
export type PeriodKind = 'month' | 'quarter' | 'year';

const DAY_MS = 24 * 3600_000;
/** China Standard Time. */
const CENTRE_OFFSET_MS = 8 * 3600_000;

export function dayOf(at: Date): Day {
  return new Date(at.getTime() + CENTRE_OFFSET_MS).toISOString().slice(0, 10);
}

/** The instant at which a day begins. */
export function startOf(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - CENTRE_OFFSET_MS);
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Days from the first to the last, both counted. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS + 1;
}

/** In the calendar: V8 takes the 31st of every month and goes on into the next one. */
export function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) ?? false;
}

export const monthOf = (day: Day): Month => day.slice(0, 7);

export function addMonths(month: Month, count: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + count;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export const lastDayOf = (month: Month): Day => addDays(`${addMonths(month, 1)}-01`, -1);

/** The quarter or year a month lies in, or the month itself: "2027-03", "2027-Q1", "2027". */
export function periodOf(month: Month, kind: PeriodKind): string {
  if (kind === 'month') return month;
  const year = month.slice(0, 4);
  return kind === 'year' ? year : `${year}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;
}
