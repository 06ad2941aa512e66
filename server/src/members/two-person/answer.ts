/**
 * The second person approves, and it is done in the same transaction; or says no; or the first takes it back.
 * Of two who answer at once one is told that it is decided. Nobody approves an own proposal, whatever roles.
 */
import type { PartyProposalKind } from '@seam/protocol';
import type { Tx } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { lockOrganisation } from '../commands/steps.ts';
import { settled } from '../dossier/notices.ts';
import { type EffectDeps, effectOf } from './effects.ts';
import { holdsOffice } from './offices.ts';

export type ProposalRow = {
  readonly id: string;
  readonly side: 'centre' | 'company';
  readonly organisationId: string;
  readonly kind: PartyProposalKind;
  readonly payload: Record<string, unknown>;
  readonly reason: string;
  readonly proposedBy: string;
  readonly expiresAt: Date;
  readonly state: string;
};
export type Answered = {
  readonly id: string;
  readonly reason: string;
  readonly principal: Principal;
  readonly now: Date;
};

export async function approveProposal(
  tx: Tx,
  deps: EffectDeps,
  given: Answered,
): Promise<Refusal | undefined> {
  const row = await openProposal(tx, given);
  if ('refused' in row) return row;
  const { principal, now } = given;
  if (row.proposedBy === principal.personId) return refuse('two_person.own');
  if (!holdsOffice(principal, row.kind)) return refuse('two_person.office');
  const refusal = await effectOf(row.kind)(tx, deps, { row, approvedBy: principal.personId, now });
  if (refusal) return refusal;
  return settle(tx, row, { ...given, state: 'approved' });
}

export async function refuseProposal(tx: Tx, given: Answered): Promise<Refusal | undefined> {
  const row = await openProposal(tx, given);
  if ('refused' in row) return row;
  const own = row.proposedBy === given.principal.personId;
  if (!own && !holdsOffice(given.principal, row.kind)) return refuse('two_person.office');
  return settle(tx, row, { ...given, state: own ? 'withdrawn' : 'refused' });
}

/** Locked, company first, as every command does; another company's proposal does not exist. */
async function openProposal(tx: Tx, { id, principal, now }: Answered): Promise<ProposalRow | Refusal> {
  const unknown = refuse('resource.not_found');
  if (!/^[0-9a-f-]{36}$/.test(id)) return unknown;
  const side = principal.staff ? 'centre' : 'company';
  const [named] = await tx<{ organisationId: string }[]>`select organisation_id as "organisationId"
    from party_proposal where id = ${id} and side = ${side}
     and (${side} = 'centre' or organisation_id = ${principal.organisationId})`;
  if (!named) return unknown;
  await lockOrganisation(tx, named.organisationId);
  const [row] = await tx<ProposalRow[]>`
    select id, side, organisation_id as "organisationId", kind, payload, reason, proposed_by as "proposedBy",
           expires_at as "expiresAt", state from party_proposal where id = ${id} for update`;
  if (!row) return unknown;
  if (row.state === 'expired' || (row.state === 'open' && row.expiresAt <= now))
    return refuse('two_person.expired');
  if (row.state !== 'open') return refuse('two_person.decided', { accepted: { state: row.state } });
  return row;
}

async function settle(
  tx: Tx,
  row: ProposalRow,
  { reason, principal, now, state }: Answered & { readonly state: 'approved' | 'refused' | 'withdrawn' },
): Promise<undefined> {
  await tx`update party_proposal set state = ${state}, decided_by = ${principal.personId}, decided_at = ${now},
      decided_reason = ${reason} where id = ${row.id}`;
  await audit(tx, {
    personId: principal.personId,
    action: `${state}.${row.kind}`,
    subject: `organisation:${row.organisationId}`,
    detail: { proposalId: row.id, proposedBy: row.proposedBy, proposedReason: row.reason, reason },
  });
  await settled(tx, `proposal:${row.id}`, now);
}
