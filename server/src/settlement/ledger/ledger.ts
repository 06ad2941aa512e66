/**
 * The ledger as the slices use it: postings in, a value out. The rules live in @seam/ledger, the
 * enforcement in SQL (migrations 0003 and 0035); this is the thin typed layer between.
 *
 * Every function runs on the connection it is given: inside the caller's transaction the money moves
 * with the caller's rows or not at all. A refusal leaves no trace and does not end the transaction.
 */
import type { AccountCode, Posting } from '@seam/ledger';
import { type Currency, type Minor, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { type Answer, type PostOutcome, encode, outcomeOf } from './wire.ts';

export { LEDGER_STATES, type PostOutcome, type PostRefusal } from './wire.ts';

/**
 * Applies one or more postings, all or none.
 * @throws PostgresError with one of LEDGER_STATES: the same effect key with other content, crossing
 *   currencies, an unknown hold. 40P01 (deadlock) is possible when one transaction posts several
 *   times: retry the transaction, or give all postings at once.
 */
export async function post(tx: Connection, postings: Posting | readonly Posting[]): Promise<PostOutcome> {
  const list: readonly Posting[] = 'legs' in postings ? [postings] : postings;
  if (list.length === 0) return { ok: true, outcomes: [] };
  // ::text first: postgres.js would otherwise encode the JSON text as JSON once more.
  const [row] = await tx<{ answer: Answer }[]>`select ledger_post(${encode(list)}::text::jsonb) as answer`;
  return outcomeOf(row!.answer);
}

/**
 * Opens and locks accounts until the transaction ends, and says what each may still be debited.
 * For postings whose amounts depend on a balance. Lock every account the posting will touch.
 */
export async function lockAccounts(
  tx: Connection,
  codes: readonly AccountCode[],
): Promise<ReadonlyMap<AccountCode, { available: Minor; balance: Minor }>> {
  await tx`select ledger_lock(${[...codes]}::text[])`;
  const rows = await tx<{ code: string; available: string; balance: string }[]>`
    select code, available::text, balance::text from ledger_balance where code = any (${[...codes]}::text[])`;
  return new Map(
    rows.map((row) => [
      row.code,
      { available: minor(BigInt(row.available)), balance: minor(BigInt(row.balance)) },
    ]),
  );
}

export type Hold = {
  readonly holdKey: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
  /** Account that is debited. */
  readonly from: string;
  /** `auction:<id>` or `payment:<id>`. */
  readonly subject: string;
  readonly state: 'held' | 'posted' | 'voided';
  /** What stayed; the rest of a posted hold returned. */
  readonly postedAmount: Minor;
  readonly heldAt: Date;
};

/** Holds about one subject, oldest first. */
export async function holdsOf(
  tx: Connection,
  filter: { subject: string; orgId?: string; state?: Hold['state'] },
): Promise<Hold[]> {
  const rows = await tx<(Omit<Hold, 'amount' | 'postedAmount'> & { amount: string; postedAmount: string })[]>`
    select hold_key as "holdKey", owner as "orgId", currency, amount::text, debit_account as "from", subject, state,
           posted_amount::text as "postedAmount", held_at as "heldAt"
      from ledger_hold
     where subject = ${filter.subject}
       and (${filter.orgId ?? null}::text is null or owner = ${filter.orgId ?? null}::text)
       and (${filter.state ?? null}::text is null or state = ${filter.state ?? null}::text)
     order by held_at, hold_key`;
  return rows.map((row) => ({
    ...row,
    amount: minor(BigInt(row.amount)),
    postedAmount: minor(BigInt(row.postedAmount)),
  }));
}
