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
import { settleFinal } from './commands.ts';
import { lockSettlement, setState } from './row.ts';
import { moveSettlement } from './lifecycle.ts';
import { payOut, payParts, payoutParts, unpaid } from './payouts.ts';
import { writeNote } from './notes.ts';
import type { TradePorts } from './ports.ts';
import { type SettlementRow, invoice, settlement } from './tables.ts';

/**
 * Ends a dispute. Where a result was computed it stands; where none could be (a refusal limit was passed,
 * a value was missing) the price both sides agreed on takes its place.
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
  const contract = await bindingContract(tx, row.contractId);
  if (!delivered || !contract) return refuse('settlement.not_due');
  const amount = invoiceAmount(unitPrice, kilograms(delivered.liftedKg));
  const detail = { quantityKg: String(delivered.liftedKg), unitPrice: String(unitPrice), adjustments: [] };
  const kind = 'final' as const;
  const values = {
    id: newId(),
    contractId: row.contractId,
    kind,
    number: `FI-${contract.terms.number}`,
    amount,
  };
  const written = await orm(tx)
    .insert(invoice)
    .values({ ...values, detail })
    .onConflictDoNothing()
    .returning({ id: invoice.id });
  // An invoice that a note has taken back stays; another note brings the agreed price.
  if (written.length === 0) await writeNote(tx, row, { to: amount, cause: 'quality', detail, now });
  await orm(tx)
    .update(settlement)
    .set({ finalAmount: amount })
    .where(eq(settlement.contractId, row.contractId));
  return undefined;
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
