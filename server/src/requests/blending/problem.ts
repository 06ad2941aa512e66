/** The lots on the market that could be part of a blend for a request, as the problem to be solved. */
import type { BlendLot, BlendProblem } from '@seam/blend';
import { type RequestNeeds, matchListing } from '@seam/coal';
import { kilograms } from '@seam/units';
import { type ListingRow, type PlaceRow, referenceMarket } from '../../listings/public.ts';
import { isInReach, offerOf } from '../matching/needs.ts';
import type { RequestRow } from '../tables.ts';

export type BlendWish = { readonly maximumLots?: number; readonly minimumTakeKg?: bigint };

/** What keeps a lot out whatever it is mixed with. */
const KEEPS_OUT = new Set(['rank_not_wanted', 'window_disjoint']);

/** Lots with a price, of a wanted rank, in the window, that their transport brings to the plant. */
export function blendProblem(
  of: { readonly request: RequestRow; readonly needs: RequestNeeds; readonly wish: BlendWish },
  rows: readonly ListingRow[],
  places: ReadonlyMap<string, PlaceRow>,
): BlendProblem {
  const { request, needs, wish } = of;
  const market = referenceMarket(request.currency);
  const lots = rows.flatMap((row): BlendLot[] => {
    const offer = offerOf(row, places);
    if (!offer || !isInReach(needs, offer)) return [];
    const { landed, reasons } = matchListing(needs, offer, market);
    if (!landed || reasons.some(({ code }) => KEEPS_OUT.has(code))) return [];
    const least = wish.minimumTakeKg;
    return [
      {
        id: offer.id,
        assay: offer.assay,
        available: offer.quantity,
        costPerTonne: landed.perTonne,
        ...(least !== undefined && { minimumTake: kilograms(least) }),
      },
    ];
  });
  return {
    lots: least(lots),
    limits: needs.limits,
    quantity: needs.quantity,
    ...(wish.maximumLots !== undefined && { maximumLots: wish.maximumLots }),
  };
}

/** A lot smaller than the least take is of no use. */
function least(lots: readonly BlendLot[]): readonly BlendLot[] {
  return lots.filter((lot) => lot.available >= (lot.minimumTake ?? 1n));
}
