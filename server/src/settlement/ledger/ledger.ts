/**
 * The ledger as the slices use it: postings in, a value out. The rules live in @seam/ledger, the
 * enforcement in SQL (migrations/0003_ledger.sql); this is the thin typed layer between.
 *
 * Every function runs on the connection it is given: inside the caller's transaction the money moves
 * with the caller's rows or not at all. A refusal leaves no trace and does not end the transaction.
 */
import type { AccountCode, Posting } from '@seam/ledger';
import { type Currency, type Minor, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';

export type PostRefusal =
  | {
      readonly ok: false;
      readonly code: 'ledger.insufficient_funds';
      readonly account: AccountCode;
      readonly required: Minor;
      readonly available: Minor;
    }
  /** Another effect has posted or voided the hold: whoever came first has it. */
  | { readonly ok: false; readonly code: 'ledger.hold_resolved' };
export type PostOutcome =
  /** One word for each posting, in order. `exists`: exactly this was applied before. */
  { readonly ok: true; readonly outcomes: readonly ('applied' | 'exists')[] } | PostRefusal;

/** SQLSTATEs that mean a mistake of ours or tampering, never a business answer. */
export const LEDGER_STATES = {
  effectKeyReused: 'SL002',
  crossesCurrencies: 'SL003',
  holdMismatch: 'SL005',
  malformed: 'SL006',
  immutable: 'SL007',
} as const;

type PostRow = {
  readonly ok: boolean;
  readonly outcomes?: ('applied' | 'exists')[];
  readonly code?: PostRefusal['code'];
  readonly account?: string;
  readonly required?: string;
  readonly available?: string;
};

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
  const [row] = await tx<{ answer: PostRow }[]>`select ledger_post(${encode(list)}::text::jsonb) as answer`;
  const answer = row!.answer;
  if (answer.ok) return { ok: true, outcomes: answer.outcomes ?? [] };
  if (answer.code === 'ledger.hold_resolved') return { ok: false, code: answer.code };
  return {
    ok: false,
    code: 'ledger.insufficient_funds',
    account: answer.account!,
    required: minor(BigInt(answer.required!)),
    available: minor(BigInt(answer.available!)),
  };
}

function encode(postings: readonly Posting[]): string {
  return JSON.stringify(postings, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
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
    select hold_key as "holdKey", owner as "orgId", currency, amount::text, subject, state,
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
