/** What a trade needs of a lot; given by the listings slice (ports.ts binds it). */
import type { Tx } from '../platform/db.ts';

export type LotPort = {
  /**
   * Sells `quantityKg` of the seller's own lot that is on the market and fits what was traded.
   * @returns the first thing that does not fit, or undefined when it is sold.
   */
  sellOwn(
    tx: Tx,
    of: {
      readonly listingId: string;
      readonly sellerId: string;
      readonly quantityKg: bigint;
      readonly currency: string;
      readonly deliveryTerm: string;
    },
  ): Promise<'not_yours' | 'not_on_market' | 'currency' | 'delivery_term' | 'quantity' | undefined>;
};
