/** The calendar of slots: weeks from Monday, months from the first. Pure. */
import type { CapacityPeriod } from './tables.ts';

export const DAY_MS = 86_400_000;

/** The first day of the slot that has this day. @param day an existing day. */
export function slotOf(period: CapacityPeriod, day: string): string {
  if (period === 'month') return `${day.slice(0, 7)}-01`;
  const at = Date.parse(`${day}T00:00:00Z`);
  // 1970-01-05 was a Monday.
  const weekday = (((at / DAY_MS + 3) % 7) + 7) % 7;
  return dayOf(at - weekday * DAY_MS);
}

export function nextSlot(period: CapacityPeriod, begins: string): string {
  const at = new Date(`${begins}T00:00:00Z`);
  if (period === 'week') return dayOf(at.getTime() + 7 * DAY_MS);
  return dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
}

/** The last day of a slot. */
export function slotEnd(period: CapacityPeriod, begins: string): string {
  return addDays(nextSlot(period, begins), -1);
}

export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** In UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Whether the calendar has this day: 2026-02-30 has the form of one. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && dayOf(at) === text;
}
