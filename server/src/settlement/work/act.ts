/** What a person of the centre does about work: one winner where two act at once, and a line in the audit trail. */
import type { HouseObligation, ObligationWaits } from '@seam/protocol';
import type { Tx } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';

export type WorkAction = HouseObligation['actions'][number];

/** In the order of use. Whoever has it keeps others from ending it. */
export function actionsOn(of: { waitsFor: ObligationWaits; owner: { isMe: boolean } | null }): WorkAction[] {
  if (of.waitsFor === 'machine') return [];
  if (of.waitsFor === 'time') return ['wake'];
  if (of.owner && !of.owner.isMe) return [];
  return of.owner ? ['retry', 'give_back', 'resolve'] : ['retry', 'take'];
}

type Work = { readonly parked: boolean; readonly waits: boolean; readonly ownerId: string | null };

/** The row is locked: of two who act at once the second sees what the first has done. */
export async function actOnWork(
  tx: Tx,
  of: { id: string; personId: string; action: WorkAction; reason: string | undefined },
): Promise<Record<string, never> | Refusal> {
  const { id, personId, action, reason } = of;
  if (!/^\d{1,18}$/.test(id)) return refuse('resource.not_found');
  const [work] = await tx<Work[]>`
    select parked_at is not null as parked, attempts = 0 and not_before > now() as waits, owner_id as "ownerId"
      from outbox where id = ${id} and done_at is null for update`;
  if (!work) return refuse('resource.not_found');
  if (work.ownerId !== null && work.ownerId !== personId) return refuse('work.taken');
  const owner = work.ownerId === null ? null : { isMe: true };
  const waitsFor = work.parked ? 'centre' : work.waits ? 'time' : 'machine';
  if (!actionsOn({ waitsFor, owner }).includes(action)) return refuse('work.not_possible');
  if (action === 'resolve' && !reason) return refuse('request.invalid', { fields: { reason: 'required' } });
  await change(tx, of);
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${`work.${action}`}, ${id}, ${tx.json(reason ? { reason } : {})})`;
  return {};
}

async function change(
  tx: Tx,
  {
    id,
    personId,
    action,
    reason,
  }: { id: string; personId: string; action: WorkAction; reason: string | undefined },
): Promise<void> {
  switch (action) {
    case 'retry':
      await tx`update outbox set parked_at = null, attempts = 0, not_before = now(), owner_id = null, owned_at = null
        where id = ${id}`;
      return;
    case 'wake':
      await tx`update outbox set not_before = now() where id = ${id}`;
      return;
    case 'take':
      await tx`update outbox set owner_id = ${personId}, owned_at = now() where id = ${id}`;
      return;
    case 'give_back':
      await tx`update outbox set owner_id = null, owned_at = null where id = ${id}`;
      return;
    case 'resolve':
      await tx`update outbox set done_at = now(), resolved_by = ${personId}, resolution = ${reason ?? ''}
        where id = ${id}`;
  }
}
