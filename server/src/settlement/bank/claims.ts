/** Debits that nobody ordered: two persons contest them, and their value stays in suspense until the bank gives it back. */
import { type Currency, formatMoney } from '@seam/units';
import { SUSPENSE_CASES, closeOf, lineKey, openCase } from './cases.ts';
import type { BankStep } from './deps.ts';
import type { BankLine } from './iso20022/camt.ts';

type Suspended = {
  readonly account: string;
  readonly ref: string;
  readonly currency: Currency;
  readonly amount: string;
  readonly name: string | null;
};

/** The debit in suspense of this key that nobody has contested yet. */
export async function contestable(step: BankStep, key: string): Promise<Suspended | undefined> {
  const [row] = await step.tx<Suspended[]>`
    select account, ref, currency, amount::text, counterparty_name as name from suspense_open
     where account || '.' || ref = ${key} and direction = 'debit' and state = 'open'`;
  return row;
}

/** From here on the bank owes it; the case stays open until it has given it back. */
export async function contest(
  step: BankStep,
  line: Suspended,
  by: { readonly people: readonly [string, string]; readonly reason: string },
): Promise<boolean> {
  const { account, ref, currency, amount, name } = line;
  const { count } = await step.tx`
    insert into bank_claim (account, ref, state, contested_by, confirmed_by, reason, contested_at)
    values (${account}, ${ref}, 'contested', ${by.people[0]}, ${by.people[1]}, ${by.reason},
      ${step.now.toISOString()}::text::timestamptz) on conflict do nothing`;
  if (count === 0) return false;
  const key = lineKey(account, ref);
  await closeOf(step, SUSPENSE_CASES, key, by.people);
  await openCase(step, 'debit_contested', key, {
    code: 'debit_contested',
    currency,
    amount: formatMoney(BigInt(amount)),
    name: name ?? '',
  });
  return true;
}

/** The contested debit that this credit gives back: of its amount, and named by the bank's own reference. */
export async function claimOf(
  step: BankStep,
  account: { readonly number: string },
  line: BankLine,
): Promise<string | undefined> {
  const words = line.references.flatMap((text) => text.slice(0, 600).split(/[^A-Za-z0-9-]+/)).filter(Boolean);
  if (words.length === 0) return undefined;
  const [row] = await step.tx<{ ref: string }[]>`
    select c.ref from bank_claim c join bank_line l using (account, ref)
     where c.account = ${account.number} and c.state = 'contested' and c.ref = any (${words}::text[])
       and l.amount = ${line.amount.toString()}::text::bigint for update of c`;
  return row?.ref;
}

/** Both lines leave suspense together: they are nothing in sum. */
export async function givenBack(
  step: BankStep,
  of: { readonly account: string; readonly claimed: string; readonly ref: string },
): Promise<void> {
  await step.tx`update bank_claim set state = 'given_back', given_back_ref = ${of.ref},
      given_back_at = ${step.now.toISOString()}::text::timestamptz
    where account = ${of.account} and ref = ${of.claimed} and state = 'contested'`;
  await closeOf(step, SUSPENSE_CASES, lineKey(of.account, of.claimed), ['system']);
}
