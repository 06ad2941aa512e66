/** Choices of the forms about coal. */
import type { PlaceView } from '@seam/protocol';
import { languageTag, type Locale } from '#lib/i18n/dictionary.ts';

export const RANKS = ['bituminous', 'sub_bituminous', 'lignite', 'anthracite', 'coking', 'waste'] as const;
export const TERMS = ['ex_mine', 'for_rail', 'fca', 'fob', 'cfr', 'cif'] as const;
export const MODES = ['rail', 'road', 'sea', 'river', 'conveyor'] as const;
export const UNITS = ['kcal/kg', 'J/g', 'MJ/kg', 'Btu/lb', 'kcal20/kg'] as const;
export const CURRENCY_CODES = ['CNY', 'USD', 'INR', 'EUR', 'AUD', 'ZAR', 'IDR'] as const;

/** Countries that mine, ship or burn traded coal. */
const COUNTRIES =
  'AU BD BR BW CA CL CN CO CZ DE EG ES FR GB GR HK ID IN IT JP KG KH KR KZ LK MA MM MN MX MY MZ NL NO NZ PH PK PL PT RO RS RU SE SG TH TJ TR TW UA US UZ VE VN ZA ZM ZW'.split(
    ' ',
  );

type Option = { value: string; label: string };

export function countries(locale: Locale): Option[] {
  const names = new Intl.DisplayNames([languageTag[locale]], { type: 'region' });
  return COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) =>
    a.label.localeCompare(b.label, languageTag[locale]),
  );
}

export function countryName(code: string, locale: Locale): string {
  return new Intl.DisplayNames([languageTag[locale]], { type: 'region' }).of(code) ?? code;
}

type Named = { readonly name: string; readonly nameZh: string | null };

export function nameIn(locale: Locale, { name, nameZh }: Named): string {
  return locale === 'zh' ? (nameZh ?? name) : name;
}

/** Places of the register as choices, named with their country. */
export function placeOptions(places: readonly PlaceView[], locale: Locale): Option[] {
  return places.map((place) => ({
    value: place.id,
    label: `${nameIn(locale, place)} (${place.country})`,
  }));
}

/** `32.33° S, 149.88° E`. */
export function coordinates(latitude: number | null, longitude: number | null): string {
  if (latitude === null || longitude === null) return '—';
  const degrees = (value: number, [positive, negative]: readonly [string, string]): string =>
    `${Math.abs(value).toFixed(2)}° ${value < 0 ? negative : positive}`;
  return `${degrees(latitude, ['N', 'S'])}, ${degrees(longitude, ['E', 'W'])}`;
}
