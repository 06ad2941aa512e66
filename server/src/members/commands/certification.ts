/** The centre decides, the company answers, the bank confirms: every move of a certification. */
import type { CertificationDecision, ProblemCode, ResubmissionInput } from '@seam/protocol';
import { and, eq, inArray, ne } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { decisionsIn } from '../lifecycle.ts';
import { checkBankAccount, normalEmail, refuseFields } from '../rules.ts';
import { tellSuspended } from '../sessions.ts';
import { bankAccount, organisation } from '../tables.ts';
import { type LockedOrganisation, lockOrganisation, moveOrganisation } from './steps.ts';

export const SUBMIT_CERTIFICATION = 'members.submit_certification';

/** A decision of the centre. Certifying sends the result to the company's bank after the commit. */
export async function decide(
  tx: Tx,
  given: {
    readonly organisationId: string;
    readonly decision: CertificationDecision;
    readonly reason: string;
    readonly personId: string;
    readonly now: Date;
  },
): Promise<Refusal | undefined> {
  const { organisationId, decision, reason, personId, now } = given;
  const locked = await lockOrganisation(tx, organisationId);
  if (!locked) return refuse('resource.not_found');
  const to = await moveOrganisation(tx, locked, { move: decision, by: 'centre', personId, reason, now });
  if (!to) {
    const possible = decisionsIn(locked.status).join(', ');
    return refuse('member.decision_not_possible', {
      detail: `the company is ${locked.status}`,
      accepted: { decision: possible === '' ? 'none' : possible },
    });
  }
  await audit(tx, {
    personId,
    action: `certification.${decision}`,
    subject: `organisation:${organisationId}`,
    detail: { from: locked.status, to, reason },
  });
  if (decision === 'certify') await sendToBank(tx, organisationId);
  if (decision === 'suspend') await tellSuspended(tx, organisationId, now);
  return undefined;
}

async function sendToBank(tx: Tx, organisationId: string): Promise<void> {
  const account = await currentAccount(tx, organisationId);
  if (!account) throw new Error(`organisation ${organisationId} is certified without a bank account`);
  // An account is sent once: refused, it is never asked about again, another one takes its place.
  await enqueue(tx, {
    effectKey: `${SUBMIT_CERTIFICATION}:${account.id}`,
    topic: SUBMIT_CERTIFICATION,
    payload: { organisationId, bankAccountId: account.id },
  });
}

async function currentAccount(
  tx: Tx,
  organisationId: string,
): Promise<typeof bankAccount.$inferSelect | undefined> {
  return first(
    await orm(tx)
      .select()
      .from(bankAccount)
      .where(and(eq(bankAccount.organisationId, organisationId), ne(bankAccount.status, 'refused'))),
  );
}

/** The company answers a request for more, with corrections; it waits for the centre again. */
export async function resubmit(
  tx: Tx,
  principal: Principal,
  input: ResubmissionInput,
  now: Date,
): Promise<Refusal | undefined> {
  const locked = await lockOrganisation(tx, principal.organisationId);
  if (!locked) return refuse('resource.not_found');
  const move = {
    move: 'submit',
    by: 'company',
    personId: principal.personId,
    reason: input.note,
    now,
  } as const;
  if (!(await moveOrganisation(tx, locked, move)))
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const facts = {
    name: input.name?.trim() ?? locked.name,
    nameZh: input.nameZh?.trim() ?? locked.nameZh,
    address: input.address?.trim() ?? locked.address,
    contactName: input.contact?.name.trim() ?? locked.contactName,
    contactEmail: input.contact ? normalEmail(input.contact.email) : locked.contactEmail,
    contactPhone: input.contact?.phone ?? locked.contactPhone,
  };
  await orm(tx).update(organisation).set(facts).where(eq(organisation.id, locked.id));
  return replaceAccount(tx, { ...locked, ...facts }, input, now);
}

async function replaceAccount(
  tx: Tx,
  company: LockedOrganisation,
  input: ResubmissionInput,
  now: Date,
): Promise<Refusal | undefined> {
  const current = await currentAccount(tx, company.id);
  const given = input.bankAccount ?? current;
  if (!given) return refuse('request.invalid', { fields: { 'bankAccount.accountNumber': 'required' } });
  // The holder is compared with the corrected name, also of an account that stays.
  const { value, fields } = checkBankAccount(given, company);
  const refusal = refuseFields(fields);
  if (refusal || !input.bankAccount) return refusal;
  if (current)
    await orm(tx)
      .update(bankAccount)
      .set({ status: 'refused', reason: 'replaced', answeredAt: now })
      .where(eq(bankAccount.id, current.id));
  await orm(tx)
    .insert(bankAccount)
    .values({ id: newId(), organisationId: company.id, ...value, status: 'pending', createdAt: now });
  return undefined;
}

/** The bank has been asked. Its answer may have come first; then nothing is left to write. */
export async function markSubmitted(
  tx: Tx,
  given: { readonly organisationId: string; readonly bankAccountId: string; readonly now: Date },
): Promise<void> {
  const { now } = given;
  const locked = await lockOrganisation(tx, given.organisationId);
  if (!locked || !(await moveOrganisation(tx, locked, { move: 'notify_bank', by: 'system', now }))) return;
  await orm(tx)
    .update(bankAccount)
    .set({ status: 'submitted', submittedAt: now })
    .where(and(eq(bankAccount.id, given.bankAccountId), eq(bankAccount.status, 'pending')));
}

export type BankAnswer = {
  /**
   * What names the account, one or more. The id that the bank was given is the safest: a late answer about an
   * account that was replaced then changes nothing. A number alone must be of one waiting company only.
   */
  readonly bankAccountId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly accountNumber?: string | undefined;
  readonly confirmed: boolean;
  readonly reason?: string | undefined;
  readonly now?: Date;
};
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
  const candidates = await orm(tx)
    .select({ id: bankAccount.id, organisationId: bankAccount.organisationId })
    .from(bankAccount)
    .innerJoin(organisation, eq(organisation.id, bankAccount.organisationId))
    .where(
      and(
        named,
        inArray(bankAccount.status, ['pending', 'submitted']),
        inArray(organisation.status, ['certified', 'bank_notified']),
      ),
    );
  if (candidates.length > 1) return 'ambiguous';
  const [candidate] = candidates;
  const locked = candidate && (await lockOrganisation(tx, candidate.organisationId));
  const account = locked && (await currentAccount(tx, locked.id));
  // Under the lock the other delivery of the same answer may be seen to have been faster.
  if (!account || account.id !== candidate.id || account.status === 'confirmed')
    return (await wasAnswered(tx, named, answer.confirmed)) ? 'already' : 'unknown';
  return settleAnswer(tx, locked, account, answer);
}

async function settleAnswer(
  tx: Tx,
  locked: LockedOrganisation,
  account: typeof bankAccount.$inferSelect,
  answer: BankAnswer,
): Promise<BankAnswerEffect> {
  const now = answer.now ?? new Date();
  const sameAccount = await orm(tx)
    .select({ id: bankAccount.id })
    .from(bankAccount)
    .where(
      and(
        eq(bankAccount.bankCode, account.bankCode),
        eq(bankAccount.accountNumber, account.accountNumber),
        eq(bankAccount.status, 'confirmed'),
      ),
    );
  const taken = answer.confirmed && sameAccount.length > 0;
  const confirmed = answer.confirmed && !taken;
  const reason = taken ? ('member.bank_account_taken' satisfies ProblemCode) : answer.reason;
  const move = confirmed ? 'confirm_bank' : 'refuse_bank';
  const to = await moveOrganisation(tx, locked, { move, by: 'bank', reason, now });
  if (!to) return 'unknown';
  await orm(tx)
    .update(bankAccount)
    .set({
      status: confirmed ? 'confirmed' : 'refused',
      reason: confirmed ? null : (reason ?? null),
      submittedAt: account.submittedAt ?? now,
      answeredAt: now,
    })
    .where(eq(bankAccount.id, account.id));
  return confirmed ? 'active' : 'refused';
}

async function wasAnswered(tx: Tx, named: ReturnType<typeof and>, confirmed: boolean): Promise<boolean> {
  const rows = await orm(tx)
    .select({ id: bankAccount.id })
    .from(bankAccount)
    .where(and(named, eq(bankAccount.status, confirmed ? 'confirmed' : 'refused')))
    .limit(1);
  return rows.length > 0;
}
