/**
 * What the centre does in a dispute: hear it or not, decide by two persons, and when a side appeals by two others.
 * Money moves when a decision is final, not before.
 */
import type { DISPUTE_REJECTIONS } from '@seam/protocol';
import { formatMoney, minor, parseMoney } from '@seam/units';
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { type Claim, amountOf } from './claim.ts';
import { endFees } from './fee.ts';
import { finish } from './finish.ts';
import { TIME_BOXES, decisionMove, moveDispute } from './lifecycle.ts';
import { resume } from './money.ts';
import { type By, advance, lockDispute } from './row.ts';
import { type Side, outcomeOf } from './rules.ts';
import { type DisputeRow, type ProposalRow, decision, proposal } from './tables.ts';

const ofCentre = (principal: Pick<Principal, 'personId'>): By => ({
  side: 'centre',
  personId: principal.personId,
});

/** @param by nobody: the centre's time to say otherwise is over. */
export async function admit(tx: Tx, by: By, id: string, now: Date): Promise<Refusal | undefined> {
  const locked = await lockDispute(tx, id);
  if (!locked) return refuse('resource.not_found');
  const { row } = locked;
  if (!moveDispute(row.state, 'admit')) return refuse('dispute.not_awaited');
  const evidenceUntil = new Date(now.getTime() + TIME_BOXES.evidence.ms);
  await advance(tx, row, 'admit', { by, now, as: 'admit', set: { evidenceUntil } });
  return undefined;
}

export async function reject(
  tx: Tx,
  principal: Principal,
  of: {
    readonly id: string;
    readonly reason: (typeof DISPUTE_REJECTIONS)[number];
    readonly text: string;
    readonly now: Date;
  },
): Promise<Refusal | undefined> {
  const locked = await lockDispute(tx, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, settlement } = locked;
  if (!moveDispute(row.state, 'reject')) return refuse('dispute.not_awaited');
  await endFees(tx, settlement, row, { filing: 'payer', appeal: 'payer' });
  const set = { rejection: of.reason, rejectionText: of.text };
  await advance(tx, row, 'reject', { by: ofCentre(principal), now: of.now, as: 'reject', set });
  await resume(tx, settlement, row.id, of.now);
  await audit(tx, principal, 'dispute.reject', row.id, of.text);
  return undefined;
}

export type Proposed = Claim & {
  readonly id: string;
  readonly compensation?: { readonly owedBy: Side; readonly amount: string };
  readonly reasons: string;
  readonly now: Date;
};

/** The first of two; a later proposal takes the place of the one before. */
export async function propose(tx: Tx, principal: Principal, of: Proposed): Promise<Refusal | undefined> {
  const locked = await lockDispute(tx, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, settlement } = locked;
  const instance = instanceOf(row);
  if (!instance) return refuse('dispute.not_awaited');
  if (await tookPart(tx, row, principal.personId)) return refuse('dispute.same_persons');
  const named = await amountOf(tx, settlement, of);
  if (isRefusal(named)) return named;
  const { low, high } = row;
  if (named.amount < low || named.amount > high)
    return refuse('dispute.out_of_range', {
      fields: { amount: 'dispute.out_of_range' },
      accepted: { from: formatMoney(minor(low)), to: formatMoney(minor(high)) },
    });
  const compensation = parseMoney(of.compensation?.amount ?? '0') ?? minor(0n);
  const most = settlement.provisionalAmount;
  if (of.compensation && (compensation <= 0n || compensation > most))
    return refuse('request.invalid', {
      fields: { compensation: compensation > most ? 'too_large' : 'not_positive' },
      accepted: { compensation: formatMoney(most) },
    });
  const last = await lastProposal(tx, row.id);
  await orm(tx)
    .insert(proposal)
    .values({
      disputeId: row.id,
      number: (last?.number ?? 0) + 1,
      instance,
      amount: named.amount,
      compensation,
      owedBy: of.compensation?.owedBy ?? null,
      reasons: of.reasons,
      proposedBy: principal.personId,
      proposedAt: of.now,
    });
  await audit(tx, principal, 'dispute.propose', row.id, of.reasons);
  return undefined;
}

/** The second of two. The first decision waits for an appeal; that of the appeal is final. */
export async function confirm(
  step: BankStep,
  ports: TradePorts,
  principal: Principal,
  of: { readonly id: string; readonly proposal: number },
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const locked = await lockDispute(tx, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row } = locked;
  const instance = instanceOf(row);
  if (!instance) return refuse('dispute.not_awaited');
  const last = await lastProposal(tx, row.id);
  if (last?.number !== of.proposal || last.instance !== instance) return refuse('dispute.proposal_changed');
  if (last.proposedBy === principal.personId) return refuse('two_person.own');
  if (await tookPart(tx, row, principal.personId)) return refuse('dispute.same_persons');
  const made = {
    disputeId: row.id,
    instance,
    proposal: last.number,
    confirmedBy: principal.personId,
    at: now,
  };
  await orm(tx).insert(decision).values(made);
  await audit(tx, principal, 'dispute.confirm', row.id, String(last.number));
  const by = ofCentre(principal);
  if (instance === 2) return finish(step, ports, { ...locked, by });
  const outcome = outcomeOf(row.side, row.claimed, row, last);
  await advance(tx, row, decisionMove(outcome), { by, now, as: 'decide' });
  return undefined;
}

/** Which decision is awaited from the centre now. */
export function instanceOf({ state }: Pick<DisputeRow, 'state'>): 1 | 2 | undefined {
  if (state === 'decision') return 1;
  return state === 'appealed' ? 2 : undefined;
}

export async function lastProposal(tx: Connection, id: string): Promise<ProposalRow | undefined> {
  return first(
    await orm(tx)
      .select()
      .from(proposal)
      .where(eq(proposal.disputeId, id))
      .orderBy(desc(proposal.number))
      .limit(1),
  );
}

/** Whether this person proposed or confirmed the decision that is appealed against. */
export async function tookPart(tx: Connection, row: DisputeRow, personId: string): Promise<boolean> {
  if (row.state !== 'appealed') return false;
  const rows = await orm(tx)
    .select({ confirmedBy: decision.confirmedBy, proposedBy: proposal.proposedBy })
    .from(decision)
    .innerJoin(
      proposal,
      and(eq(proposal.disputeId, decision.disputeId), eq(proposal.number, decision.proposal)),
    )
    .where(and(eq(decision.disputeId, row.id), eq(decision.instance, 1)));
  assert(rows.length === 1, `appeal of dispute ${row.id} against no decision`);
  return rows.some((one) => one.confirmedBy === personId || one.proposedBy === personId);
}

async function audit(
  tx: Tx,
  { personId }: Principal,
  action: string,
  id: string,
  reason: string,
): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${id}, ${tx.json({ reason })})`;
}
