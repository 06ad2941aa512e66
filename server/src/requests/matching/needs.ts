/** A request and the lots on the market in the terms of packages/coal, which judges and ranks them. */
import { type ListingOffer, type Match, type RequestNeeds, matchListing } from '@seam/coal';
import { kilograms, minor } from '@seam/units';
import {
  type Freight,
  type FreightBook,
  type ListingRow,
  type PlaceRow,
  assayOf,
  carriage,
  endOfDay,
  referenceMarket,
} from '../../listings/public.ts';
import type { RequestRow } from '../tables.ts';

type Places = ReadonlyMap<string, PlaceRow>;

/**
 * @param freight to the plant, as the reader has it; left out: every way is estimated by its distance.
 * @returns undefined when the register does not know where the plant is.
 */
export function needsOf(
  row: RequestRow,
  plant: PlaceRow | undefined,
  freight?: Freight,
): RequestNeeds | undefined {
  if (plant?.latitude == null || plant.longitude === null) return undefined;
  return {
    limits: row.limits,
    ...(row.coalRanks.length > 0 && { ranks: row.coalRanks }),
    quantity: kilograms(outstandingOf(row)),
    minimumQuantity: kilograms(leastOf(row)),
    place: { id: plant.id, latitude: plant.latitude, longitude: plant.longitude },
    freight: (from, mode, price) =>
      carriage(from, { ...plant, freight }, { mode, market: referenceMarket(row.currency), price }),
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
    place: { id: place.id, latitude: place.latitude, longitude: place.longitude },
    window: windowOf(row),
    transport: row.transport,
  };
}

/** Whether the transport it is offered with brings it to the plant. */
export function isInReach(needs: RequestNeeds, offer: ListingOffer): boolean {
  return needs.freight?.(offer.place, offer.transport, undefined) !== undefined;
}

/** The freight of the buyer: for its own eyes and the centre's; to producers it would tell what carriers promised. */
export async function buyersFreight(
  book: FreightBook | undefined,
  row: RequestRow,
): Promise<Freight | undefined> {
  return book?.heldBy({
    organisationId: row.buyerId,
    toPlaceId: row.plantPlaceId,
    leastKg: leastOf(row),
  });
}

function outstandingOf(row: RequestRow): bigint {
  return row.quantityKg - row.contractedKg - row.auctionedKg;
}

/** What one lot must have to be of use. */
function leastOf(row: RequestRow): bigint {
  const outstanding = outstandingOf(row);
  return row.minimumKg < outstanding ? row.minimumKg : outstanding;
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
