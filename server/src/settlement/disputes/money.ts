/**
 * What a dispute does to the money of a delivery: the undisputed part goes on when it is filed, the rest when it ends.
 * Never an edited invoice: a note carries the difference.
 */
import { undisputedParts, undisputedPosting } from '@seam/ledger';
import { type Currency, KILOGRAMS_PER_TONNE, divideHalfUp, minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Refusal } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import { feeRuleOf, finalMass } from '../fees/of-terms.ts';
import { post } from '../ledger/ledger.ts';
import { settleFinal } from '../trade/commands.ts';
import { setResult } from '../trade/decisions.ts';
import { owe, settleWhenDue } from '../trade/obligations.ts';
import { payParts } from '../trade/payouts.ts';
import type { TradePorts } from '../trade/ports.ts';
import { escrowOf, setState } from '../trade/row.ts';
import { type SettlementRow, settlement } from '../trade/tables.ts';
import { type FeeEnd, endFees, orgOf } from './fee.ts';
import { LATER_MS } from './lifecycle.ts';
import { type Range, type Verdict, otherSide } from './rules.ts';
import { type DisputeRow, dispute } from './tables.ts';

/** To each side what the other does not dispute; to the bank at once what is the seller's. */
export async function payUndisputed(
  step: BankStep,
  ports: TradePorts,
  of: { readonly row: SettlementRow; readonly disputeId: string; readonly range: Range },
): Promise<void> {
  const { tx } = step;
  const { row, disputeId, range } = of;
  const contract = await bindingContract(tx, row.contractId);
  const delivered = await deliveryResult(tx, row.contractId);
  assert(contract && delivered, `dispute ${disputeId} about coal that was not weighed`);
  const parts = undisputedParts({
    low: minor(range.low),
    high: minor(range.high),
    escrowed: minor(await escrowOf(tx, row)),
    released: minor(row.releasedAmount),
    fee: feeRuleOf(contract.terms.fees),
    mass: row.finalAmount === null ? delivered.liftedKg : await finalMass(tx, row.contractId),
  });
  const { contractId, buyerId, sellerId } = row;
  const parties = { contractId, buyerId, sellerId, currency: row.currency as Currency };
  const posting = undisputedPosting({ ...parties, disputeId, ...parts });
  if (!posting) return;
  const moved = await post(tx, posting);
  assert(moved.ok, `undisputed part of dispute ${disputeId}`);
  if (parts.toSeller === 0n) return;
  await orm(tx).update(dispute).set({ undisputedPaid: parts.toSeller }).where(eq(dispute.id, disputeId));
  const releasedAmount = row.releasedAmount + parts.toSeller;
  await orm(tx).update(settlement).set({ releasedAmount }).where(eq(settlement.contractId, contractId));
  await payParts(step, ports, { ...row, releasedAmount }, contract.terms.number);
}

/** The delivery comes to this amount: settled, fees resolved, and what one side owes the other besides. */
export async function conclude(
  step: BankStep,
  ports: TradePorts,
  of: {
    readonly row: SettlementRow;
    readonly dispute: DisputeRow;
    readonly verdict: Verdict;
    readonly fees: { readonly filing: FeeEnd; readonly appeal: FeeEnd };
  },
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const { row, verdict } = of;
  const delivered = await deliveryResult(tx, row.contractId);
  assert(delivered, `dispute ${of.dispute.id} about coal that was not weighed`);
  const { amount } = verdict;
  const unitPrice = divideHalfUp(amount * KILOGRAMS_PER_TONNE, delivered.liftedKg);
  await setResult(tx, row, { amount, unitPrice, quantityKg: delivered.liftedKg, cause: 'dispute', now });
  await endFees(tx, row, of.dispute, of.fees);
  const refusal = await settleFinal(step, ports, row.contractId, {
    laterAt: new Date(now.getTime() + LATER_MS),
  });
  if (refusal) return refusal;
  if (verdict.compensation > 0n && verdict.owedBy) await compensate(tx, row, of.dispute.id, verdict, now);
  return undefined;
}

async function compensate(
  tx: Tx,
  row: SettlementRow,
  disputeId: string,
  { compensation, owedBy }: Verdict,
  now: Date,
): Promise<void> {
  assert(owedBy, `compensation in dispute ${disputeId} by nobody`);
  const contract = await bindingContract(tx, row.contractId);
  assert(contract, `contract ${row.contractId} is missing`);
  const id = await owe(tx, {
    key: `compensation:${disputeId}`,
    contractId: contract.contractId,
    debtorId: orgOf(row, owedBy),
    creditorId: orgOf(row, otherSide(owedBy)),
    currency: row.currency as Currency,
    amount: compensation,
    kind: 'compensation',
    dueAt: now,
    createdAt: now,
  });
  if (id !== undefined) await settleWhenDue(tx, id, now);
}

/** Ended without a decision: the result stands as it did, for what was left of its time. */
export async function resume(tx: Tx, row: SettlementRow, disputeId: string, now: Date): Promise<void> {
  if (row.finalAmount === null) return;
  const dueAt = row.resultDueAt && row.resultDueAt > now ? row.resultDueAt : now;
  await setState(tx, row, 'result_due', { resultDueAt: dueAt, reason: null });
  await enqueue(tx, {
    effectKey: `settlement:${row.contractId}:accept:${disputeId}`,
    topic: 'settlement.accept',
    payload: { contractId: row.contractId },
    notBefore: dueAt,
  });
}
