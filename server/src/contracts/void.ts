/** Ending a contract that not both parties have signed, for a reason outside of it. */
import { eq } from 'drizzle-orm';
import type { ContractState } from '@seam/protocol';
import { type Tx, first, orm } from '../platform/db.ts';
import { enqueue } from '../platform/outbox.ts';
import { moveContract } from './lifecycle.ts';
import { contract, contractRevision } from './tables.ts';

export type Voided = {
  /** `signed`: both parties have, it cannot be undone any more. */
  readonly outcome: 'void' | 'signed';
  /** Had the seller, who signs first? */
  readonly sellerSigned: boolean;
};

/** The row's lock decides between this and a signature. Repeated, it says the same. */
export async function voidContract(
  tx: Tx,
  { contractId, reason }: { readonly contractId: string; readonly reason: string },
): Promise<Voided> {
  const row = first(await orm(tx).select().from(contract).where(eq(contract.id, contractId)).for('update'))!;
  const revisions = await orm(tx)
    .select({ kind: contractRevision.kind })
    .from(contractRevision)
    .where(eq(contractRevision.contractId, contractId));
  const sellerSigned = revisions.some(({ kind }) => kind === 'sig_seller');
  if (row.state === 'voided') return { outcome: 'void', sellerSigned };
  const next = moveContract(row.state as ContractState, 'void');
  if (!next) return { outcome: 'signed', sellerSigned };
  await orm(tx)
    .update(contract)
    .set({ state: next, voidedReason: reason })
    .where(eq(contract.id, contractId));
  await enqueue(tx, {
    effectKey: `contract:${contractId}:voided`,
    topic: 'contracts.voided',
    payload: { contractId },
  });
  return { outcome: 'void', sellerSigned };
}
