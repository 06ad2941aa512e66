/** Ending a contract that not both parties have signed, for a reason outside of it. */
import type { ContractState } from '@seam/protocol';
import { and, eq, inArray } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import { moveContract } from './lifecycle.ts';
import { bothHaveSigned, lockContract, makeVoid } from './signing/end.ts';
import { type ContractRow, contractRevision, signingSession } from './tables.ts';

export type Voided = {
  /** `signed`: both parties have, it cannot be undone any more. */
  readonly outcome: 'void' | 'signed';
  /** Had the seller, who signs first? A signature that waits for its timestamp is one. */
  readonly sellerSigned: boolean;
};

/** The row's lock decides between this and a signature. Repeated, it says the same. */
export async function voidContract(
  tx: Tx,
  input: {
    readonly contractId: string;
    readonly reason: string;
    /** The time to sign is over: the side whose turn it was is named. */
    readonly lapsed?: boolean;
  },
): Promise<Voided> {
  const { contractId, reason } = input;
  const row = await lockContract(tx, contractId);
  const sellerSigned = await hasSellerSigned(tx, row);
  if (row.state === 'voided') return { outcome: 'void', sellerSigned };
  if (!moveContract(row.state as ContractState, 'void') || (await bothHaveSigned(tx, row)))
    return { outcome: 'signed', sellerSigned };
  const by = sellerSigned ? 'buyer' : 'seller';
  const drafted = row.state === 'drafted';
  await makeVoid(tx, contractId, {
    reason,
    cause: input.lapsed ? 'lapsed' : 'withdrawn',
    by: input.lapsed && !drafted ? by : null,
  });
  return { outcome: 'void', sellerSigned };
}

/** A signature that was kept when the contract fell still tells who was late. */
async function hasSellerSigned(tx: Tx, { id: contractId, version }: ContractRow): Promise<boolean> {
  const revisions = await orm(tx)
    .select({ n: contractRevision.n })
    .from(contractRevision)
    .where(
      and(
        eq(contractRevision.contractId, contractId),
        eq(contractRevision.version, version),
        eq(contractRevision.kind, 'sig_seller'),
      ),
    );
  const kept = await orm(tx)
    .select({ because: signingSession.droppedBecause })
    .from(signingSession)
    .where(
      and(
        eq(signingSession.contractId, contractId),
        eq(signingSession.field, 'sig_seller'),
        inArray(signingSession.state, ['signed_waiting', 'dropped']),
      ),
    );
  // Dropped for another reason than the contract's own end, it never was one.
  return (
    revisions.length > 0 || kept.some(({ because }) => because === null || because === 'contract.not_open')
  );
}
