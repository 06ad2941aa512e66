/** What is done when the second person has agreed. Looked at again now: three days may have passed. */
import type { CertificationDecision, PartyProposalKind } from '@seam/protocol';
import type { Tx } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { changeAccount } from '../bank/change.ts';
import { sendToBank } from '../bank/send.ts';
import { type LockedOrganisation, lockOrganisation, moveOrganisation } from '../commands/steps.ts';
import { incomplete } from '../dossier/commands.ts';
import { expireIfDue } from '../dossier/expiry.ts';
import { lacks, renewCertifiedUntil } from '../dossier/papers.ts';
import { dayOf } from '../dossier/rules.ts';
import { join, leave } from '../groups/groups.ts';
import { relatedTo } from '../groups/owner-group.ts';
import { after, decisionsIn } from '../lifecycle.ts';
import { enqueueMarket } from '../market-work.ts';
import { companyPrintable } from '../printable.ts';
import { tellSuspended } from '../sessions.ts';
import type { ProposalRow } from './answer.ts';

/** Counts of what is open, by what it is; nothing open is an empty object. */
export type OpenBusiness = (tx: Tx, organisationId: string) => Promise<Readonly<Record<string, number>>>;
export type EffectDeps = { readonly openBusiness: OpenBusiness };
type Given = { readonly row: ProposalRow; readonly approvedBy: string; readonly now: Date };
type Effect = (tx: Tx, deps: EffectDeps, given: Given) => Promise<Refusal | undefined>;

const effects: Readonly<Record<PartyProposalKind, Effect>> = {
  certify: decided('certify'),
  reject: decided('reject'),
  suspend: decided('suspend'),
  reinstate: decided('reinstate'),
  terminate: decided('terminate'),
  relate: async (tx, _deps, { row, now }) => {
    const other = String(row.payload['with']);
    if ((await relatedTo(tx, row.organisationId)).includes(other)) return refuse('member.related_already');
    await join(tx, { one: row.organisationId, other, proposalId: row.id, now });
    return undefined;
  },
  unrelate: async (tx, _deps, { row }) => {
    if ((await relatedTo(tx, row.organisationId)).length === 0) return refuse('member.not_related');
    await leave(tx, { organisationId: row.organisationId, proposalId: row.id });
    return undefined;
  },
  bank_account: async (tx, _deps, { row, now }) => changeAccount(tx, row, now),
};

export const effectOf = (kind: PartyProposalKind): Effect => effects[kind];

type Final = Exclude<CertificationDecision, 'start_review' | 'request_info'>;

function decided(decision: Final): Effect {
  return async (tx, deps, { row, approvedBy, now }) => {
    const locked = await lockOrganisation(tx, row.organisationId);
    assert(locked, `proposal ${row.id} about no company`);
    const cannot = await whyNot(tx, deps, { locked, decision, now });
    if (cannot) return cannot;
    const { reason } = row;
    await moveOrganisation(tx, locked, { move: decision, by: 'centre', personId: approvedBy, reason, now });
    await follow(tx, { locked, decision, row, now });
    return undefined;
  };
}

/** Why the decision cannot be taken now; asked when it is proposed, and again when it is approved. */
export async function whyNot(
  tx: Tx,
  { openBusiness }: EffectDeps,
  { locked, decision, now }: { locked: LockedOrganisation; decision: CertificationDecision; now: Date },
): Promise<Refusal | undefined> {
  if (!after(locked.status, decision)) {
    const possible = decisionsIn(locked.status).join(', ');
    return refuse('member.decision_not_possible', {
      detail: `the company is ${locked.status}`,
      accepted: { decision: possible === '' ? 'none' : possible },
    });
  }
  if (decision === 'certify') {
    const missing = await lacks(tx, locked.id, dayOf(now));
    return missing.length > 0 ? incomplete(missing) : companyPrintable(tx, locked);
  }
  if (decision !== 'terminate') return undefined;
  const open = Object.entries(await openBusiness(tx, locked.id)).filter(([, count]) => count > 0);
  if (open.length === 0) return undefined;
  const counts = Object.fromEntries(open.map(([what, count]) => [what, String(count)]));
  const detail = open.map(([what, count]) => `${what} ${count}`).join(', ');
  return refuse('member.business_open', { detail, fields: counts });
}

async function follow(
  tx: Tx,
  {
    locked,
    decision,
    row,
    now,
  }: { locked: LockedOrganisation; decision: Final; row: ProposalRow; now: Date },
): Promise<void> {
  const { id: organisationId } = locked;
  const occasion = row.id;
  switch (decision) {
    case 'certify':
      await renewCertifiedUntil(tx, organisationId, dayOf(now));
      return sendToBank(tx, organisationId);
    case 'reinstate':
      await tx`update organisation set public_reason = null where id = ${organisationId}`;
      await enqueueMarket(tx, { organisationId, action: 'resume', occasion });
      await expireIfDue(tx, organisationId, now);
      return undefined;
    case 'suspend':
    case 'terminate':
      await tx`update organisation set public_reason = ${row.reason} where id = ${organisationId}`;
      await tellSuspended(tx, organisationId, now);
      return enqueueMarket(tx, { organisationId, action: 'stop', occasion });
    case 'reject':
      return undefined;
    default:
      return decision satisfies never;
  }
}
