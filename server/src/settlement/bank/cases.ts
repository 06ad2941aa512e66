/** What a person must look at: opened once per kind and subject, closed by two people. */
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
  | 'mismatch';

export async function openCase(
  step: BankStep,
  kind: CaseKind,
  subject: string,
  detail: string,
): Promise<void> {
  const { count } = await step.tx`insert into bank_case (kind, subject, detail, opened_at)
    values (${kind}, ${subject}, ${detail.slice(0, 500)}, ${step.now.toISOString()}::text::timestamptz)
    on conflict (kind, subject) do nothing`;
  if (count === 1) await step.tell({ type: 'case_opened', kind, subject, detail });
}

/** The line that a payment was missed on has come: what the case waited for, nobody need decide any more. */
export async function closeNotSettled(step: BankStep, endToEndId: string): Promise<void> {
  await step.tx`update bank_case set closed_by = '{system}', closed_at = ${step.now.toISOString()}::text::timestamptz
    where kind = 'payment_not_settled' and subject = ${endToEndId} and closed_at is null`;
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
      from bank_line l left join suspense_decision d using (account, ref)
     where l.outcome = 'suspense' and l.direction = 'credit' and d.ref is null order by l.booked_at`;
  return rows.map((row) => ({ ...row, amount: minor(BigInt(row.amount)) }));
}

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
  await step.tx`update bank_case set closed_at = ${step.now.toISOString()}::text::timestamptz, closed_by = ${[...people]}::text[]
    where kind = 'deposit_unmatched' and subject = ${lineKey(account, ref)} and closed_at is null`;
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
