/** Proposals as the wire shows them to one reader. Whoever calls has checked who may see which. */
import type { PartyProposalState, PartyProposalView } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { PROPOSALS_SHOWN } from '../limits.ts';
import type { ProposalRow } from './answer.ts';
import { holdsOffice } from './offices.ts';

type Row = ProposalRow & {
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decidedReason: string | null;
  readonly organisation: PartyProposalView['organisation'];
  readonly proposer: string;
  readonly decider: string | null;
  readonly withName: string | null;
};
type Reader = { readonly principal: Principal; readonly now: Date };
type Which =
  | { readonly id: string }
  | { readonly open: 'centre' }
  | { readonly side: 'centre' | 'company'; readonly organisationId: string };

export async function proposalViews(
  connection: Connection,
  which: Which,
  reader: Reader,
): Promise<PartyProposalView[]> {
  const condition =
    'id' in which
      ? connection`p.id = ${which.id}`
      : 'open' in which
        ? connection`p.side = 'centre' and p.state = 'open' and p.expires_at > ${reader.now}`
        : connection`p.side = ${which.side} and p.organisation_id = ${which.organisationId}`;
  const rows = await connection<Row[]>`
    select p.id, p.side, p.organisation_id as "organisationId", p.kind, p.payload, p.reason, p.state,
           p.proposed_by as "proposedBy", p.proposed_at as "proposedAt", p.expires_at as "expiresAt",
           p.decided_by as "decidedBy", p.decided_at as "decidedAt", p.decided_reason as "decidedReason",
           a.name as proposer, b.name as decider, other.name as "withName",
           json_build_object('id', o.id, 'name', o.name, 'nameZh', o.name_zh, 'status', o.status) as organisation
      from party_proposal p join organisation o on o.id = p.organisation_id
      join person a on a.id = p.proposed_by left join person b on b.id = p.decided_by
      left join organisation other on other.id = p.payload->>'with'
     where ${condition}
     order by (p.state = 'open') desc, case when p.state = 'open' then p.expires_at end, p.proposed_at desc, p.id
     limit ${PROPOSALS_SHOWN}`;
  return rows.map((row) => view(row, reader));
}

function view(row: Row, { principal, now }: Reader): PartyProposalView {
  const state: PartyProposalState =
    row.state === 'open' && row.expiresAt <= now ? 'expired' : (row.state as PartyProposalState);
  const own = row.proposedBy === principal.personId;
  return {
    id: row.id,
    kind: row.kind,
    state,
    organisation: row.organisation,
    subject: subjectOf(row),
    reason: row.reason,
    proposedBy: { id: row.proposedBy, name: row.proposer },
    proposedAt: row.proposedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedBy: row.decidedBy === null ? null : { id: row.decidedBy, name: row.decider ?? '' },
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decidedReason: row.decidedReason,
    mayApprove: state === 'open' && !own && holdsOffice(principal, row.kind),
    mayWithdraw: state === 'open' && own,
  };
}

const ACCOUNT = ['holderName', 'accountNumber', 'bankCode', 'bankName', 'currency'] as const;

function subjectOf({ kind, payload, withName }: Row): PartyProposalView['subject'] {
  if (kind === 'bank_account') return ACCOUNT.map((name) => ({ name, value: String(payload[name] ?? '') }));
  if (kind !== 'relate') return [];
  const shares = Array.isArray(payload['shares']) ? payload['shares'].map(String) : [];
  return [{ name: 'with', value: withName ?? '' }, ...shares.map((value) => ({ name: 'share', value }))];
}
