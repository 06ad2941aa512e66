/** The centre decides and the company answers: moves of a certification that people make. */
import type { CertificationDecision, ResubmissionInput } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { currentAccount } from '../bank/send.ts';
import { checkPrintable } from '../printable.ts';
import { checkBankAccount, normalEmail, refuseFields } from '../rules.ts';
import { bankAccount, organisation } from '../tables.ts';
import { type EffectDeps, whyNot } from '../two-person/effects.ts';
import { holdsOffice } from '../two-person/offices.ts';
import { propose } from '../two-person/propose.ts';
import { type LockedOrganisation, lockOrganisation, moveOrganisation } from './steps.ts';

export type Decided = {
  readonly organisationId: string;
  readonly decision: CertificationDecision;
  readonly reason: string;
  readonly principal: Principal;
  readonly now: Date;
};

/** Taking up and asking need one person and happen at once; what changes a membership is proposed to a second one. */
export async function decide(tx: Tx, deps: EffectDeps, given: Decided): Promise<Refusal | undefined> {
  const { organisationId, decision, reason, principal, now } = given;
  const { personId } = principal;
  if (!holdsOffice(principal, decision)) return refuse('two_person.office');
  const found = await lockOrganisation(tx, organisationId);
  if (!found) return refuse('resource.not_found');
  const locked = await takenUp(tx, found, given);
  if (decision === 'start_review' && locked !== found) return undefined;
  const cannot = await whyNot(tx, deps, { locked, decision, now });
  if (cannot) return cannot;
  if (decision !== 'start_review' && decision !== 'request_info') {
    const proposed = await propose(tx, {
      side: 'centre',
      organisationId,
      kind: decision,
      reason,
      personId,
      now,
    });
    return isRefusal(proposed) ? proposed : undefined;
  }
  await moveOrganisation(tx, locked, { move: decision, by: 'centre', personId, reason, now });
  await audit(tx, {
    personId,
    action: `certification.${decision}`,
    subject: `organisation:${organisationId}`,
    detail: { from: locked.status, reason },
  });
  return undefined;
}

/** Whoever decides about what nobody has taken up yet takes it up. */
async function takenUp(
  tx: Tx,
  locked: LockedOrganisation,
  { principal, now }: Decided,
): Promise<LockedOrganisation> {
  if (locked.status !== 'submitted') return locked;
  const { personId } = principal;
  await moveOrganisation(tx, locked, { move: 'start_review', by: 'centre', personId, now });
  return { ...locked, status: 'under_review', statusSince: now };
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
  // A draft and an expired member hand in papers instead (`submitCompany`).
  if (locked.status !== 'needs_info' || !(await moveOrganisation(tx, locked, move)))
    return refuse('state.conflict', { detail: `the company is ${locked.status}` });
  const facts = {
    name: input.name?.trim() ?? locked.name,
    nameZh: input.nameZh?.trim() ?? locked.nameZh,
    address: input.address?.trim() ?? locked.address,
    contactName: input.contact?.name.trim() ?? locked.contactName,
    contactEmail: input.contact ? normalEmail(input.contact.email) : locked.contactEmail,
    contactPhone: input.contact?.phone ?? locked.contactPhone,
  };
  const { name, nameZh, address } = facts;
  const cannot = await checkPrintable({ name, nameZh, address });
  if (cannot) return cannot;
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
  // What the bank has confirmed is changed by two people of the company, never beside other corrections.
  if (current?.status === 'confirmed')
    return refuse('state.conflict', { detail: 'a confirmed account is changed by two people' });
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
