/** How far the money of a contract has come, for whoever wants to change what it was reckoned by. */
import type { SettlementState } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';

/**
 * `funding`: the provisional invoice waits to be paid. `result`: funded, being delivered, no final invoice.
 * `end`: the final invoice is out or disputed, or the payout under way. `over`: nothing is left to do.
 */
export type SettlementStage = 'funding' | 'result' | 'end' | 'over';

const STAGES: Record<SettlementState, SettlementStage> = {
  provisional_due: 'funding',
  defaulted: 'funding',
  funded: 'result',
  result_due: 'end',
  disputed: 'end',
  paying_out: 'end',
  payout_failed: 'end',
  closed: 'over',
  cancelled: 'over',
};

/** @param lock in a transaction: the settlement takes no further step until that ends. */
export async function settlementStage(
  connection: Connection,
  contractId: string,
  lock: boolean,
): Promise<SettlementStage | undefined> {
  const [row] = await connection<{ state: SettlementState }[]>`
    select state from settlement where contract_id = ${contractId} ${lock ? connection`for update` : connection``}`;
  return row && STAGES[row.state];
}

/** The state of each settlement that is open or was; the others are left out. */
export async function settlementStates(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SettlementState>> {
  if (ids.length === 0) return new Map();
  const rows = await connection<{ id: string; state: SettlementState }[]>`
    select contract_id as id, state from settlement where contract_id = any(${[...ids]})`;
  return new Map(rows.map(({ id, state }) => [id, state]));
}
