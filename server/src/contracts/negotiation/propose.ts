/** Asking the other party for other terms, and the answers that change nothing: no, another wish, never mind. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import type { NewProposal } from '@seam/protocol';
import { and, count, eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { type Change, type Wished, termsSha256, wish } from '../terms.ts';
import { PROPOSALS_MAX, type SettlementStage, type Side, groundOf, seenBy } from './ground.ts';
import { lockRow } from './rows.ts';
import { type ProposalRow, contractProposal } from './tables.ts';

const HOUR_MS = 3600_000;

export async function propose(
  tx: Tx,
  principal: Principal,
  input: NewProposal & { contractId: string; now: Date; stageOf: SettlementStage },
): Promise<{ contractId: string } | Refusal> {
  const seen = await seenBy(tx, input.contractId, principal);
  if (!seen?.side) return refuse('resource.not_found');
  const { side } = seen;
  const row = await lockRow(tx, seen.row.id);
  const ground = await groundOf(tx, row, input.stageOf, true);
  if (isRefusal(ground)) return ground;
  if (input.baseVersion !== row.version) return refuse('contract.stale_version');
  const wished = wish(ground.terms, input.changes, { side, stage: ground.stage });
  if (!wished.ok) return refusedTerms(wished);
  // It is printed in a document: one line of readable characters.
  const reason = input.reason.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  if (reason.length < 3) return refuse('request.invalid', { fields: { reason: 'too_short' } });
  const room = await makeRoom(tx, {
    contractId: row.id,
    side,
    counters: input.counters,
    now: input.now,
    principal,
  });
  if (isRefusal(room)) return room;
  const proposal = {
    contractId: row.id,
    baseVersion: row.version,
    baseTermsSha256: termsSha256(ground.terms),
    side,
    changes: wished.changes,
    reason,
    counters: input.counters ?? null,
    expiresAt: new Date(input.now.getTime() + input.validHours * HOUR_MS).toISOString(),
  };
  await orm(tx)
    .insert(contractProposal)
    .values({
      ...proposal,
      id: newId(),
      baseTermsSha256: Buffer.from(proposal.baseTermsSha256, 'hex'),
      personId: principal.personId,
      changes: canonicalJson(proposal.changes),
      sha256: createHash('sha256').update(canonicalJson(proposal)).digest(),
      state: 'open',
      createdAt: input.now,
      expiresAt: new Date(proposal.expiresAt),
    });
  return { contractId: row.id };
}

/** One proposal is open at a time. Whoever has another wish than the other party answers it by its own. */
async function makeRoom(
  tx: Tx,
  of: { contractId: string; side: Side; counters: string | undefined; now: Date; principal: Principal },
): Promise<undefined | Refusal> {
  const mine = eq(contractProposal.contractId, of.contractId);
  const [made] = await orm(tx).select({ n: count() }).from(contractProposal).where(mine);
  if (made!.n >= PROPOSALS_MAX) return refuse('contract.proposals_exhausted');
  const open = first(
    await orm(tx)
      .select()
      .from(contractProposal)
      .where(and(mine, eq(contractProposal.state, 'open')))
      .for('update'),
  );
  if (open && open.expiresAt <= of.now) await close(tx, open, { state: 'expired', now: of.now });
  const standing = open && open.expiresAt > of.now ? open : undefined;
  if (of.counters === undefined) return standing && refuse('contract.proposal_open');
  if (standing?.id !== of.counters) return refuse('contract.proposal_closed');
  if (standing.side === of.side) return refuse('contract.proposal_own');
  await close(tx, standing, { state: 'countered', now: of.now, by: of.principal.personId });
  return undefined;
}

export async function rejectProposal(
  tx: Tx,
  principal: Principal,
  input: { proposalId: string; reason: string; now: Date },
): Promise<{ contractId: string } | Refusal> {
  const found = await openProposal(tx, principal, input.proposalId, input.now);
  if (isRefusal(found)) return found;
  if (found.mine) return refuse('contract.proposal_own');
  const answer = { state: 'rejected', now: input.now, by: principal.personId, answer: input.reason } as const;
  await close(tx, found.proposal, answer);
  return { contractId: found.proposal.contractId };
}

export async function withdrawProposal(
  tx: Tx,
  principal: Principal,
  input: { proposalId: string; now: Date },
): Promise<{ contractId: string } | Refusal> {
  const found = await openProposal(tx, principal, input.proposalId, input.now);
  // Past its time it is closed all the same: whoever withdraws wants it gone.
  if (isRefusal(found))
    return found.refused === 'contract.proposal_expired' ? refuse('contract.proposal_closed') : found;
  if (!found.mine) return refuse('contract.proposal_own');
  await close(tx, found.proposal, { state: 'withdrawn', now: input.now, by: principal.personId });
  return { contractId: found.proposal.contractId };
}

/** A proposal that can still be answered, its row locked. Locks contract before proposal, like every writer. */
export async function openProposal(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<{ proposal: ProposalRow; mine: boolean } | Refusal> {
  const known = await proposalSeen(tx, principal, id);
  if (!known) return refuse('resource.not_found');
  await lockRow(tx, known.proposal.contractId);
  const proposal = first(
    await orm(tx).select().from(contractProposal).where(eq(contractProposal.id, id)).for('update'),
  )!;
  if (proposal.state !== 'open') return refuse('contract.proposal_closed');
  if (proposal.expiresAt <= now) return refuse('contract.proposal_expired');
  return { proposal, mine: proposal.side === known.side };
}

/** A proposal as a party may answer it: staff reads, but does not negotiate. */
export async function proposalSeen(
  connection: Connection,
  principal: Principal,
  id: string,
): Promise<{ proposal: ProposalRow; side: Side } | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const proposal = first(
    await orm(connection).select().from(contractProposal).where(eq(contractProposal.id, id)),
  );
  const seen = proposal && (await seenBy(connection, proposal.contractId, principal));
  return proposal && seen?.side ? { proposal, side: seen.side } : undefined;
}

export async function close(
  tx: Tx,
  proposal: ProposalRow,
  of: { state: Exclude<ProposalRow['state'], 'open'>; now: Date; by?: string; answer?: string },
): Promise<void> {
  await orm(tx)
    .update(contractProposal)
    .set({ state: of.state, decidedAt: of.now, decidedBy: of.by ?? null, answer: of.answer ?? null })
    .where(eq(contractProposal.id, proposal.id));
}

export const changesOf = (proposal: Pick<ProposalRow, 'changes'>): Change[] =>
  JSON.parse(proposal.changes) as Change[];

/** Each value with why it cannot be. What comes too late has a code of its own. */
export function refusedTerms({ problems }: Extract<Wished, { ok: false }>): Refusal {
  const late = problems.some(({ code }) => code === 'too_late');
  return refuse(late ? 'contract.terms_too_late' : 'contract.terms_refused', {
    fields: Object.fromEntries(problems.map(({ path, code }) => [path === '' ? 'changes' : path, code])),
  });
}
