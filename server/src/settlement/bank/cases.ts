/** What a person must look at: opened once per kind and subject, closed by two people. */
import type { BankCaseNote } from '@seam/protocol';
import { type Currency, type Minor, minor } from '@seam/units';
import { depositIdentified } from '@seam/ledger';
import type { Tx } from '../../platform/db.ts';
import { type PostOutcome, post } from '../ledger/ledger.ts';
import type { BankStep } from './deps.ts';

export type CaseKind =
  | 'account_unknown'
  | 'line_without_reference'
  | 'line_conflict'
  | 'line_currency'
  | 'line_duplicate'
  | 'line_reference'
  | 'payment_unknown'
  | 'payment_amount_differs'
  | 'payment_debited_twice'
  | 'payment_returned_twice'
  | 'paid_after_failure'
  | 'status_contradiction'
  | 'payment_not_settled'
  | 'statement_gap'
  | 'statement_conflict'
  | 'statement_sum'
  | 'not_on_statement'
  | 'deposit_unmatched'
  | 'debit_unmatched'
  | 'message_parked'
  | 'proof_difference'
  | 'suspense_aged'
  | 'top_up_required'
  | 'deposit_returned'
  | 'debit_contested'
  | 'mismatch';

/** What a case says: a code and what belongs to it, in words where it is read. */
export type Note = { readonly code: BankCaseNote } & Readonly<Record<string, string>>;
const VALUE_MAX = 400;

/** The parameters of a note, none longer than a case has room for. */
export function noteParams({ code: _code, ...params }: Note): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.slice(0, VALUE_MAX)]));
}

/** For logs, and for whoever has no words for the code. */
export function plainNote(note: Note): string {
  const said = Object.entries(noteParams(note)).map(([name, value]) => `${name} ${value}`);
  return [note.code.replaceAll('_', ' '), ...said].join(' · ').slice(0, 500);
}

/** What holds a statement: closed and met again it says something new, and nobody has looked at that. */
const REOPENING: readonly CaseKind[] = [
  'line_without_reference',
  'line_currency',
  'line_conflict',
  'line_duplicate',
  'line_reference',
  'statement_sum',
];

/** Opens a case, unless it was opened before; one that was closed stays closed, but for those that hold a statement. */
export async function openCase(step: BankStep, kind: CaseKind, subject: string, note: Note): Promise<void> {
  const { tx, now } = step;
  const detail = plainNote(note);
  const { count } = await tx`insert into bank_case (kind, subject, detail, code, params, opened_at)
    values (${kind}, ${subject}, ${detail}, ${note.code}, ${tx.json(noteParams(note))},
      ${now.toISOString()}::text::timestamptz)
    on conflict (kind, subject) do update set closed_at = null, closed_by = null, detail = excluded.detail,
      code = excluded.code, params = excluded.params, opened_at = excluded.opened_at
      where bank_case.closed_at is not null and bank_case.params <> excluded.params
        and bank_case.kind = any (${[...REOPENING]}::text[])`;
  if (count === 1) await step.tell({ type: 'case_opened', kind, subject, detail });
}

/** What the cases waited for has come: nobody need decide any more. */
export async function closeBySystem(
  step: BankStep,
  kinds: readonly CaseKind[],
  subject: string,
): Promise<void> {
  await closeOf(step, kinds, subject, ['system']);
}

/** @param people the two who decided, or `system`. */
export async function closeOf(
  step: BankStep,
  kinds: readonly CaseKind[],
  subject: string,
  people: readonly string[],
): Promise<void> {
  await step.tx`update bank_case set closed_by = ${[...people]}::text[], closed_at = ${step.now.toISOString()}::text::timestamptz
    where kind = any (${[...kinds]}::text[]) and subject = ${subject} and closed_at is null`;
}

export type Refused<Code extends string> = { readonly ok: false; readonly code: Code };

/** Two different people have looked and agree that nothing is left to do. */
export async function closeCase(
  step: BankStep,
  decision: { caseId: string; people: readonly [string, string] },
): Promise<{ ok: true } | Refused<'case.not_open' | 'case.needs_two_people'>> {
  const [first, second] = decision.people;
  if (first === second) return { ok: false, code: 'case.needs_two_people' };
  const { count } = await step.tx`update bank_case set closed_by = ${[...decision.people]}::text[],
      closed_at = ${step.now.toISOString()}::text::timestamptz
    where id = ${decision.caseId} and closed_at is null`;
  return count === 1 ? { ok: true } : { ok: false, code: 'case.not_open' };
}

/** Credits in suspense that nobody has been named for, oldest first. */
export async function unmatchedDeposits(
  tx: Tx,
): Promise<
  { account: string; ref: string; currency: Currency; amount: Minor; counterpartyName: string | null }[]
> {
  const rows = await tx<
    { account: string; ref: string; currency: Currency; amount: string; counterpartyName: string | null }[]
  >`select l.account, l.ref, l.currency, l.amount::text, l.counterparty_name as "counterpartyName"
      from suspense_open l where l.direction = 'credit' and l.state = 'open' order by l.booked_at`;
  return rows.map((row) => ({ ...row, amount: minor(BigInt(row.amount)) }));
}

/** What a line in suspense may have open, which ends with it. */
export const SUSPENSE_CASES = [
  'deposit_unmatched',
  'debit_unmatched',
  'debit_contested',
  'suspense_aged',
] as const satisfies readonly CaseKind[];

/** Two different people found the owner of a credit in suspense: it becomes free money. */
export async function identifyDeposit(
  step: BankStep,
  decision: { account: string; ref: string; orgId: string; people: readonly [string, string] },
): Promise<PostOutcome | Refused<'suspense.not_open' | 'suspense.needs_two_people'>> {
  const { account, ref, orgId, people } = decision;
  if (people[0] === people[1]) return { ok: false, code: 'suspense.needs_two_people' };
  const open = (await unmatchedDeposits(step.tx)).find(
    (line) => line.account === account && line.ref === ref,
  );
  if (!open) return { ok: false, code: 'suspense.not_open' };
  const posting = depositIdentified({
    ref: lineKey(account, ref),
    currency: open.currency,
    amount: open.amount,
    orgId,
  });
  const outcome = await post(step.tx, posting);
  if (!outcome.ok) return outcome;
  await step.tx`insert into suspense_decision (account, ref, org_id, decided_by, confirmed_by, at, effect_key)
    values (${account}, ${ref}, ${orgId}, ${people[0]}, ${people[1]}, ${step.now.toISOString()}::text::timestamptz,
            ${posting.effectKey})`;
  await closeOf(step, SUSPENSE_CASES, lineKey(account, ref), people);
  await step.tell({
    type: 'deposit_credited',
    orgId,
    currency: open.currency,
    amount: open.amount,
    lineRef: lineKey(account, ref),
    obligationKey: null,
  });
  return outcome;
}

/** The identity of a bank line as one word: part of the effect keys of the ledger. */
export function lineKey(account: string, ref: string): string {
  return `${account}.${ref}`;
}
