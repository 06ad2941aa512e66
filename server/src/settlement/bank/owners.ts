/** Whom a reference names, and what that company owes. */
import { partyAccount, platformAccount } from '@seam/ledger';
import type { Currency, Minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { lockAccounts } from '../ledger/ledger.ts';
import type { BankStep } from './deps.ts';
import { referencesIn } from './reference.ts';

export type Owner = {
  readonly orgId: string;
  readonly reference: string;
  readonly obligationKey: string | null;
};

/** The one organisation that the references name, and the one obligation if they name one. Two are none. */
export async function ownerOf(
  connection: Connection,
  currency: Currency,
  references: readonly string[],
): Promise<Owner | undefined> {
  const candidates = referencesIn(references);
  if (candidates.length === 0) return undefined;
  const rows = await connection<Owner[]>`
    select org_id as "orgId", reference, nullif(obligation_key, '') as "obligationKey" from virtual_account
     where reference = any (${candidates}::text[]) and currency = ${currency} order by obligation_key`;
  if (new Set(rows.map(({ orgId }) => orgId)).size !== 1) return undefined;
  const named = rows.filter(({ obligationKey }) => obligationKey !== null);
  const [first] = named.length === 1 ? named : rows;
  return named.length > 1 ? { ...first!, obligationKey: null } : first;
}

/** What was owed is paid: nobody has to look at it any more. */
export async function explainTopUps(step: BankStep, orgId: string, currency: Currency): Promise<void> {
  await step.tx`update bank_case set closed_at = ${step.now.toISOString()}::text::timestamptz, closed_by = array['system']
    where kind = 'top_up_required' and closed_at is null and starts_with(subject, ${`${orgId}.`})
      and (params ->> 'currency' = ${currency} or starts_with(detail, ${`${currency} `}))`;
}

/** Locks what a deposit touches. @returns what the company owes. */
export async function lockForDeposit(step: BankStep, orgId: string, currency: Currency): Promise<Minor> {
  const receivable = partyAccount(orgId, currency, 'receivable');
  const codes = [
    receivable,
    partyAccount(orgId, currency, 'free'),
    platformAccount(currency, 'bank_clearing'),
  ];
  return (await lockAccounts(step.tx, codes)).get(receivable)!.balance;
}
