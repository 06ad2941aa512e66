/** A request and the lots on the market in the terms of packages/coal, which judges and ranks them. */
import { type ListingOffer, type Match, type RequestNeeds, matchListing } from '@seam/coal';
import { kilograms, minor } from '@seam/units';
import { type ListingRow, type PlaceRow, assayOf, endOfDay, referenceMarket } from '../../listings/public.ts';
import type { RequestRow } from '../tables.ts';

type Places = ReadonlyMap<string, PlaceRow>;

/** @returns undefined when the register does not know where the plant is. */
export function needsOf(row: RequestRow, plant: PlaceRow | undefined): RequestNeeds | undefined {
  if (plant?.latitude == null || plant.longitude === null) return undefined;
  const outstanding = row.quantityKg - row.contractedKg - row.auctionedKg;
  return {
    limits: row.limits,
    ...(row.coalRanks.length > 0 && { ranks: row.coalRanks }),
    quantity: kilograms(outstanding),
    minimumQuantity: kilograms(row.minimumKg < outstanding ? row.minimumKg : outstanding),
    place: { latitude: plant.latitude, longitude: plant.longitude },
    window: windowOf(row),
    ...(row.priceCeiling !== null && {
      ceiling: { perTonne: minor(row.priceCeiling), currency: row.currency, at: row.ceilingAt },
    }),
  };
}

/** @param price what is asked, when it is not the lot's own price. @returns undefined without a known place. */
export function offerOf(
  row: ListingRow,
  places: Places,
  answer?: { readonly quantityKg: bigint; readonly price: NonNullable<ListingOffer['price']> },
): ListingOffer | undefined {
  const place = row.deliveryPlaceId ? places.get(row.deliveryPlaceId) : undefined;
  if (place?.latitude == null || place.longitude === null) return undefined;
  const ownPrice =
    row.pricePerTonne !== null && row.currency
      ? { perTonne: minor(row.pricePerTonne), currency: row.currency }
      : undefined;
  const price = answer?.price ?? ownPrice;
  return {
    id: row.id,
    assay: assayOf(row),
    rank: row.coalRank,
    quantity: kilograms(answer?.quantityKg ?? row.remainingKg),
    ...(price && { price }),
    place: { latitude: place.latitude, longitude: place.longitude },
    window: windowOf(row),
    transport: row.transport,
  };
}

export function judge(request: RequestRow, needs: RequestNeeds, offer: ListingOffer): Match {
  return matchListing(needs, offer, referenceMarket(request.currency));
}

function windowOf(row: { readonly windowFrom: string; readonly windowTo: string }): {
  from: number;
  to: number;
} {
  return { from: Date.parse(`${row.windowFrom}T00:00:00Z`), to: endOfDay(row.windowTo) };
}
