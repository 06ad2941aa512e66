/** The words that the rules of an auction are said in, for components. */
import { auctionAwards } from '#lib/i18n/auctions-awards.ts';
import { auctionFormats } from '#lib/i18n/auctions-formats.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { formatDateTime, formatMoney, formatPercent, formatTonnes } from '#lib/format/format.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import type { Say } from './rules.ts';
import { span } from './span.ts';
import { trimmed } from './trimmed.ts';

/** What nobody has typed yet. */
const OPEN = '…';

export function useSay(currency: () => string): Say {
  const t = useMessages(auctionFormats);
  const after = useMessages(auctionAwards);
  const common = useMessages(auctions);
  const preferences = usePreferences();
  const money = (value: string): string =>
    value === '' ? OPEN : formatMoney(value, currency(), preferences.locale);
  return {
    t,
    after,
    money,
    price: (value) => (value === '' ? OPEN : `${money(value)}/t`),
    tonnes: (value) => (value === '' ? OPEN : formatTonnes(value, preferences.locale)),
    at: (instant) => (instant === '' ? OPEN : atText(instant)),
    span: (seconds) => span(seconds, preferences.locale),
    percent: (value) => (value === '' ? OPEN : formatPercent(value, preferences.locale)),
    security(rule) {
      if (rule.mode === 'per_tonne') {
        return common('securityPerTonne', { amount: money(rule.amountPerTonne) });
      }
      if (rule.mode === 'fixed') return common('securityFixed', { amount: money(rule.amount) });
      return common('securityPercent', { percent: formatPercent(trimmed(rule.percent), preferences.locale) });
    },
  };

  /** Today the time of day is enough, with seconds only where there are some. */
  function atText(instant: string): string {
    const { locale, timeZone } = preferences;
    const day = (at: string | number): string => formatDateTime(at, { locale, timeZone, style: 'date' });
    const full = formatDateTime(instant, { locale, timeZone, style: 'second' });
    const short = day(instant) === day(Date.now()) ? (/\d{2}:\d{2}:\d{2}/.exec(full)?.[0] ?? full) : full;
    return short.replace(/(\d{2}:\d{2}):00/, '$1');
  }
}
