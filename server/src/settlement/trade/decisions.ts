/** What only the centre can do with a settlement that stands still: end a dispute, pay out again. */
import { invoiceAmount } from '@seam/coal';
import { type Minor, kilograms, parseMoney } from '@seam/units';
import { eq } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import { openDisputeOf } from '../disputes/open.ts';
import { settleFinal } from './commands.ts';
import { lockSettlement, setState } from './row.ts';
import { moveSettlement } from './lifecycle.ts';
import { payOut, payParts, payoutParts, unpaid } from './payouts.ts';
import { writeNote } from './notes.ts';
import type { TradePorts } from './ports.ts';
import { type SettlementRow, invoice, settlement } from './tables.ts';

/**
 * A result that could not be computed (a refusal limit was passed, a value was missing) is settled at the price both
 * sides agreed on. Where a dispute is open, that is decided first.
 */
export async function decideDispute(
  step: BankStep,
  ports: TradePorts,
  input: { contractId: string; agreedPrice: string | undefined; reason: string; personId: string },
): Promise<Refusal | undefined> {
  const { tx } = step;
  const row = await lockSettlement(tx, input.contractId);
  if (!row) return refuse('resource.not_found');
  if (row.state !== 'disputed' || row.qualityOpen) return refuse('settlement.not_due');
  const open = await openDisputeOf(tx, row.contractId);
  if (open) return refuse('dispute.open', { accepted: { dispute: open } });
  if ((row.finalAmount === null) !== (input.agreedPrice !== undefined)) {
    return refuse('settlement.agreed_price', {
      fields: { agreedPrice: row.finalAmount === null ? 'required' : 'not_allowed' },
    });
  }
  if (input.agreedPrice !== undefined) {
    const unitPrice = parseMoney(input.agreedPrice);
    assert(unitPrice !== undefined, 'the wire schema let no other price pass');
    const refusal = await setAgreedResult(tx, row, unitPrice, step.now);
    if (refusal) return refusal;
  }
  const refusal = await settleFinal(step, ports, row.contractId);
  if (refusal) return refusal;
  await audit(tx, input.personId, 'settlement.decide', row.contractId, {
    reason: input.reason,
    agreedPrice: input.agreedPrice ?? null,
  });
  return undefined;
}

/** The final invoice at a price per tonne that people agreed on. */
export async function setAgreedResult(
  tx: Tx,
  row: SettlementRow,
  unitPrice: Minor,
  now: Date,
): Promise<Refusal | undefined> {
  const delivered = await deliveryResult(tx, row.contractId);
  if (!delivered) return refuse('settlement.not_due');
  const quantityKg = delivered.liftedKg;
  const amount = invoiceAmount(unitPrice, kilograms(quantityKg));
  await setResult(tx, row, { amount, unitPrice, quantityKg, cause: 'quality', now });
  return undefined;
}

export type NewResult = {
  readonly amount: bigint;
  /** Minor units per tonne. */
  readonly unitPrice: bigint;
  readonly quantityKg: bigint;
  readonly cause: 'quality' | 'dispute';
  readonly now: Date;
};

/** The delivery comes to this amount: the final invoice where there is none yet, else a note to it. */
export async function setResult(tx: Tx, row: SettlementRow, result: NewResult): Promise<void> {
  const { amount, unitPrice, quantityKg, cause, now } = result;
  const contract = await bindingContract(tx, row.contractId);
  assert(contract, `contract ${row.contractId} is missing`);
  const detail = { quantityKg: String(quantityKg), unitPrice: String(unitPrice), adjustments: [] };
  const { contractId } = row;
  const values = {
    id: newId(),
    contractId,
    kind: 'final' as const,
    number: `FI-${contract.terms.number}`,
    amount,
  };
  const written = await orm(tx)
    .insert(invoice)
    .values({ ...values, detail })
    .onConflictDoNothing()
    .returning({ id: invoice.id });
  // An invoice that was written before stays, also one that a note has taken back; another note brings the amount.
  if (written.length === 0) await writeNote(tx, row, { to: amount, cause, detail, now });
  await orm(tx).update(settlement).set({ finalAmount: amount }).where(eq(settlement.contractId, contractId));
}

/** A new instruction with a new identity for every part that failed; the failed ones stay as they are. */
export async function retryPayout(
  step: BankStep,
  ports: TradePorts,
  input: { contractId: string; personId: string },
): Promise<Refusal | undefined> {
  const { tx } = step;
  const row = await lockSettlement(tx, input.contractId);
  if (!row) return refuse('resource.not_found');
  const contract = await bindingContract(tx, input.contractId);
  if (!contract || !(await payoutParts(tx, row)).some(unpaid)) return refuse('settlement.not_due');
  const next = moveSettlement(row.state, 'retry_payout');
  if (next) {
    await setState(tx, row, next, { reason: null });
    await payOut(step, ports, row, contract.terms.number, input.personId);
  } else await payParts(step, ports, row, contract.terms.number, input.personId);
  await audit(tx, input.personId, 'settlement.retry_payout', row.contractId, {});
  return undefined;
}

async function audit(
  tx: Tx,
  personId: string,
  action: string,
  subject: string,
  detail: Record<string, string | null>,
): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${subject}, ${tx.json(detail)})`;
}
