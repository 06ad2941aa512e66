/** What a bidder wants to know of the coal without leaving the room. */
import type { ListingView } from '@seam/protocol';
import { kilocalories, nameOf } from '#lib/api/market.server.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';

export type Facts = {
  id: string;
  origin: string;
  heat: string | null;
  ash: string | null;
  sulphur: string | null;
  moisture: string;
  place: string;
  from: string;
  to: string;
};

export function toFacts(listing: ListingView, locale: Locale): Facts {
  const { mine, netCalorificValue, deliveryPlace } = listing;
  return {
    id: listing.id,
    origin: [mine.region, mine.country].filter((part) => part !== '').join(', '),
    heat: netCalorificValue === null ? null : kilocalories(netCalorificValue),
    ash: listing.ashAr,
    sulphur: listing.sulphurAr,
    moisture: listing.totalMoistureAr,
    place: deliveryPlace === null ? '' : nameOf(deliveryPlace, locale),
    from: listing.windowFrom,
    to: listing.windowTo,
  };
}
