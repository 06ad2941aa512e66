/** The facts of an event as one line, each in the words of the reader. */
import type { ReputationEventView } from '@seam/protocol';
import type { Translate } from '#lib/i18n/dictionary.ts';
import type { reputation } from '#lib/i18n/reputation.ts';

type T = Translate<(typeof reputation)['en']>;

/** In this order; money is shown with its currency. */
const SHOWN = [
  'taken',
  'owed',
  'contracted',
  'delivered',
  'tolerancePercent',
  'nominated',
  'lapsed',
  'loaded',
  'received',
  'price',
  'finalPrice',
  'amount',
  'dueAt',
  'paidAt',
  'umpire',
] as const;

export function factsText(
  { facts, component }: ReputationEventView,
  t: T,
  format: {
    money(value: string, currency: string): string;
    instant(value: string): string;
    number(value: string): string;
  },
): string {
  const parts: string[] = [];
  for (const key of SHOWN) {
    const value = facts[key];
    if (value === undefined) continue;
    if (key === 'taken' || key === 'owed') parts.push(t(`fact_${key}`));
    else if (key === 'umpire')
      parts.push(t('fact_umpire', { value: t(value === 'lost' ? 'umpire_lost' : 'umpire_equal') }));
    else if (key === 'paidAt' && value === '') parts.push(t('fact_unpaid'));
    else if (key === 'dueAt' || key === 'paidAt')
      parts.push(t(`fact_${key}`, { value: format.instant(value) }));
    else if (key === 'price' || key === 'finalPrice' || key === 'amount')
      parts.push(t(`fact_${key}`, { value: format.money(value, facts['currency'] ?? '') }));
    else parts.push(t(`fact_${key}`, { value: format.number(value) }));
  }
  if (parts.length === 0 && (component === 'disputes' || component === 'defaults')) return t('settled');
  return parts.join(' · ');
}
