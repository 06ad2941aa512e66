/** Amounts, times and refusals of one order book as sentences, in the visitor's language. */
import { formatAmount, formatDateTime, formatMoney, formatTonnes } from '#lib/format/format.ts';
import { acceptedTexts } from '#lib/i18n/accepted.ts';
import { marketsTicket } from '#lib/i18n/markets-ticket.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';

const FACTS = {
  tickSize: ['accTick', 'money'],
  lotSize: ['accLot', 'mass'],
  priceMinimum: ['accPriceMinimum', 'price'],
  priceMaximum: ['accPriceMaximum', 'price'],
  quantityMinimum: ['accQuantityMinimum', 'mass'],
  quantityMaximum: ['accQuantityMaximum', 'mass'],
  amountMaximum: ['accAmountMaximum', 'money'],
  priceTaken: ['accPriceTaken', 'price'],
  priceAccepted: ['accPriceAccepted', 'price'],
  earliest: ['accEarliest', 'time'],
  latest: ['accLatest', 'time'],
  until: ['accUntil', 'time'],
  opensAt: ['accOpensAt', 'time'],
  ordersMaximum: ['accOrdersMaximum', 'plain'],
} as const;
const FIELDS = {
  timeInForce: 'accFieldTimeInForce',
  postOnly: 'accFieldPostOnly',
  minimumQuantity: 'accFieldMinimum',
} as const;
/** Says nothing that the sentence of the refusal does not say. */
const SILENT: readonly string[] = ['scope', 'mode', 'phase', 'state'];

export type MarketWords = {
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

export function useMarketWords(currency: () => string): MarketWords {
  const t = useMessages(marketsTicket);
  const preferences = usePreferences();
  const words: MarketWords = {
    money: (value) => formatMoney(value, currency(), preferences.locale),
    price: (value) => `${words.money(value)}/t`,
    amount: (value) => formatAmount(value, preferences.locale),
    tonnes: (value) => formatTonnes(value, preferences.locale),
    mass: (value) => words.tonnes(value).replace(/\s*t$/, ''),
    clock: (instant) => {
      const { locale, timeZone } = preferences;
      const full = formatDateTime(instant, { locale, timeZone, style: 'second' });
      const day = (at: string | number): string => formatDateTime(at, { locale, timeZone, style: 'date' });
      return day(instant) === day(Date.now()) ? (/\d{2}:\d{2}:\d{2}/.exec(full)?.[0] ?? full) : full;
    },
    accepted: (facts = {}) =>
      Object.entries(facts)
        .filter(([name]) => !SILENT.includes(name))
        .map(([name, value]) => {
          if (name === 'field' && Object.hasOwn(FIELDS, value))
            return t(FIELDS[value as keyof typeof FIELDS]);
          const fact = Object.hasOwn(FACTS, name) ? FACTS[name as keyof typeof FACTS] : undefined;
          if (!fact) return acceptedTexts({ [name]: value }, preferences).join(' ');
          const [key, unit] = fact;
          if (unit === 'plain') return t(key, { value });
          const say = { price: words.price, mass: words.tonnes, money: words.money, time: words.clock }[unit];
          return t(key, { value: say(value) });
        }),
  };
  return words;
}
