/** English names of countries to ISO 3166-1, as the runtime knows them, and the spellings that registers use. */

const SPELLINGS: Readonly<Record<string, string>> = {
  'bosnia and herzegovina': 'BA',
  'czech republic': 'CZ',
  'democratic republic of the congo': 'CD',
  'dr congo': 'CD',
  eswatini: 'SZ',
  swaziland: 'SZ',
  kosovo: 'XK',
  laos: 'LA',
  macedonia: 'MK',
  myanmar: 'MM',
  burma: 'MM',
  'north korea': 'KP',
  'north macedonia': 'MK',
  'republic of korea': 'KR',
  'russian federation': 'RU',
  'south korea': 'KR',
  svalbard: 'SJ',
  taiwan: 'TW',
  tanzania: 'TZ',
  turkey: 'TR',
  türkiye: 'TR',
  't rkiye': 'TR',
  uk: 'GB',
  'united states of america': 'US',
  usa: 'US',
  'viet nam': 'VN',
};

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();

function known(): Map<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const table = new Map<string, string>();
  const letters = Array.from({ length: 26 }, (_none, at) => String.fromCodePoint(65 + at));
  for (const first of letters)
    for (const second of letters) {
      const name = names.of(first + second);
      if (name) table.set(plain(name), first + second);
    }
  for (const [name, code] of Object.entries(SPELLINGS)) table.set(plain(name), code);
  return table;
}

/** By name in small letters, only a to z and single spaces. */
export const COUNTRY_CODES: ReadonlyMap<string, string> = known();
