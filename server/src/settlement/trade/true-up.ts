/** What a delivery that has been settled would have come to at another price. */
import { eq } from 'drizzle-orm';
import type { SettlementState } from '@seam/protocol';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Connection, first, orm } from '../../platform/db.ts';
import { finalInvoice } from './rules.ts';
import { settlement } from './tables.ts';

const SETTLED: readonly SettlementState[] = ['paying_out', 'payout_failed', 'closed'];

/**
 * @returns final invoice at `toPrice` less that at `fromPrice`, minor units; undefined until the final invoice is
 *   settled; 0 where there is none, or people agreed on its price.
 */
export async function differenceOfPrices(
  connection: Connection,
  deliveryId: string,
  prices: { readonly fromPrice: bigint; readonly toPrice: bigint },
): Promise<bigint | undefined> {
  const row = first(
    await orm(connection).select().from(settlement).where(eq(settlement.contractId, deliveryId)),
  );
  if (row?.state === 'cancelled') return 0n;
  if (!row || !SETTLED.includes(row.state)) return undefined;
  const contract = await bindingContract(connection, deliveryId);
  const delivered = await deliveryResult(connection, deliveryId);
  if (!contract || !delivered) return 0n;
  const at = (price: bigint) => finalInvoice({ ...contract.terms, pricePerTonne: String(price) }, delivered);
  const [from, to] = [at(prices.fromPrice), at(prices.toPrice)];
  return from.outcome === 'priced' && to.outcome === 'priced' ? to.amount - from.amount : 0n;
}
