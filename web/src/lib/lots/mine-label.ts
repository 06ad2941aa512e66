/** A mine as one line of text: what stands in the field once it was chosen. */
import type { MineView } from '@seam/protocol';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { nameIn } from './options.ts';

export function mineLabel(
  mine: Pick<MineView, 'name' | 'nameZh' | 'region' | 'country'>,
  locale: Locale,
): string {
  return `${nameIn(locale, mine)} (${[mine.region, mine.country].filter(Boolean).join(', ')})`;
}
