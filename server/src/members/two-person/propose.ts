/** The first person says what shall be done and why. Nothing changes yet; after three days it is forgotten. */
import type { PartyProposalKind } from '@seam/protocol';
import type { JSONValue } from 'postgres';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { PROPOSAL_MS } from '../limits.ts';

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
  return { id };
}
