/**
 * A result that is contested by its quality, and what it comes to when that is decided. The final invoice stays as
 * it was written; a note carries the difference.
 */
import { minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { BankStep } from '../bank/deps.ts';
import { agreedElsewhere } from '../disputes/fee.ts';
import { openDisputeOf } from '../disputes/open.ts';
import { reportResult, settleFinal } from './commands.ts';
import { setAgreedResult } from './decisions.ts';
import { writeNote } from './notes.ts';
import type { TradePorts } from './ports.ts';
import { lockSettlement, setState } from './row.ts';
import { type InvoiceDetail, finalInvoice } from './rules.ts';
import { type SettlementRow, settlement } from './tables.ts';

const DAY_MS = 24 * 3600_000;

/**
 * Nothing is settled by this quality until it is decided.
 * @returns false when it has been settled before, or a dispute about the delivery decides that too.
 */
export async function challengeResult(tx: Tx, contractId: string, reason: string): Promise<boolean> {
  const row = await lockSettlement(tx, contractId);
  if (row?.state !== 'funded' && row?.state !== 'result_due' && row?.state !== 'disputed') return false;
  if (await openDisputeOf(tx, contractId)) return false;
  const quality = { qualityOpen: true };
  if (row.state === 'funded') {
    await orm(tx).update(settlement).set(quality).where(eq(settlement.contractId, contractId));
    return true;
  }
  await setState(tx, row, 'disputed', { ...quality, reason });
  // The deadline of the contested result is over; the decided one gets its own.
  await tx`update outbox set done_at = now()
    where effect_key like ${`settlement:${contractId}:accept%`} and done_at is null`;
  return true;
}

/** Decided: the result is computed with the value that stands, and waits for the buyer as the first one did. */
export async function qualityFinal(tx: Tx, contractId: string, now: Date): Promise<void> {
  const row = await lockSettlement(tx, contractId);
  if (!row?.qualityOpen) return;
  await orm(tx).update(settlement).set({ qualityOpen: false }).where(eq(settlement.contractId, contractId));
  if (row.state === 'funded') {
    if (await deliveryResult(tx, contractId)) await reportResult(tx, contractId, now);
    return;
  }
  if (row.state !== 'disputed') return;
  if (row.finalAmount === null) {
    await setState(tx, row, 'funded', { reason: null });
    await reportResult(tx, contractId, now);
    return;
  }
  await revise(tx, row, now);
}

async function revise(tx: Tx, row: SettlementRow, now: Date): Promise<void> {
  const contract = await bindingContract(tx, row.contractId);
  const delivered = await deliveryResult(tx, row.contractId);
  assert(
    contract && delivered && row.finalAmount !== null,
    `revision of ${row.contractId} before its result`,
  );
  const result = finalInvoice(contract.terms, delivered);
  if (result.outcome === 'undecided') {
    // The note takes the invoice back whole: the parties agree on a price, or the centre sets it.
    await writeNote(tx, row, { to: 0n, cause: 'quality', detail: NOTHING, now });
    await setState(tx, row, 'disputed', { finalAmount: null, reason: result.reason });
    return;
  }
  await writeNote(tx, row, { to: result.amount, cause: 'quality', detail: result.detail, now });
  const dueAt = new Date(now.getTime() + contract.terms.inspection.challengeDays * DAY_MS);
  const next = { finalAmount: result.amount, resultDueAt: dueAt, reason: null };
  await setState(tx, row, 'result_due', next);
  await enqueue(tx, {
    effectKey: `settlement:${row.contractId}:accept:revised`,
    topic: 'settlement.accept',
    payload: { contractId: row.contractId },
    notBefore: dueAt,
  });
}

const NOTHING: InvoiceDetail = { quantityKg: '0', unitPrice: '0', adjustments: [] };

/** Both sides agreed on what becomes of coal beyond a limit: settled at once at that price. */
export async function settleAgreed(
  step: BankStep,
  ports: TradePorts,
  of: { contractId: string; unitPrice: bigint },
): Promise<boolean> {
  const { tx } = step;
  const row = await lockSettlement(tx, of.contractId);
  if (row?.state !== 'disputed' || row.finalAmount !== null) return true;
  assert(
    (await setAgreedResult(tx, row, minor(of.unitPrice), step.now)) === undefined,
    `result of ${of.contractId}`,
  );
  const settled = (await settleFinal(step, ports, of.contractId)) === undefined;
  if (settled) await endByAgreement(tx, row, step.now);
  return settled;
}

async function endByAgreement(tx: Tx, row: SettlementRow, now: Date): Promise<void> {
  const [settled] = await tx<{ amount: string }[]>`
    select final_amount::text as amount from settlement where contract_id = ${row.contractId}`;
  await agreedElsewhere(tx, row, { amount: BigInt(settled!.amount), now });
}
