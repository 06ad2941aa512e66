/** A party's own security behind its contract: a seller gives it as a buyer does. It comes back with the rest. */
import { giveBond } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { newId } from '../../platform/id.ts';
import type { Tx } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { post } from '../ledger/ledger.ts';
import { insufficient, lockSettlement } from '../trade/row.ts';

/** Until its delivery is settled a contract can be secured. */
const SECURABLE = new Set(['provisional_due', 'funded']);

export async function bondFor(
  tx: Tx,
  principal: Pick<Principal, 'organisationId'>,
  of: { readonly contractId: string; readonly amount: bigint },
): Promise<Refusal | undefined> {
  if (of.amount <= 0n) return refuse('request.invalid', { fields: { amount: 'not_positive' } });
  const row = await lockSettlement(tx, of.contractId);
  const orgId = principal.organisationId;
  if (!row || (row.sellerId !== orgId && row.buyerId !== orgId)) return refuse('resource.not_found');
  if (!SECURABLE.has(row.state)) return refuse('settlement.not_due');
  const given = await post(
    tx,
    giveBond({
      bondId: newId(),
      contractId: row.contractId,
      orgId,
      currency: row.currency as Currency,
      amount: minor(of.amount),
    }),
  );
  return given.ok ? undefined : insufficient(given);
}
