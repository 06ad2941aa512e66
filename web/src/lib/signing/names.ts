import type { Locale } from '#lib/i18n/dictionary.ts';

/** The name in the reader's language, where there is one. */
export function nameOf(party: { name: string; nameZh: string | null }, locale: Locale): string {
  return (locale === 'zh' ? party.nameZh : null) ?? party.name;
}

/** `p256-256` and `rsa-3072`, as the exchange writes them, in the words of certificates. */
export function keyKindName(kind: string): string {
  const [family = kind, bits] = kind.split('-');
  if (family === 'p256') return 'ECDSA P-256';
  return bits === undefined ? kind : `${family.toUpperCase()} ${bits}`;
}
