/** The centre reads a talk of two companies only for a reason it states; each reading stays on record. */
import type { Tx } from '../platform/db.ts';
import type { Connection } from '../platform/db.ts';
import { INSPECTION_HOURS } from './limits.ts';

export async function recordInspection(
  tx: Tx,
  of: {
    readonly negotiationId: string;
    readonly personId: string;
    readonly reason: string;
    readonly now: Date;
  },
): Promise<void> {
  await tx`insert into negotiation_inspection (negotiation_id, person_id, reason, at)
    values (${of.negotiationId}, ${of.personId}, ${of.reason}, ${of.now})`;
}

/** Whether this person of the centre has stated a reason that still holds. */
export async function mayInspect(
  connection: Connection,
  of: { readonly negotiationId: string; readonly personId: string; readonly now: Date },
): Promise<boolean> {
  const since = new Date(of.now.getTime() - INSPECTION_HOURS * 3600_000);
  const [row] = await connection`select 1 from negotiation_inspection
    where negotiation_id = ${of.negotiationId} and person_id = ${of.personId} and at > ${since} limit 1`;
  return row !== undefined;
}
