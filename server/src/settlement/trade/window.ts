/**
 * The last day of a delivery has passed: what was not lifted lapses, and what was paid for it comes back by itself.
 * Deliveries that a long-term contract calls off are ended by their programme.
 */
import { bindingContract } from '../../contracts/public.ts';
import { endDelivery } from '../../logistics/public.ts';
import type { Tx } from '../../platform/db.ts';
import { Fault, assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import { cancelSettlement } from './cancel.ts';
import { returnContractSecurity } from './commands.ts';
import { lockSettlement } from './row.ts';
import { endWindowAfter } from './window-end.ts';

const DAY_MS = 24 * 3600_000;
/** So long the security of a delivery that did not happen waits for a claim on it. */
const CLAIM_MS = 7 * DAY_MS;

/** @param day the last day that was asked for: an amendment may have moved it since. */
export async function endWindow(tx: Tx, contractId: string, day: string, now: Date): Promise<void> {
  const row = await lockSettlement(tx, contractId);
  const contract = await bindingContract(tx, contractId);
  assert(row && contract, `window of contract ${contractId}, which has no settlement`);
  if (row.state !== 'funded' || contract.id !== contract.contractId) return;
  const { windowTo } = contract.terms.goods;
  if (windowTo !== day) {
    await endWindowAfter(tx, contractId, windowTo);
    return;
  }
  const lifted = await endDelivery(tx, contractId, now);
  if (lifted === 'waiting') {
    await enqueue(tx, {
      effectKey: `settlement:${contractId}:window_end:${day}:${now.toISOString()}`,
      topic: 'settlement.window_end',
      payload: { contractId, windowTo: day },
      notBefore: new Date(now.getTime() + DAY_MS),
    });
    return;
  }
  if (lifted === undefined)
    throw new Fault('internal.error', `funded contract ${contractId} has no delivery yet`);
  if (lifted > 0n) return;
  await cancelSettlement(tx, contractId, 'Nothing was lifted by the last day of the window.');
  await enqueue(tx, {
    effectKey: `settlement:${contractId}:security_unclaimed`,
    topic: 'settlement.security_unclaimed',
    payload: { contractId },
    notBefore: new Date(now.getTime() + CLAIM_MS),
  });
}

/** Nobody has claimed the security of a delivery that did not happen; where somebody has, it waits for that. */
export async function returnUnclaimed(tx: Tx, contractId: string, now: Date): Promise<void> {
  const contract = await bindingContract(tx, contractId);
  assert(contract, `security of contract ${contractId}, which does not bind`);
  const claims = await tx`select 1 from forfeiture where contract_id = ${contractId} and state = 'noticed'`;
  if (claims.length === 0) {
    await returnContractSecurity(tx, contract);
    return;
  }
  await enqueue(tx, {
    effectKey: `settlement:${contractId}:security_unclaimed:${now.toISOString()}`,
    topic: 'settlement.security_unclaimed',
    payload: { contractId },
    notBefore: new Date(now.getTime() + DAY_MS),
  });
}
