/** An instrument in words. */
import type { InstrumentSummary } from '@seam/protocol';
import { coal } from '#lib/i18n/coal.ts';
import { type Locale, languageTag } from '#lib/i18n/dictionary.ts';

/** `2026-12` as `Dec 2026`; what is no month (`2027-Q1`) stays as the centre wrote it. */
export function periodText(period: string, locale: Locale): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) return period;
  const shape = { year: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(languageTag[locale], shape).format(Date.parse(`${period}-01T00:00:00Z`));
}

type Named = Pick<InstrumentSummary, 'grade' | 'deliveryPlace' | 'deliveryPeriod'>;

export function instrumentTitle(of: Named, locale: Locale): string {
  return `${of.grade} · ${of.deliveryPlace} · ${periodText(of.deliveryPeriod, locale)}`;
}

/** `FOB` for `fob`; a term that the dictionary does not know stays as it is. */
export function termText(deliveryTerm: string, locale: Locale): string {
  const words: Readonly<Record<string, string>> = coal[locale];
  return words[deliveryTerm] ?? deliveryTerm;
}
