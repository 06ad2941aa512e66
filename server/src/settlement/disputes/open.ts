/** Whether a dispute stands in the way of a settlement: what the steps of others ask before they go on. */
import type { Connection } from '../../platform/db.ts';

/** The dispute of this delivery that has not ended. Ask with the settlement's row locked. */
export async function openDisputeOf(connection: Connection, contractId: string): Promise<string | undefined> {
  const [row] = await connection<{ id: string }[]>`
    select id from settlement_dispute where contract_id = ${contractId} and ended_at is null`;
  return row?.id;
}
