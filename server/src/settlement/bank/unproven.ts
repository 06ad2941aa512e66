/** The days of the bank that are not proved: what every other day's proof is worth depends on these being few and known. */
import type { UnprovenDay } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';

const DAYS_MAX = 200;

/** Oldest first: statements that did not come, are held, have a difference, or lack a line that was notified. */
export async function unprovenDays(connection: Connection): Promise<UnprovenDay[]> {
  const rows = await connection<(Omit<UnprovenDay, 'sequence'> & { sequence: string })[]>`
    with known as (
      select account, sequence, max(closing_day)::text as day from bank_statement group by account, sequence),
    due as (
      select o.currency, o.number as account, s.sequence
        from bank_own_account o
        join lateral (select max(k.sequence) as last, min(k.sequence) as first from known k where k.account = o.number) k on true
        join lateral generate_series(coalesce(o.statement_sequence + 1, k.first), k.last) s(sequence) on true)
    select d.currency, d.account, d.sequence::text, k.day, case when k.sequence is null then 'missing' else 'held' end as why
      from due d left join known k on k.account = d.account and k.sequence = d.sequence
    union all
    select o.currency, p.account, p.sequence::text, p.day::text, 'difference'
      from bank_day_proof p join bank_own_account o on o.number = p.account
      join bank_case c on c.kind = 'proof_difference' and c.subject = p.account || '.' || p.sequence and c.closed_at is null
    union all
    -- The first statement that should have had the line.
    select l.currency, l.account, min(p.sequence)::text, min(p.day)::text, 'line_missing'
      from bank_case c join bank_line_now l on c.subject = l.account || '.' || l.ref
      join bank_day_proof p on p.account = l.account and p.day > l.booking_day
     where c.kind = 'not_on_statement' and c.closed_at is null group by l.account, l.ref, l.currency
    order by 1, 3 limit ${DAYS_MAX}`;
  return rows
    .map((row) => ({ ...row, sequence: Number(row.sequence) }))
    .toSorted((a, b) =>
      a.currency === b.currency ? a.sequence - b.sequence : a.currency < b.currency ? -1 : 1,
    );
}
