/** The bank's calendar as staff see and keep it. Every change is in the audit record. */
import type { BankCalendarYear } from '@seam/protocol';
import type { Currency } from '@seam/units';
import type { Connection, Tx } from '../../platform/db.ts';

export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '2000' && text < '2101';
}

export async function calendarYear(
  connection: Connection,
  { currency, year }: { readonly currency: Currency; readonly year: number },
): Promise<BankCalendarYear> {
  const [known] = await connection<{ source: string }[]>`
    select source from bank_calendar_year where currency = ${currency} and year = ${year}`;
  const days = await connection<BankCalendarYear['days']>`
    select day::text, kind, name from bank_calendar_day where currency = ${currency} and year = ${year} order by day`;
  return { currency, year, source: known?.source ?? null, days };
}

type DayChange = {
  readonly currency: Currency;
  /** A real day. */
  readonly day: string;
  readonly kind: 'closed' | 'open' | 'as_weekday';
  readonly name: string;
  readonly source: string;
};

/** The last word counts; what was before stands in the audit record. */
export async function setDay(tx: Tx, personId: string, change: DayChange): Promise<void> {
  const { currency, day, kind, name, source } = change;
  const year = Number(day.slice(0, 4));
  await tx`insert into bank_calendar_year (currency, year, source) values (${currency}, ${year}, ${source})
    on conflict (currency, year) do update set source = excluded.source`;
  const [before] = await tx<{ kind: string; name: string }[]>`
    select kind, name from bank_calendar_day where currency = ${currency} and day = ${day}::date for update`;
  if (kind === 'as_weekday')
    await tx`delete from bank_calendar_day where currency = ${currency} and day = ${day}::date`;
  else
    await tx`insert into bank_calendar_day (currency, day, kind, name) values (${currency}, ${day}::date, ${kind}, ${name})
      on conflict (currency, day) do update set kind = excluded.kind, name = excluded.name`;
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, 'bank.calendar_day', ${`${currency}:${day}`},
      ${tx.json({ kind, name, source, before: before ?? null })})`;
}
