/** Whether a default was cured in time: what counts is the bank's value date, not when we heard of it. */
import { partyAccount } from '@seam/ledger';
import type { Connection } from '../../platform/db.ts';
import { balances } from '../ledger/read.ts';
import type { ForfeitureRow } from './tables.ts';

export type Cure =
  /** The money was there in time: nothing is forfeited. */
  | { readonly cured: true }
  /** `unidentified`: a credit nobody is named for yet came in time and would do. */
  | { readonly cured: false; readonly unidentified: boolean };

/**
 * Free money of the debtor, without deposits whose value date is after the cure period, against what it owes.
 * A line without a value date is taken to be in time: doubt is the debtor's.
 */
export async function cureOf(connection: Connection, row: ForfeitureRow): Promise<Cure> {
  if (row.due === null) return { cured: false, unidentified: false };
  const code = partyAccount(row.debtorId, row.currency, 'free');
  const own = await balances(connection, row.debtorId);
  const free: bigint = own.find((account) => account.code === code)?.available ?? 0n;
  const day = row.cureUntil.toISOString().slice(0, 10);
  const [found] = await connection<{ late: string; open: string }[]>`
    select coalesce(sum(amount) filter (where outcome = 'deposit' and org_id = ${row.debtorId}
             and value_day > ${day}::date), 0)::text as late,
           coalesce(max(amount) filter (where outcome = 'suspense' and value_day between
             ${row.noticedAt.toISOString().slice(0, 10)}::date - 7 and ${day}::date
             and not exists (select from suspense_decision d where d.account = l.account
               and d.ref = l.ref)), 0)::text as open
      from bank_line_now l where currency = ${row.currency} and direction = 'credit'`;
  const inTime = free - BigInt(found!.late);
  if (inTime >= row.due) return { cured: true };
  const missing = row.due - (inTime > 0n ? inTime : 0n);
  return { cured: false, unidentified: BigInt(found!.open) >= missing };
}
