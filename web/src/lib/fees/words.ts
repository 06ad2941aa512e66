/** A fee rule in words: what it holds for, and what it charges. */
import type { FeeRuleView } from '@seam/protocol';
import { formatMoney } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { fees } from '#lib/i18n/fees.ts';
import { auctionFormats } from '#lib/i18n/auctions-formats.ts';
import { nameIn } from '#lib/lots/options.ts';

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');

/** `sealed_bid` stands as `sealedBid` among the words of formats. */
export function formatWord(format: string, locale: Locale): string {
  const words: Readonly<Record<string, string>> = auctionFormats[locale];
  return words[format.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())] ?? format;
}

export function coalWord(name: string, locale: Locale): string {
  const words: Readonly<Record<string, string>> = coal[locale];
  return words[name] ?? name;
}

/** What the rule names, the most telling first; every sale where it names nothing. */
export function scopeWords({ scope }: FeeRuleView, locale: Locale): string[] {
  const t: Readonly<Record<string, string>> = fees[locale];
  const named = [
    scope.seller && fill(t['seller']!, { name: nameIn(locale, scope.seller) }),
    scope.buyer && fill(t['buyer']!, { name: nameIn(locale, scope.buyer) }),
    scope.sellerKind && (t[`kind_${scope.sellerKind}`] ?? scope.sellerKind),
    scope.format && formatWord(scope.format, locale),
    scope.market && (t[`market_${scope.market}`] ?? scope.market),
    scope.coalRank && coalWord(scope.coalRank, locale),
    scope.deliveryTerm && coalWord(scope.deliveryTerm, locale),
    scope.currency,
  ].filter((one): one is string => one !== null && one !== '');
  return named.length === 0 ? [fees[locale].everything] : named;
}

const isNothing = (decimal: string): boolean => !/[1-9]/.test(decimal);
const short = (percent: string): string => percent.replace(/\.?0+$/, '') || '0';

/** What is charged, part by part. */
export function chargeWords(rule: FeeRuleView, locale: Locale): string[] {
  const t = fees[locale];
  const amount = (value: string): string => formatMoney(value, rule.scope.currency ?? 'CNY', locale);
  return [
    ...(isNothing(rule.percent) && !isNothing(rule.perTonne)
      ? []
      : [fill(t.percentOf, { percent: percentText(rule.percent) })]),
    ...(isNothing(rule.perTonne) ? [] : [fill(t.perTonneOf, { amount: amount(rule.perTonne) })]),
    ...(isNothing(rule.minimum) ? [] : [fill(t.atLeast, { amount: amount(rule.minimum) })]),
    ...(isNothing(rule.maximum) ? [] : [fill(t.atMost, { amount: amount(rule.maximum) })]),
    ...(isNothing(rule.taxPercent) ? [] : [fill(t.tax, { percent: percentText(rule.taxPercent) })]),
  ];
}

/** `0.20` as `0.2`, `10.00` as `10`. */
function percentText(percent: string): string {
  return percent.includes('.') ? short(percent) : percent;
}
