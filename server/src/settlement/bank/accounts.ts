/** Our accounts at the bank, the deposit references of members, and what may leave again. */
import { partyAccount } from '@seam/ledger';
import { CURRENCIES, type Currency, type Minor, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { lockAccounts } from '../ledger/ledger.ts';
import type { BankDeps } from './deps.ts';
import type { BankCode } from './iso20022/pain001.ts';
import { newReference } from './reference.ts';

/** Asks the bank for our accounts and keeps them. Safe to repeat; a changed number is an error. */
export async function syncOwnAccounts(deps: Pick<BankDeps, 'sql' | 'port'>): Promise<void> {
  for (const account of await deps.port.ownAccounts()) {
    if (!(CURRENCIES as readonly string[]).includes(account.currency)) continue;
    const [row] = await deps.sql<{ number: string }[]>`
      insert into bank_own_account (currency, number, holder_name, bank_code_kind, bank_code)
      values (${account.currency}, ${account.number}, ${account.holderName}, ${account.bank.kind}, ${account.bank.code})
      on conflict (currency) do update set holder_name = excluded.holder_name returning number`;
    if (row?.number !== account.number) {
      throw new Error(`the bank has another ${account.currency} account for us than we have used so far`);
    }
  }
}

export type DepositInstruction = {
  readonly reference: string;
  readonly currency: Currency;
  readonly accountNumber: string;
  readonly holderName: string;
  readonly bank: BankCode;
};

/**
 * Where and with which reference a member pays in. The reference is made once per currency, and once for each
 * obligation that is to be paid by what comes under it.
 * @param obligationKey `provisional:<contract>`, `obligation:<id>`; absent: free money, for whatever comes.
 * @returns undefined when the bank keeps no account for us in this currency.
 */
export async function depositInstruction(
  tx: Connection,
  orgId: string,
  currency: Currency,
  obligationKey = '',
): Promise<DepositInstruction | undefined> {
  await tx`insert into virtual_account (reference, org_id, currency, obligation_key)
    values (${newReference()}, ${orgId}, ${currency}, ${obligationKey})
    on conflict (org_id, currency, obligation_key) do nothing`;
  const [row] = await tx<
    { reference: string; number: string; holderName: string; kind: BankCode['kind']; code: string }[]
  >`select v.reference, o.number, o.holder_name as "holderName", o.bank_code_kind as kind, o.bank_code as code
      from virtual_account v join bank_own_account o using (currency)
     where v.org_id = ${orgId} and v.currency = ${currency} and v.obligation_key = ${obligationKey}`;
  if (!row) return undefined;
  const { reference, number, holderName, kind, code } = row;
  return { reference, currency, accountNumber: number, holderName, bank: { kind, code } };
}

/** What has come for one obligation under its reference, less what was taken back. */
export async function receivedFor(tx: Connection, orgId: string, obligationKey: string): Promise<Minor> {
  const [row] = await tx<{ amount: string }[]>`
    select coalesce(sum(case l.outcome when 'deposit' then l.amount when 'deposit_returned' then -l.amount end), 0)::text
           as amount
      from virtual_account v join bank_line_now l on l.virtual_reference = v.reference
     where v.org_id = ${orgId} and v.obligation_key = ${obligationKey}`;
  return minor(BigInt(row!.amount));
}

/**
 * What a member may take home: free money less deposits that no statement has confirmed yet. A
 * notification is a claim; it may secure a bid, it may not leave the exchange.
 */
export async function withdrawable(tx: Connection, orgId: string, currency: Currency): Promise<Minor> {
  const free = partyAccount(orgId, currency, 'free');
  const available = (await lockAccounts(tx, [free])).get(free)?.available ?? minor(0n);
  const [row] = await tx<
    { amount: string }[]
  >`select coalesce(sum(amount), 0)::text as amount from bank_line_now
    where org_id = ${orgId} and currency = ${currency} and outcome = 'deposit' and statement_sequence is null`;
  const rest = available - BigInt(row!.amount);
  return minor(rest > 0n ? rest : 0n);
}
