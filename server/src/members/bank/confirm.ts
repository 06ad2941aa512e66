/**
 * The bank's word about an account: of a company that was certified, certified again, or changed its account.
 * The same answer again changes nothing.
 */
import type { ProblemCode } from '@seam/protocol';
import { and, eq, inArray, isNotNull, or } from 'drizzle-orm';
import { type Tx, orm } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';
import { type LockedOrganisation, lockOrganisation, moveOrganisation } from '../commands/steps.ts';
import { ACCOUNT_COOL_OFF_MS } from '../limits.ts';
import { enqueueMarket } from '../market-work.ts';
import { bankAccount, organisation } from '../tables.ts';

export const RETIRE_ACCOUNTS = 'members.retire_accounts';

export type BankAnswer = {
  /**
   * What names the account, one or more. The id that the bank was given is the safest: a late answer about an
   * account that was replaced then changes nothing. A number alone must be of one waiting company only.
   */
  readonly bankAccountId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly accountNumber?: string | undefined;
  /** Of the assertion that is answered; absent: the oldest that the account's bank has not acknowledged. */
  readonly reference?: string | undefined;
  readonly confirmed: boolean;
  readonly reason?: string | undefined;
  readonly now?: Date;
};
type Account = typeof bankAccount.$inferSelect;
/** `unknown`: nobody waits for this answer; `ambiguous`: several do. Neither changes anything. */
export type BankAnswerEffect = 'active' | 'refused' | 'already' | 'unknown' | 'ambiguous';

/** Takes the bank's answer in the caller's transaction. The same answer again changes nothing. */
export async function confirmBankAccount(tx: Tx, answer: BankAnswer): Promise<BankAnswerEffect> {
  const accountNumber = answer.accountNumber?.replaceAll(/[ -]/g, '').toUpperCase();
  const { bankAccountId, organisationId } = answer;
  if (bankAccountId === undefined && organisationId === undefined && accountNumber === undefined)
    return 'unknown';
  const named = and(
    bankAccountId === undefined ? undefined : eq(bankAccount.id, bankAccountId),
    organisationId === undefined ? undefined : eq(bankAccount.organisationId, organisationId),
    accountNumber === undefined ? undefined : eq(bankAccount.accountNumber, accountNumber),
  );
  const candidates = await waiting(tx, named);
  if (candidates.length > 1) return 'ambiguous';
  const [candidate] = candidates;
  const locked = candidate && (await lockOrganisation(tx, candidate.organisationId));
  // Under the lock the other delivery of the same answer may be seen to have been faster.
  const account = locked && (await waiting(tx, named))[0];
  if (!account || !(await acknowledge(tx, account, answer)))
    return (await wasAnswered(tx, named, answer.confirmed)) ? 'already' : 'unknown';
  return settleAnswer(tx, locked, account, answer);
}

/** Accounts whose bank has been asked: new ones, and confirmed ones of companies that are certified again. */
async function waiting(tx: Tx, named: ReturnType<typeof and>): Promise<Account[]> {
  const asked = inArray(bankAccount.status, ['pending', 'submitted']);
  const certified = inArray(organisation.status, ['certified', 'bank_notified']);
  const rows = await orm(tx)
    .select({ account: bankAccount })
    .from(bankAccount)
    .innerJoin(organisation, eq(organisation.id, bankAccount.organisationId))
    .where(
      and(
        named,
        or(
          and(asked, or(certified, isNotNull(bankAccount.changeProposalId))),
          and(eq(bankAccount.status, 'confirmed'), certified),
        ),
      ),
    );
  const fresh = rows.filter(({ account }) => account.status !== 'confirmed');
  return (fresh.length > 0 ? fresh : rows).map(({ account }) => account);
}

/** @returns false when a confirmed account's bank has nothing left to answer. */
async function acknowledge(tx: Tx, account: Account, answer: BankAnswer): Promise<boolean> {
  const { count } = await tx`update certification_assertion set acknowledged_at = ${answer.now ?? new Date()},
      confirmed = ${answer.confirmed}, reason = ${answer.reason ?? null}
    where reference = (select reference from certification_assertion
      where bank_account_id = ${account.id} and acknowledged_at is null
        and ${answer.reference === undefined ? tx`true` : tx`left(encode(sha256(reference::bytea), 'hex'), 16) = ${answer.reference}`}
      order by made_at limit 1)`;
  return count === 1 || account.status !== 'confirmed';
}

async function settleAnswer(
  tx: Tx,
  locked: LockedOrganisation,
  account: Account,
  answer: BankAnswer,
): Promise<BankAnswerEffect> {
  const now = answer.now ?? new Date();
  const taken = answer.confirmed && (await isTaken(tx, account));
  const confirmed = answer.confirmed && !taken;
  const reason = taken ? ('member.bank_account_taken' satisfies ProblemCode) : answer.reason;
  const change = account.changeProposalId !== null && account.status !== 'confirmed';
  if (!change) {
    const to = await moveOrganisation(tx, locked, {
      move: confirmed ? 'confirm_bank' : 'refuse_bank',
      by: 'bank',
      reason,
      now,
    });
    if (!to) return 'unknown';
  }
  // Money goes to a changed account only later: whoever was robbed of a login has time to notice.
  const wasMember = locked.activeAt !== null;
  const paysFrom = account.paysFrom ?? new Date(now.getTime() + (wasMember ? ACCOUNT_COOL_OFF_MS : 0));
  await orm(tx)
    .update(bankAccount)
    .set({
      status: confirmed ? 'confirmed' : 'refused',
      reason: confirmed ? null : (reason ?? null),
      submittedAt: account.submittedAt ?? now,
      answeredAt: now,
      paysFrom: confirmed ? paysFrom : null,
    })
    .where(eq(bankAccount.id, account.id));
  if (!confirmed) return 'refused';
  if (change) await retireLater(tx, locked.id, account.id, paysFrom);
  else await activate(tx, locked.id, now);
  return 'active';
}

async function activate(tx: Tx, organisationId: string, now: Date): Promise<void> {
  const locked = await lockOrganisation(tx, organisationId);
  await moveOrganisation(tx, locked!, { move: 'activate', by: 'system', now });
  // One that was stopped by expiry trades again.
  if (locked!.activeAt)
    await enqueueMarket(tx, { organisationId, action: 'resume', occasion: `active:${now.toISOString()}` });
}

async function retireLater(tx: Tx, organisationId: string, accountId: string, paysFrom: Date): Promise<void> {
  await enqueue(tx, {
    effectKey: `${RETIRE_ACCOUNTS}:${accountId}`,
    topic: RETIRE_ACCOUNTS,
    payload: { organisationId },
    notBefore: paysFrom,
  });
}

/** Once the newest account is paid to, those before it are free for whoever owns them next. */
export async function retireAccounts(tx: Tx, organisationId: string, now: Date): Promise<void> {
  await lockOrganisation(tx, organisationId);
  await tx`update bank_account set status = 'refused', reason = 'replaced', pays_from = null
    where organisation_id = ${organisationId} and status = 'confirmed' and pays_from <
      (select max(pays_from) from bank_account where organisation_id = ${organisationId}
          and status = 'confirmed' and pays_from <= ${now})`;
}

async function isTaken(tx: Tx, account: Account): Promise<boolean> {
  const rows = await tx`select 1 from bank_account where bank_code = ${account.bankCode}
    and account_number = ${account.accountNumber} and status = 'confirmed' and id <> ${account.id}`;
  return rows.length > 0;
}

async function wasAnswered(tx: Tx, named: ReturnType<typeof and>, confirmed: boolean): Promise<boolean> {
  const rows = await orm(tx)
    .select({ id: bankAccount.id })
    .from(bankAccount)
    .where(and(named, eq(bankAccount.status, confirmed ? 'confirmed' : 'refused')))
    .limit(1);
  return rows.length > 0;
}
