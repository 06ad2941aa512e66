/** The life of an offer. What is not listed cannot happen; only the newest version of a talk ever moves. */
import type { NegotiationOfferState } from '@seam/protocol';

export type OfferMove = 'counter' | 'accept' | 'reject' | 'expire' | 'withdraw';

export const offerLifecycle = {
  proposed: {
    counter: 'countered',
    accept: 'accepted',
    reject: 'rejected',
    expire: 'expired',
    withdraw: 'withdrawn',
  },
  countered: {},
  accepted: {},
  rejected: {},
  expired: {},
  withdrawn: {},
} as const satisfies Record<NegotiationOfferState, Partial<Record<OfferMove, NegotiationOfferState>>>;

/** The state as the clock sees it: the work that writes an expiry down may come later than the second. */
export function stateAt(
  offer: { readonly state: NegotiationOfferState; readonly expiresAt: Date },
  now: Date,
): NegotiationOfferState {
  return offer.state === 'proposed' && offer.expiresAt <= now ? 'expired' : offer.state;
}
