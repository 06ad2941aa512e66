/** What a bidder is called in an auction, in the reader's language: the market itself says `Bidder 347`. */
import { auctions } from '#lib/i18n/auctions.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';

export function bidderIn(locale: Locale, alias: string): string {
  const number = /^Bidder (\d+)$/.exec(alias)?.[1];
  return number === undefined ? alias : auctions[locale].bidderN.replace('{n}', number);
}
