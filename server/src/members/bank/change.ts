/** Another account to be paid to: proposed and approved inside the company, confirmed by the bank, paid to later. */
import type { BankAccountInput } from '@seam/protocol';
import { type Tx, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { type LockedOrganisation, lockOrganisation } from '../commands/steps.ts';
import { type CheckedBankAccount, checkBankAccount, refuseFields } from '../rules.ts';
import { bankAccount } from '../tables.ts';
import type { ProposalRow } from '../two-person/answer.ts';
import { propose } from '../two-person/propose.ts';
import { enqueueForBank } from './send.ts';

/** Only of a company that is a member: before that the account is corrected with the other facts. */
export async function proposeAccount(
  tx: Tx,
  principal: Principal,
  input: { readonly bankAccount: BankAccountInput; readonly reason: string },
  now: Date,
): Promise<{ id: string } | Refusal> {
  const locked = await lockOrganisation(tx, principal.organisationId);
  if (!locked) return refuse('resource.not_found');
  const value = await possible(tx, locked, input.bankAccount);
  if ('refused' in value) return value;
  const { personId } = principal;
  const { id: organisationId } = locked;
  const payload = { ...value };
  return propose(tx, {
    side: 'company',
    organisationId,
    kind: 'bank_account',
    payload,
    reason: input.reason,
    personId,
    now,
  });
}

async function possible(
  tx: Tx,
  locked: LockedOrganisation,
  input: BankAccountInput,
): Promise<CheckedBankAccount | Refusal> {
  if (locked.status !== 'active')
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const { value, fields } = checkBankAccount(input, locked);
  const refusal = refuseFields(fields);
  if (refusal) return refusal;
  const [running] = await tx`select 1 from bank_account where organisation_id = ${locked.id}
    and (status in ('pending', 'submitted'))`;
  if (running) return refuse('member.account_change_running');
  const [taken] = await tx`select 1 from bank_account where bank_code = ${value.bankCode}
    and account_number = ${value.accountNumber} and status = 'confirmed'`;
  return taken
    ? refuse('member.bank_account_taken', {
        fields: { 'bankAccount.accountNumber': 'member.bank_account_taken' },
      })
    : value;
}

/** Checked again: the company may have another name by now. */
export async function changeAccount(tx: Tx, row: ProposalRow, now: Date): Promise<Refusal | undefined> {
  const locked = await lockOrganisation(tx, row.organisationId);
  if (!locked) return refuse('resource.not_found');
  const value = await possible(tx, locked, row.payload as BankAccountInput);
  if ('refused' in value) return value;
  const id = newId();
  await orm(tx)
    .insert(bankAccount)
    .values({
      id,
      organisationId: locked.id,
      ...value,
      status: 'pending',
      createdAt: now,
      changeProposalId: row.id,
    });
  await enqueueForBank(tx, { organisationId: locked.id, bankAccountId: id, occasion: row.id });
  return undefined;
}
