/** What an auction needs of a lot; given by the listings slice (deps.ts binds it). */
import type { Tx } from '../platform/db.ts';
import type { Refusal } from '../platform/refusal.ts';

export type ListingPort = {
  /** Sets the whole remaining quantity of the seller's own published lot aside. */
  reserveForAuction(
    tx: Tx,
    of: { listingId: string; sellerId: string },
  ): Promise<{ title: string; currency: string; quantityKg: bigint } | Refusal>;
  /** `soldKg` of it went to winners; the rest is on the market again. */
  concludeAuction(tx: Tx, of: { listingId: string; soldKg: bigint }): Promise<void>;
};
