/** The row of a settlement: locked for every step, so that of two at once one sees what the other has done. */
import { contractAccount } from '@seam/ledger';
import type { SettlementState } from '@seam/protocol';
import { type Currency, formatMoney } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { balances } from '../ledger/read.ts';
import { type SettlementRow, settlement } from './tables.ts';

export async function lockSettlement(tx: Tx, contractId: string): Promise<SettlementRow | undefined> {
  return first(
    await orm(tx).select().from(settlement).where(eq(settlement.contractId, contractId)).for('update'),
  );
}

export async function setState(
  tx: Tx,
  row: SettlementRow,
  to: SettlementState,
  more: Partial<SettlementRow> = {},
): Promise<void> {
  await orm(tx)
    .update(settlement)
    .set({ ...more, state: to })
    .where(eq(settlement.contractId, row.contractId));
}

/** What the escrow of a contract holds now. */
export async function escrowOf(tx: Connection, row: SettlementRow): Promise<bigint> {
  const code = contractAccount(row.buyerId, row.currency as Currency, 'escrow', row.contractId);
  return (await balances(tx, row.buyerId)).find((account) => account.code === code)?.balance ?? 0n;
}

export function insufficient(outcome: { ok: false; code: string }): Refusal {
  const available = 'available' in outcome ? formatMoney(outcome.available as bigint) : undefined;
  return refuse('ledger.insufficient_funds', available === undefined ? {} : { accepted: { available } });
}
