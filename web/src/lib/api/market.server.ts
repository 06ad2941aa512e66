/** What the start page and the lists show of a lot and an auction, in the visitor's language. */
import { convertEnergy, rational, roundHalfEven } from '@seam/coal';
import type { ListingSummary } from '@seam/protocol';
import type { Locale } from '#lib/i18n/dictionary.ts';

export type LotCard = {
  id: string;
  title: string;
  origin: string;
  seller: string;
  /** kcal/kg, net as received; null when the statements do not give it. */
  heat: string | null;
  sulphur: string | null;
  remaining: string;
  currency: string | null;
  price: string | null;
  startPrice: string | null;
  place: string;
};

type Named = { name: string; nameZh: string | null };

/** The name in the visitor's language where there is one. */
export function nameOf(named: Named, locale: Locale): string {
  return locale === 'zh' ? (named.nameZh ?? named.name) : named.name;
}

/** J/g as whole kcal/kg (International Table), as buyers read it. */
export function kilocalories(joulesPerGram: number): string {
  return String(roundHalfEven(convertEnergy(rational(joulesPerGram), 'J/g', 'kcal/kg')));
}

export function toLotCard(listing: ListingSummary, locale: Locale): LotCard {
  const { mine, netCalorificValue, deliveryPlace } = listing;
  return {
    id: listing.id,
    title: nameOf(mine, locale),
    origin: [mine.region, mine.country].filter((part) => part !== '').join(', '),
    seller: nameOf(listing.seller, locale),
    heat: netCalorificValue === null ? null : kilocalories(netCalorificValue),
    sulphur: listing.sulphurAr,
    remaining: listing.remaining,
    currency: listing.currency,
    price: listing.price,
    startPrice: listing.startPrice,
    place: deliveryPlace === null ? '' : nameOf(deliveryPlace, locale),
  };
}
