/** Amounts and refusals of one auction as sentences, in the visitor's language. */
import {
  formatAmount,
  formatDateTime,
  formatMoney,
  formatPercent,
  formatTonnes,
} from '#lib/format/format.ts';
import { acceptedTexts } from '#lib/i18n/accepted.ts';
import { auctionRoom } from '#lib/i18n/auctions-room.ts';
import { auctionSealed } from '#lib/i18n/auctions-sealed.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { bidderIn } from '#lib/live/bidder-name.ts';
import type { Command } from '#lib/live/command.ts';
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
  price: ['accPriceNow', 'price'],
  stepMinimum: ['accStepMinimum', 'money'],
  amount: ['accAmount', 'money'],
  endedAt: ['accEndedAt', 'time'],
} as const;
/** What the market says beside, of no use to a person. */
const SILENT: ReadonlySet<string> = new Set(['step', 'round', 'format', 'digest', 'phase', 'field']);
const FAULTS = [
  'price_out_of_range',
  'below_floor',
  'quantity_out_of_range',
  'minimum_acceptable_invalid',
  'merit_invalid',
] as const;

export type Words = {
  money(value: string): string;
  /** A price for one tonne. */
  price(value: string): string;
  amount(value: string): string;
  tonnes(value: string): string;
  /** Tonnes without the unit. */
  mass(value: string): string;
  /** As somebody would type it: `200.000` → `200`. */
  bare(value: string): string;
  /** Time of day with seconds; with the date when that is not today's. */
  clock(instant: string): string;
  percent(value: string): string;
  /** A bidder by the name it has in this auction alone. */
  bidder(alias: string): string;
  /** Why an opened bid does not count: a code of the market, or the reason a person gave. */
  fault(code: string): string;
  /** What was asked of the market, short. */
  command(command: Command): string;
  /** What would have been accepted, one sentence each. */
  accepted(facts: Readonly<Record<string, string>> | undefined): string[];
};

export function useWords(currency: () => string): Words {
  const t = useMessages(auctions);
  const r = useMessages(auctionRoom);
  const sealed = useMessages(auctionSealed);
  const preferences = usePreferences();
  const words: Words = {
    percent: (value) => formatPercent(value, preferences.locale),
    bidder: (alias) => bidderIn(preferences.locale, alias),
    fault(code) {
      const known = FAULTS.find((one) => one === code);
      return known === undefined ? code : sealed(`fault_${known}`);
    },
    command: (command) => {
      switch (command.t) {
        case 'place_bid':
        case 'place_offer':
        case 'accept_price':
        case 'reveal_bid':
          return `${words.price(command.price)} · ${words.tonnes(command.quantity)}`;
        case 'set_auto_bid':
          return `${r('autoTitle')} ${words.price(command.limit)}`;
        case 'state_quantity':
          return `${r('round')} ${command.round} · ${words.tonnes(command.quantity)}`;
        case 'offer_price':
          return command.price === null ? r('hybridCancel') : words.price(command.price);
        case 'commit_bid':
          return `${sealed('fingerprint')} ${command.commitment.slice(0, 12)}…`;
        case 'submit_sealed':
          return `${sealed('fingerprint')} ${command.digest.slice(0, 12)}…`;
        case 'withdraw_turn_offer':
          return sealed('withdraw');
      }
    },
    money: (value) => formatMoney(value, currency(), preferences.locale),
    price: (value) => `${words.money(value)}/t`,
    amount: (value) => formatAmount(value, preferences.locale),
    tonnes: (value) => formatTonnes(value, preferences.locale),
    bare: (value) => (value.includes('.') ? value.replace(/\.?0+$/, '') : value),
    mass: (value) => formatTonnes(value, preferences.locale).replace(/\s*t$/, ''),
    clock: (instant) => {
      const { locale, timeZone } = preferences;
      const full = formatDateTime(instant, { locale, timeZone, style: 'second' });
      const day = (at: string | number): string => formatDateTime(at, { locale, timeZone, style: 'date' });
      return day(instant) === day(Date.now()) ? (/\d{2}:\d{2}:\d{2}/.exec(full)?.[0] ?? full) : full;
    },
    accepted: (facts = {}) =>
      Object.entries(facts)
        .filter(([name]) => !SILENT.has(name))
        .map(([name, value]) => {
          const known = Object.hasOwn(KEYS, name) ? KEYS[name as keyof typeof KEYS] : undefined;
          if (!known) return acceptedTexts({ [name]: value }, preferences).join(' ');
          const [key, unit] = known;
          if (unit === 'plain') return t(key, { value });
          const say = { price: words.price, mass: words.tonnes, money: words.money, time: words.clock }[unit];
          return t(key, { value: say(value) });
        }),
  };
  return words;
}
