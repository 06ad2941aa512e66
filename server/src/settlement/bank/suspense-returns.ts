/**
 * A credit that is nobody's goes back: to the account it came from and to no other, by a payment out of suspense that
 * names the bank's reference of the original. Two persons decide; the limits on payments hold as for every other.
 */
import { PLATFORM } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { SUSPENSE_CASES, closeOf, lineKey } from './cases.ts';
import type { BankStep } from './deps.ts';
import type { BankCode } from './iso20022/pain001.ts';
import { approvePayment, createPayment } from './payments.ts';

export type Returnable = {
  readonly account: string;
  readonly ref: string;
  readonly currency: Currency;
  readonly amount: string;
  readonly name: string;
  readonly number: string;
  readonly bankKind: BankCode['kind'];
  readonly bankCode: string;
};

/** The credit in suspense of this key, where the bank told us who sent it. */
export async function returnable(step: BankStep, key: string): Promise<Returnable | undefined> {
  const [row] = await step.tx<Returnable[]>`
    select s.account, s.ref, s.currency, s.amount::text, s.counterparty_name as name,
           s.counterparty_account as number, o.bank_code_kind as "bankKind", o.bank_code as "bankCode"
      from suspense_open s join bank_own_account o on o.number = s.account
     where s.account || '.' || s.ref = ${key} and s.direction = 'credit' and s.state = 'open'
       and s.counterparty_name is not null and s.counterparty_account is not null`;
  return row;
}

/** @param bankCode of the sender's bank; absent: it is ours. */
export async function returnToSender(
  step: BankStep,
  line: Returnable,
  by: {
    readonly people: readonly [string, string];
    readonly reason: string;
    readonly bankCode?: string | undefined;
  },
): Promise<boolean> {
  const { account, ref, currency, name, number } = line;
  const bank = by.bankCode === undefined ? { kind: line.bankKind, code: line.bankCode } : bankOf(by.bankCode);
  const [proposer, confirmer] = by.people;
  const made = await createPayment(step, {
    obligationKey: `return:${lineKey(account, ref)}`,
    orgId: PLATFORM,
    source: 'suspense',
    amount: minor(BigInt(line.amount)),
    currency,
    creditor: { name, account: number, bank },
    remittance: `RETURN ${ref}`,
    createdBy: proposer,
    approvalsRequired: 1,
  });
  if (!made.ok) return false;
  const { paymentId } = made.payment;
  await step.tx`insert into suspense_return (payment_id, account, ref, decided_by, confirmed_by, reason, at)
    values (${paymentId}, ${account}, ${ref}, ${proposer}, ${confirmer}, ${by.reason},
      ${step.now.toISOString()}::text::timestamptz)`;
  // Who confirms has looked: above the limit of the currency one more must.
  return (await approvePayment(step, { paymentId, personId: confirmer })).ok;
}

/** CNAPS numbers have twelve digits, IFSC a zero after four letters; everything else is a BIC. */
function bankOf(code: string): BankCode {
  const kind = /^\d{12}$/.test(code) ? 'cnaps' : /^[A-Z]{4}0[A-Z0-9]{6}$/.test(code) ? 'ifsc' : 'bic';
  return { kind, code };
}

/** The sender's bank sent it back: it is nobody's once more, and people must look again. */
export async function backFromSender(step: BankStep, paymentId: string): Promise<void> {
  await step.tx`update bank_case c set closed_at = null, closed_by = null from suspense_return r
    where r.payment_id = ${paymentId} and c.subject = r.account || '.' || r.ref and c.kind = 'deposit_unmatched'`;
}

/** The bank's line says that it has left: nothing is left in suspense of it. */
export async function returnedToSender(step: BankStep, paymentId: string): Promise<void> {
  const [row] = await step.tx<{ account: string; ref: string; people: string[] }[]>`
    select account, ref, array[decided_by, confirmed_by] as people from suspense_return
     where payment_id = ${paymentId}`;
  if (row) await closeOf(step, SUSPENSE_CASES, lineKey(row.account, row.ref), row.people);
}
