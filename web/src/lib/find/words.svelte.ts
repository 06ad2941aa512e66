/** What a search says, in the visitor's language. */
import { formatNumber } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import { find as texts } from '#lib/i18n/find.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { countryName } from '#lib/lots/options.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import { type Facet, FACETS, type Find, type Parameter, type ShownBasis, isHeat } from './query.ts';

const OWN_WORDS = new Set<Parameter>([
  'net',
  'gross',
  'hydrogen',
  'hardgrove',
  'ashDeformation',
  'ashSoftening',
  'sizeMin',
  'sizeMax',
]);
const UNITS: Readonly<Partial<Record<Parameter, string>>> = {
  hardgrove: '',
  ashDeformation: '°C',
  ashSoftening: '°C',
  sizeMin: 'mm',
  sizeMax: 'mm',
};
/** As analysts write them. */
const SYMBOLS: Readonly<Record<Parameter, string>> = {
  net: 'Qnet',
  gross: 'Qgr',
  totalMoisture: 'Mt',
  ash: 'A',
  sulphur: 'St',
  volatileMatter: 'V',
  inherentMoisture: 'Mad',
  fixedCarbon: 'FC',
  hydrogen: 'H',
  hardgrove: 'HGI',
  ashDeformation: 'DT',
  ashSoftening: 'ST',
  sizeMin: 'mm ≥',
  sizeMax: 'mm ≤',
};

export function unitOf(parameter: Parameter, heat: string): string {
  return isHeat(parameter) ? heat : (UNITS[parameter] ?? '%');
}

/** `St,d %`, `Qnet,ar kcal/kg`. Moisture is named with its basis already. */
export function symbolOf(parameter: Parameter, basis: ShownBasis | ''): string {
  const named = parameter === 'totalMoisture' || parameter === 'inherentMoisture' || basis === '';
  return named ? SYMBOLS[parameter] : `${SYMBOLS[parameter]},${basis}`;
}

export type FindWords = {
  parameter(name: Parameter): string;
  /** A value of a facet. */
  choice(facet: Facet, value: string): string;
  /** A condition as the exchange names it, with its values. `places`: names of places by id. */
  condition(find: Find, name: string, places: Readonly<Record<string, string>>): string;
};

export function useFindWords(): FindWords {
  const t = useMessages(texts);
  const c = useMessages(coal);
  const preferences = usePreferences();
  const parameter = (name: Parameter): string => (OWN_WORDS.has(name) ? t(name as 'net') : c(name as 'ash'));
  const number = (text: string): string => formatNumber(text, preferences.locale);
  const ends = (low: string | undefined, high: string | undefined): string =>
    [low && `≥ ${number(low)}`, high && `≤ ${number(high)}`].filter(Boolean).join(' ');
  const choice = (facet: Facet, value: string): string => {
    // An address may say anything; what is no code is shown as it is.
    if (facet === 'country') return /^[A-Z]{2}$/.test(value) ? countryName(value, preferences.locale) : value;
    return facet === 'currency' || !(value in coal.en) ? value : c(value as 'rail');
  };
  return {
    parameter,
    choice,
    condition({ query, ranges, heat }, name, places) {
      if (name.startsWith('ranges.')) {
        const which = name.slice('ranges.'.length) as Parameter;
        const range = ranges[which];
        const basis = range?.basis ? ` ${range.basis}` : '';
        return `${parameter(which)}${basis} ${ends(range?.low, range?.high)} ${unitOf(which, heat)}`.trim();
      }
      const facet = FACETS.find((known) => known === name);
      if (facet)
        return (query[facet] ?? '')
          .split(',')
          .map((value) => choice(facet, value))
          .join(', ');
      switch (name) {
        case 'near': {
          const where = query['near'] ?? '';
          return `${places[where] ?? where} ≤ ${number(query['radiusKm'] ?? '')} ${t('km')}`;
        }
        case 'window':
          return `${t('delivery')} ${query['windowFrom'] ?? '…'} – ${query['windowTo'] ?? '…'}`;
        case 'price':
          return `${t('price')} ${ends(query['priceMin'], query['priceMax'])}`;
        case 'quantityMin':
          return `${t('left')} ≥ ${number(query['quantityMin'] ?? '')} t`;
        case 'landedMax':
          return `${t('perGigajoule')} ≤ ${number(query['landedMax'] ?? '')}`;
        case 'landedTonneMax':
          return `${t('landedPerTonne')} ≤ ${number(query['landedTonneMax'] ?? '')}`;
        case 'source':
          return t(query['source'] === 'records' ? 'records' : 'all');
        case 'text':
          return `“${query['text'] ?? ''}”`;
        default:
          return `${name} ${query[name] ?? ''}`;
      }
    },
  };
}
