/** A delivery that ends before anything was lifted: nothing is owed for it, what was paid in goes back. */
import { provisionalRefund } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { issueInvoices } from '../invoices/issue.ts';
import { post } from '../ledger/ledger.ts';
import { escrowOf, lockSettlement } from './row.ts';
import { moveSettlement } from './lifecycle.ts';
import { settlement } from './tables.ts';

/** @returns whether it was cancelled; not when its delivery is being settled, or has ended already. */
export async function cancelSettlement(tx: Tx, contractId: string, reason: string): Promise<boolean> {
  const row = await lockSettlement(tx, contractId);
  const next = row && moveSettlement(row.state, 'cancel');
  if (!row || !next) return false;
  const escrowed = await escrowOf(tx, row);
  if (escrowed > 0n) {
    const refunded = await post(
      tx,
      provisionalRefund({
        contractId,
        buyerId: row.buyerId,
        sellerId: row.sellerId,
        currency: row.currency as Currency,
        escrowed: minor(escrowed),
      }),
    );
    assert(refunded.ok, `escrow of ${contractId} cannot go back`);
  }
  await orm(tx).update(settlement).set({ state: next, reason }).where(eq(settlement.contractId, contractId));
  await issueInvoices(tx, contractId, new Date());
  return true;
}
