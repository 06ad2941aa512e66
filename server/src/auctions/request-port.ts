/** What an auction of a buyer needs of its request; given by the requests slice (deps.ts binds it). */
import type { Tx } from '../platform/db.ts';
import type { Refusal } from '../platform/refusal.ts';

export type RequestPort = {
  /** Sets a part of the buyer's own open request aside; without a quantity all that is outstanding. */
  reserveForAuction(
    tx: Tx,
    of: { requestId: string; buyerId: string; quantityKg: bigint | undefined },
  ): Promise<{ title: string; currency: string; quantityKg: bigint } | Refusal>;
  /** Why the company may not compete to supply it; undefined when it may. */
  maySupply(tx: Tx, of: { requestId: string; organisationId: string }): Promise<Refusal | undefined>;
  /** `boughtKg` of the quantity set aside were bought; the rest is outstanding again. */
  concludeAuction(tx: Tx, of: { requestId: string; quantityKg: bigint; boughtKg: bigint }): Promise<void>;
};
