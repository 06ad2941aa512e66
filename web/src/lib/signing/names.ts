import type { Locale } from '#lib/i18n/dictionary.ts';

/** The name in the reader's language, where there is one. */
export function nameOf(party: { name: string; nameZh: string | null }, locale: Locale): string {
  return (locale === 'zh' ? party.nameZh : null) ?? party.name;
}
