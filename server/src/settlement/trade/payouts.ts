/**
 * What the seller has earned goes to its bank part by part: each truck's release, what a dispute leaves undisputed, then
 * the rest after the final invoice. Each part has its own instruction and no two live ones; the settlement is closed when all are paid.
 */
import { type Currency, minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Connection, type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import type { BankStep } from '../bank/deps.ts';
import { createPayment } from '../bank/payments.ts';
import { lockSettlement, setState } from './row.ts';
import { moveSettlement } from './lifecycle.ts';
import type { TradePorts } from './ports.ts';
import { type SettlementRow, release, settlement } from './tables.ts';

export type PayoutPart = {
  /** Of its payments: `payout:<contract>` for the rest; with a ticket or a dispute behind it for what went before. */
  readonly key: string;
  readonly amount: bigint;
  /** Of its last payment; undefined when none was made yet. */
  readonly status: string | undefined;
};

/** What the final invoice leaves to pay beyond the releases. */
function restOf(row: SettlementRow): bigint {
  const rest = (row.payoutAmount ?? 0n) - row.releasedAmount;
  return rest > 0n ? rest : 0n;
}

/** Every part that is more than nothing, trucks first. */
export async function payoutParts(connection: Connection, row: SettlementRow): Promise<PayoutPart[]> {
  const releases = await orm(connection)
    .select()
    .from(release)
    .where(eq(release.contractId, row.contractId))
    .orderBy(release.releasedAt, release.ticketId);
  const undisputed = await connection<{ id: string; amount: string }[]>`
    select id, undisputed_paid::text as amount from settlement_dispute
     where contract_id = ${row.contractId} order by number`;
  const whole = `payout:${row.contractId}`;
  const parts = [
    ...releases.map(({ ticketId, amount }) => ({ key: `${whole}:${ticketId}`, amount })),
    ...undisputed.map(({ id, amount }) => ({ key: `${whole}:dispute-${id}`, amount: BigInt(amount) })),
    { key: whole, amount: restOf(row) },
  ].filter(({ amount }) => amount > 0n);
  const payments = await connection<{ key: string; status: string }[]>`
    select distinct on (obligation_key) obligation_key as key, status from payment
     where obligation_key = any(${parts.map(({ key }) => key)})
     order by obligation_key, created_at desc, id desc`;
  const last = new Map(payments.map(({ key, status }) => [key, status]));
  return parts.map((part) => ({ ...part, status: last.get(part.key) }));
}

const ENDED = new Set([undefined, 'rejected', 'failed', 'returned']);
export const unpaid = ({ status }: PayoutPart): boolean => ENDED.has(status);

/**
 * Instructs the bank for every part that no payment is under way for.
 * @param createdBy who had it made, and so may not approve it: a person who tries again, or nobody.
 * @returns false when the seller has no confirmed account in this currency.
 */
export async function payParts(
  step: BankStep,
  ports: TradePorts,
  row: SettlementRow,
  contractNumber: string,
  createdBy = 'system',
): Promise<boolean> {
  const parts = (await payoutParts(step.tx, row)).filter(unpaid);
  if (parts.length === 0) return true;
  const creditor = await ports.creditorOf(step.tx, row.sellerId, row.currency);
  if (!creditor) return false;
  for (const { key, amount } of parts) {
    const made = await createPayment(step, {
      obligationKey: key,
      orgId: row.sellerId,
      source: 'payable',
      amount: minor(amount),
      currency: row.currency as Currency,
      creditor,
      remittance: `Contract ${contractNumber}`,
      createdBy,
      approvalsRequired: 0,
    });
    assert(made.ok, `payout ${key}`);
    if (key !== `payout:${row.contractId}`) continue;
    await orm(step.tx)
      .update(settlement)
      .set({ payoutPaymentId: made.payment.paymentId })
      .where(eq(settlement.contractId, row.contractId));
  }
  return true;
}

/** After the final invoice: what is left is instructed, or it says why it cannot be. */
export async function payOut(
  step: BankStep,
  ports: TradePorts,
  row: SettlementRow,
  contractNumber: string,
  createdBy = 'system',
): Promise<void> {
  assert(row.payoutAmount !== null, `payout of contract ${row.contractId} without an amount`);
  if (!(await payParts(step, ports, row, contractNumber, createdBy))) {
    const reason = 'the seller has no confirmed account in this currency';
    await setState(step.tx, row, 'payout_failed', { reason });
    return;
  }
  await closeWhenPaid(step.tx, row, step.now);
}

async function closeWhenPaid(tx: Tx, row: SettlementRow, now: Date): Promise<void> {
  const parts = await payoutParts(tx, row);
  if (parts.every(({ status }) => status === 'settled')) {
    await setState(tx, row, 'closed', { closedAt: now, reason: null });
  }
}

/** The bank's last word on one part. */
export async function payoutEnded(
  tx: Tx,
  contractId: string,
  paid: boolean,
  reason: string | null,
  now: Date,
): Promise<void> {
  const row = await lockSettlement(tx, contractId);
  assert(row, `payout of unknown contract ${contractId}`);
  // While coal still goes out a part that failed is shown to staff, and the delivery goes on.
  const next = moveSettlement(row.state, paid ? 'close' : 'payout_fails');
  if (!next) return;
  if (paid) await closeWhenPaid(tx, row, now);
  else await setState(tx, row, next, { closedAt: null, reason });
}
