/** What the nine checks of a certificate found, and what they lacked, as sentences. */
import type { ListingView } from '@seam/protocol';
import { formatNumber } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import { lotForms } from '#lib/i18n/lot-forms.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import { useFlagText } from './words.svelte.ts';

type Certificate = ListingView['certificates'][number];

const STEPS = ['sampledAt', 'preparedAt', 'analysedAt', 'issuedAt'] as const;
const MEASURED = ['totalMoisture', 'ash', 'volatileMatter', 'sulphur', 'calorificValue'] as const;

export function useCertificateWords() {
  const t = useMessages(lotForms);
  const c = useMessages(coal);
  const flagText = useFlagText();
  const preferences = usePreferences();
  const number = (text: string): string => formatNumber(text, preferences.locale);
  const step = (text: string): string => {
    const known = STEPS.find((one) => one === text);
    return known ? t(known) : text;
  };

  function flag({ code, values }: Certificate['flags'][number]): string {
    const said = (name: string): string => values[name] ?? '';
    switch (code) {
      case 'class_disagrees':
        return t(code, {
          declared: said('declared'),
          computed: said('computed') || '—',
          volatileDaf: number(said('volatileDaf')),
        });
      case 'outlier': {
        const parameter = MEASURED.find((one) => one === said('parameter'));
        return t(code, {
          parameter: parameter ? c(parameter) : said('parameter'),
          value: number(said('value')),
          mean: number(said('mean')),
          count: said('count'),
        });
      }
      case 'number_missing':
        return t(code);
      case 'number_known':
        return t(code, { number: said('number') });
      case 'sample_mass_too_small':
        return t(code, { grams: number(said('grams')), minimum: number(said('minimum')) });
      case 'seals_differ':
        return t(code, { set: said('set'), found: said('found') });
      case 'time_order':
        return t(code, { before: step(said('before')), after: step(said('after')) });
      default:
        return assayFlag(code, values);
    }
  }

  function assayFlag(code: string, { basis, ...texts }: Readonly<Record<string, string>>): string {
    const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
    const on = (['ar', 'ad', 'd', 'daf'] as const).find((one) => one === basis);
    return flagText({ code, ...(on && { basis: on }), numbers });
  }

  return { flag, check: (check: number): string => t(`check${check as 1}`) };
}
