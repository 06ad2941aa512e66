/**
 * On which days a bank works. Days are the bank's, YYYY-MM-DD, counted where it is; a day that no calendar names is
 * what its weekday says: Monday to Friday.
 */
import type { Currency } from '@seam/units';
import type { Connection } from '../../platform/db.ts';

export type BankCalendar = {
  /** Days that are not what their weekday says. */
  readonly days: ReadonlyMap<string, 'closed' | 'open'>;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Banks count days where they are. */
const BANK_UTC_OFFSET_MS = 8 * HOUR_MS;
/** No bank is closed for so many days on end. */
const CLOSED_DAYS_MAX = 60;

/** The bank's day at this instant. */
export function bankDay(at: Date): string {
  return new Date(at.getTime() + BANK_UTC_OFFSET_MS).toISOString().slice(0, 10);
}

export function isBusinessDay({ days }: BankCalendar, day: string): boolean {
  const known = days.get(day);
  if (known) return known === 'open';
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** This day where the bank works on it, else the next on which it does. */
export function businessDayFrom(calendar: BankCalendar, day: string): string {
  let at = Date.parse(`${day}T00:00:00Z`);
  for (let n = 0; n < CLOSED_DAYS_MAX; n += 1, at += DAY_MS) {
    const shown = new Date(at).toISOString().slice(0, 10);
    if (isBusinessDay(calendar, shown)) return shown;
  }
  throw new RangeError(`no business day after ${day}`);
}

/** The same time so many business days later. @param count at least 1. */
export function addBusinessDays(calendar: BankCalendar, from: Date, count: number): Date {
  let [at, left] = [from.getTime(), count];
  for (let n = 0; left > 0; n += 1) {
    if (n > CLOSED_DAYS_MAX + 3 * count) throw new RangeError(`no ${count} business days`);
    at += DAY_MS;
    if (isBusinessDay(calendar, bankDay(new Date(at)))) left -= 1;
  }
  return new Date(at);
}

/** What is known of the bank of this currency. */
export async function bankCalendar(connection: Connection, currency: Currency): Promise<BankCalendar> {
  const rows = await connection<{ day: string; kind: 'closed' | 'open' }[]>`
    select day::text, kind from bank_calendar_day where currency = ${currency}`;
  return { days: new Map(rows.map(({ day, kind }) => [day, kind])) };
}

/** Of every currency at once. */
export async function bankCalendars(connection: Connection): Promise<(currency: string) => BankCalendar> {
  const rows = await connection<{ currency: string; day: string; kind: 'closed' | 'open' }[]>`
    select currency, day::text, kind from bank_calendar_day`;
  const found = Map.groupBy(rows, ({ currency }) => currency);
  return (currency) => ({ days: new Map((found.get(currency) ?? []).map(({ day, kind }) => [day, kind])) });
}
