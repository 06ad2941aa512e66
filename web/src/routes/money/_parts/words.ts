/** Words for what the ledger names: its kinds of account, reasons and subjects come as text. */
import type { Locale } from '#lib/i18n/dictionary.ts';
import { money } from '#lib/i18n/money.ts';

/** The word, or the name itself, which support can look up. */
export function wordOf(group: 'kind' | 'reason' | 'subject', name: string, locale: Locale): string {
  const texts: Readonly<Record<string, string>> = money[locale];
  return texts[`${group}_${name}`] ?? name;
}

/** `contract:0198…` → its word, and where it can be seen. */
export function subjectOf(subject: string, locale: Locale): { text: string; href: string | null } {
  const [kind = '', id = ''] = subject.split(':');
  const href = kind === 'contract' ? `/money/contracts/${id}` : kind === 'auction' ? `/auctions/${id}` : null;
  return { text: wordOf('subject', kind, locale), href };
}
