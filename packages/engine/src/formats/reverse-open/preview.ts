/** What an offer would lead to, before it is made: the same functions decide as in `step`. Asks for no security. */
import type { Lots } from '@seam/units';
import type { Offer } from '../../scoring/types.ts';
import type { Rejection } from '../../types.ts';
import { type OfferingView, refusePlacedOffer, withOffer } from './price.ts';

export type OfferPreview =
  | { readonly taken: false; readonly rejection: Rejection }
  | { readonly taken: true; readonly allocated: Lots; readonly rank: number };

export function previewOffer(view: OfferingView, offer: Omit<Offer, 'seq'>): OfferPreview {
  const { auctionId } = view.terms;
  const rejection = refusePlacedOffer(view, { type: 'place_offer', auctionId, ...offer });
  if (rejection) return { taken: false, rejection };
  const { lines } = withOffer(view, { ...offer, seq: Number.MAX_SAFE_INTEGER });
  const own = lines.find((line) => line.accountId === offer.accountId);
  return { taken: true, allocated: own?.allocated ?? (0 as Lots), rank: own?.rank ?? lines.length };
}
