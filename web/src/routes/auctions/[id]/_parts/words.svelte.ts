/** Amounts and refusals of one auction as sentences, in the visitor's language. */
import { formatAmount, formatDateTime, formatMoney, formatTonnes } from '#lib/format/format.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';

const KEYS = {
  priceMinimum: ['accPriceMinimum', 'price'],
  priceMaximum: ['accPriceMaximum', 'price'],
  quantityMinimum: ['accQuantityMinimum', 'mass'],
  quantityMaximum: ['accQuantityMaximum', 'mass'],
  minimumAcceptableMaximum: ['accMinimumMaximum', 'mass'],
  required: ['accRequired', 'money'],
  allocated: ['accAllocated', 'money'],
  opensAt: ['accOpensAt', 'time'],
  closedAt: ['accClosedAt', 'time'],
  closedSeq: ['accClosedSeq', 'plain'],
  tickSize: ['accTick', 'money'],
  lotSize: ['accLot', 'mass'],
} as const;

export type Words = {
  money(value: string): string;
  /** A price for one tonne. */
  price(value: string): string;
  amount(value: string): string;
  tonnes(value: string): string;
  /** Tonnes without the unit. */
  mass(value: string): string;
  /** Time of day with seconds; with the date when that is not today's. */
  clock(instant: string): string;
  /** What would have been accepted, one sentence each. */
  accepted(facts: Readonly<Record<string, string>> | undefined): string[];
};

export function useWords(currency: () => string): Words {
  const t = useMessages(auctions);
  const preferences = usePreferences();
  const words: Words = {
    money: (value) => formatMoney(value, currency(), preferences.locale),
    price: (value) => `${words.money(value)}/t`,
    amount: (value) => formatAmount(value, preferences.locale),
    tonnes: (value) => formatTonnes(value, preferences.locale),
    mass: (value) => formatTonnes(value, preferences.locale).replace(/\s*t$/, ''),
    clock: (instant) => {
      const { locale, timeZone } = preferences;
      const full = formatDateTime(instant, { locale, timeZone, style: 'second' });
      const day = (at: string | number): string => formatDateTime(at, { locale, timeZone, style: 'date' });
      return day(instant) === day(Date.now()) ? (/\d{2}:\d{2}:\d{2}/.exec(full)?.[0] ?? full) : full;
    },
    accepted: (facts = {}) =>
      Object.entries(facts).map(([name, value]) => {
        const known = Object.hasOwn(KEYS, name) ? KEYS[name as keyof typeof KEYS] : undefined;
        if (!known) return t('accOther', { name, value });
        const [key, unit] = known;
        if (unit === 'plain') return t(key, { value });
        const say = { price: words.price, mass: words.tonnes, money: words.money, time: words.clock }[unit];
        return t(key, { value: say(value) });
      }),
  };
  return words;
}
