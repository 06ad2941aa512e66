/** An amount as people name it: in one sum, or as a price for each tonne that was weighed. */
import { invoiceAmount } from '@seam/coal';
import { formatMoney, kilograms, minor, parseMoney } from '@seam/units';
import { deliveryResult } from '../../logistics/public.ts';
import type { Connection } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { SettlementRow } from '../trade/tables.ts';

export type Claim = { readonly amount?: string; readonly pricePerTonne?: string };

/**
 * Minor units; at most three times what was paid in. Where no result could be computed only a price makes an invoice.
 */
export async function amountOf(
  connection: Connection,
  row: SettlementRow,
  claim: Claim,
): Promise<{ readonly amount: bigint } | Refusal> {
  const { amount, pricePerTonne } = claim;
  if ((amount === undefined) === (pricePerTonne === undefined))
    return refuse('dispute.amount', { fields: { amount: 'dispute.amount' } });
  if (row.finalAmount === null && pricePerTonne === undefined)
    return refuse('dispute.amount', {
      fields: { amount: 'dispute.amount' },
      accepted: { pricePerTonne: 'required' },
    });
  const named = parseMoney(amount ?? pricePerTonne ?? '') ?? 0n;
  const field = amount === undefined ? 'pricePerTonne' : 'amount';
  const most = row.provisionalAmount * 3n;
  // Checked before it is multiplied: a price above the whole sum is none.
  if (named > most) return tooMuch(field, most);
  if (amount !== undefined) return { amount: named };
  const delivered = await deliveryResult(connection, row.contractId);
  if (!delivered) return refuse('dispute.early');
  const whole = invoiceAmount(minor(named), kilograms(delivered.liftedKg));
  return whole > most ? tooMuch(field, most) : { amount: whole };
}

const tooMuch = (field: string, most: bigint): Refusal =>
  refuse('request.invalid', {
    fields: { [field]: 'too_large' },
    accepted: { amount: formatMoney(most) },
  });
