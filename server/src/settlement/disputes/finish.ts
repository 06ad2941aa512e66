/** How a decision becomes final: nobody appealed in time, both sides did without, or the appeal was decided. */
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { holdFee } from './fee.ts';
import { APPEAL_EVIDENCE_MS, moveDispute } from './lifecycle.ts';
import { conclude } from './money.ts';
import { type By, type Locked, advance, change, lockAsParty, note } from './row.ts';
import { appealHelped, feeKept, feeOf, losers, outcomeOf } from './rules.ts';
import { type ProposalRow, decision, proposal } from './tables.ts';

/** What was decided, the first time or in the appeal. */
export async function decidedIn(
  connection: Connection,
  id: string,
  instance?: 1 | 2,
): Promise<(ProposalRow & { readonly at: Date })[]> {
  const rows = await orm(connection)
    .select()
    .from(decision)
    .innerJoin(
      proposal,
      and(eq(proposal.disputeId, decision.disputeId), eq(proposal.number, decision.proposal)),
    )
    .where(
      and(eq(decision.disputeId, id), instance === undefined ? undefined : eq(decision.instance, instance)),
    )
    .orderBy(desc(decision.instance));
  return rows.map((row) => ({ ...row.dispute_proposal, at: row.dispute_decision.at }));
}

/** The last decision takes effect. Call it with both rows locked. */
export async function finish(
  step: BankStep,
  ports: TradePorts,
  of: Locked & { readonly by: By },
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const { row, settlement, by } = of;
  const [last] = await decidedIn(tx, row.id);
  const first_ = first(await decidedIn(tx, row.id, 1));
  assert(last && first_, `dispute ${row.id} ends without a decision`);
  const outcome = outcomeOf(row.side, row.claimed, row, last);
  await advance(tx, row, 'finish', { by, now, as: 'finish', set: { amount: last.amount, outcome } });
  const helped = row.appealSide !== null && appealHelped(row.appealSide, first_, last);
  return conclude(step, ports, {
    row: settlement,
    dispute: row,
    verdict: last,
    fees: { filing: feeKept(outcome) ? 'exchange' : 'payer', appeal: helped ? 'payer' : 'exchange' },
  });
}

/** A side does without an appeal; final as soon as nobody is left who could. */
export async function acceptDecision(
  step: BankStep,
  ports: TradePorts,
  principal: Principal,
  id: string,
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const locked = await lockAsParty(tx, principal, id);
  if (!locked) return refuse('resource.not_found');
  const { row, side } = locked;
  const may = losers(row.state, row.side);
  if (may.length === 0) return refuse('dispute.not_decided');
  if (!may.includes(side)) return refuse('dispute.not_losing');
  const accepted = {
    buyer: side === 'buyer' || row.buyerAcceptedAt !== null,
    seller: side === 'seller' || row.sellerAcceptedAt !== null,
  };
  const by = { side, personId: principal.personId };
  const before = side === 'buyer' ? row.buyerAcceptedAt : row.sellerAcceptedAt;
  if (!before) {
    await change(tx, id, side === 'buyer' ? { buyerAcceptedAt: now } : { sellerAcceptedAt: now });
    await note(tx, id, 'accept_decision', by, now);
  }
  return may.every((one) => accepted[one]) ? finish(step, ports, { ...locked, by }) : undefined;
}

/** In time, by a side that did not get all, for twice the fee; whoever has accepted the decision cannot. */
export async function appeal(
  step: Pick<BankStep, 'tx' | 'now'>,
  principal: Principal,
  of: { readonly id: string; readonly reason: string },
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const locked = await lockAsParty(tx, principal, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, settlement, side } = locked;
  if (!moveDispute(row.state, 'appeal')) return refuse('dispute.not_decided');
  const accepted = side === 'buyer' ? row.buyerAcceptedAt : row.sellerAcceptedAt;
  if (!losers(row.state, row.side).includes(side) || accepted) return refuse('dispute.not_losing');
  if (row.dueAt !== null && row.dueAt <= now)
    return refuse('dispute.appeal_late', { accepted: { until: row.dueAt.toISOString() } });
  const amount = feeOf(row, 'appeal');
  const unpaid = await holdFee(tx, settlement, { id: row.id, instance: 'appeal', side, amount });
  if (unpaid) return unpaid;
  const evidenceUntil = new Date(now.getTime() + APPEAL_EVIDENCE_MS);
  const set = { appealSide: side, appealText: of.reason, appealFee: amount, evidenceUntil };
  await advance(tx, row, 'appeal', { by: { side, personId: principal.personId }, now, as: 'appeal', set });
  return undefined;
}
