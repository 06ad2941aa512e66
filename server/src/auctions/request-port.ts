/** What an auction of a buyer needs of its request; given by the requests slice (deps.ts binds it). */
import type { Connection, Tx } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import type { Refusal } from '../platform/refusal.ts';

/** Null: a visitor. */
export type Viewer = Pick<Principal, 'organisationId' | 'staff'> | null;

export type RequestPort = {
  /** Sets a part of the buyer's own open request aside; without a quantity all that is outstanding. */
  reserveForAuction(
    tx: Tx,
    of: { requestId: string; buyerId: string; quantityKg: bigint | undefined },
  ): Promise<{ title: string; currency: string; quantityKg: bigint } | Refusal>;
  /** Which of these requests the viewer may know of: of one to invited companies, the buyer, those and the centre. */
  shownTo(
    connection: Connection,
    requestIds: readonly string[],
    viewer: Viewer,
  ): Promise<ReadonlySet<string>>;
  /** `boughtKg` of the quantity set aside were bought; the rest is outstanding again. */
  concludeAuction(tx: Tx, of: { requestId: string; quantityKg: bigint; boughtKg: bigint }): Promise<void>;
};
