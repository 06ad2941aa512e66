/** The first person says what shall be done and why. Nothing changes yet; after three days it is forgotten. */
import type { PartyProposalKind } from '@seam/protocol';
import type { JSONValue } from 'postgres';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { type Notice, tellOffices, tellPeople } from '../dossier/notices.ts';
import { PROPOSAL_MS } from '../limits.ts';
import { organisationById } from '../queries.ts';
import { APPROVERS, OFFICES } from './offices.ts';

export type Proposed = {
  readonly side: 'centre' | 'company';
  readonly organisationId: string;
  readonly kind: PartyProposalKind;
  readonly payload?: Readonly<Record<string, JSONValue>>;
  readonly reason: string;
  readonly personId: string;
  readonly now: Date;
};

/** The caller holds the lock on the company and has found that it could be done now. */
export async function propose(tx: Tx, of: Proposed): Promise<{ id: string } | Refusal> {
  const { organisationId, kind, now } = of;
  await tx`update party_proposal set state = 'expired'
    where organisation_id = ${organisationId} and kind = ${kind} and state = 'open' and expires_at <= ${now}`;
  const id = newId();
  const { count } = await tx`insert into party_proposal
      (id, side, organisation_id, kind, payload, reason, proposed_by, proposed_at, expires_at)
    values (${id}, ${of.side}, ${organisationId}, ${kind}, ${tx.json(of.payload ?? {})}, ${of.reason}, ${of.personId},
      ${now}, ${new Date(now.getTime() + PROPOSAL_MS)})
    on conflict (organisation_id, kind) where state = 'open' do nothing`;
  if (count === 0) return refuse('two_person.open_already');
  await audit(tx, {
    personId: of.personId,
    action: `proposed.${kind}`,
    subject: `organisation:${organisationId}`,
    detail: { proposalId: id, reason: of.reason },
  });
  await tellSecond(tx, id, of);
  return { id };
}

/** Whoever may be the second person. */
async function tellSecond(tx: Tx, id: string, of: Proposed): Promise<void> {
  const { kind, organisationId, personId, now } = of;
  const company = await organisationById(tx, organisationId);
  const notice: Notice = {
    kind: 'proposal_waits',
    subject: company?.name ?? '',
    link: kind === 'bank_account' ? '/company/account' : `/staff/certification/${organisationId}`,
    about: `proposal:${id}`,
  };
  if (kind !== 'bank_account') return tellOffices(tx, OFFICES[kind], notice, { now, except: personId });
  const people = await tx<{ id: string }[]>`select id from person where organisation_id = ${organisationId}
    and disabled_at is null and roles && ${[...APPROVERS]} and id <> ${personId} order by id`;
  return tellPeople(
    tx,
    people.map((one) => one.id),
    notice,
    now,
  );
}
