/**
 * The centre may refuse its own signature, with a reason and by two of its people. From the proposal on its
 * seal waits; a withdrawal sets it going again.
 */
import type { ContractState } from '@seam/protocol';
import { type Tx, first, orm } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { moveContract } from '../lifecycle.ts';
import { eq } from 'drizzle-orm';
import { type ContractRow, contract, contractRefusal } from '../tables.ts';
import { lockContract, makeVoid, tellAward } from './end.ts';
import { latestRevision } from './revisions.ts';

export async function proposeRefusal(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; reason: string; now: Date },
): Promise<Refusal | undefined> {
  const row = await refusable(tx, input.contractId);
  if ('refused' in row) return row;
  const made = await orm(tx)
    .insert(contractRefusal)
    .values({
      contractId: row.id,
      reason: input.reason,
      proposedBy: principal.personId,
      proposedAt: input.now,
    })
    .onConflictDoNothing()
    .returning({ id: contractRefusal.contractId });
  if (made.length === 0) return refuse('contract.refusal_open');
  await audit(tx, principal, 'contract.propose_refusal', row.id, input.reason);
  return undefined;
}

export async function decideRefusal(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; decision: 'confirm' | 'withdraw'; now: Date },
): Promise<Refusal | undefined> {
  const row = await refusable(tx, input.contractId);
  if ('refused' in row) return row;
  const mine = eq(contractRefusal.contractId, row.id);
  const proposed = first(await orm(tx).select().from(contractRefusal).where(mine));
  if (!proposed) return refuse('contract.refusal_none');
  if (input.decision === 'withdraw') {
    await orm(tx).delete(contractRefusal).where(mine);
    await audit(tx, principal, 'contract.withdraw_refusal', row.id, proposed.reason);
    if (row.state === 'buyer_signed') await sealAgain(tx, row.id, input.now);
    return undefined;
  }
  if (proposed.proposedBy === principal.personId) return refuse('contract.refusal_second_person');
  await orm(tx)
    .update(contractRefusal)
    .set({ confirmedBy: principal.personId, confirmedAt: input.now })
    .where(mine);
  await makeVoid(tx, row.id, { cause: 'refused', by: 'centre', reason: proposed.reason });
  await tellAward(tx, row, 'centre_refused');
  await audit(tx, principal, 'contract.confirm_refusal', row.id, proposed.reason);
  return undefined;
}

/** Until the centre's own signature stands in the document. */
async function refusable(tx: Tx, id: string): Promise<ContractRow | Refusal> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return refuse('resource.not_found');
  const [known] = await orm(tx).select({ id: contract.id }).from(contract).where(eq(contract.id, id));
  if (!known) return refuse('resource.not_found');
  const row = await lockContract(tx, id);
  const sealed = (await latestRevision(tx, id))?.kind === 'sig_centre';
  const open = row.terms !== null && moveContract(row.state as ContractState, 'refuse');
  return open && !sealed ? row : refuse('contract.not_open');
}

async function sealAgain(tx: Tx, contractId: string, now: Date): Promise<void> {
  await enqueue(tx, {
    effectKey: `contract:${contractId}:seal:${now.getTime()}`,
    topic: 'contracts.seal',
    payload: { contractId },
  });
}

async function audit(
  tx: Tx,
  principal: Principal,
  action: string,
  contractId: string,
  reason: string,
): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${principal.personId}, ${action}, ${contractId}, ${tx.json({ reason })})`;
}
