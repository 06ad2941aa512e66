/**
 * Numbers and times for people. Input is what the wire carries: decimal strings are formatted digit by
 * digit (`Intl` takes strings exactly), never through a float.
 */
import { languageTag, type Locale } from '#lib/i18n/dictionary.ts';
import { zoneLabel } from './zone.ts';

const decimal = /^-?\d+(\.\d+)?$/;

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(languageTag[locale], options)));
  return format;
}

function exact(value: string, locale: Locale, options: Intl.NumberFormatOptions): string {
  if (!decimal.test(value)) return value;
  // A true minus sign: as wide as the plus, and not broken off at the end of a line.
  return numberFormat(locale, options)
    .format(value as Intl.StringNumericLiteral)
    .replace('-', '−');
}

const decimalsIn = (value: string): number => value.split('.')[1]?.length ?? 0;

/** `formatMoney('1234.50', 'CNY', 'en')` → `CNY 1,234.50`. The code, not the sign: ¥ and $ name several currencies. */
export function formatMoney(amount: string, currency: string, locale: Locale): string {
  return `${currency}\u00a0${formatAmount(amount, locale)}`;
}

/** The amount alone, with the decimals it came with, at least two. */
export function formatAmount(amount: string, locale: Locale): string {
  const digits = Math.max(2, decimalsIn(amount));
  return exact(amount, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `formatTonnes('1234.500', 'en')` → `1,234.5 t`: trailing zeros say nothing to a reader. */
export function formatTonnes(tonnes: string, locale: Locale): string {
  return `${exact(tonnes, locale, { maximumFractionDigits: 3 })}\u00a0t`;
}

/** `formatPercent('14.25', 'en')` → `14.25 %`; the wire carries per cent, not a fraction. */
export function formatPercent(percent: string, locale: Locale): string {
  const digits = decimalsIn(percent);
  return `${exact(percent, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0%`;
}

/** A plain number with the decimals it came with. */
export function formatNumber(value: string | number, locale: Locale): string {
  const text = String(value);
  const digits = decimalsIn(text);
  return exact(text, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export type DateTimeStyle = 'day' | 'date' | 'time' | 'minute' | 'second';

const shapes: Record<DateTimeStyle, Intl.DateTimeFormatOptions> = {
  day: { month: 'short', day: 'numeric' },
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  minute: {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  second: {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
};

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** An instant (RFC 3339 or ms) in the reader's zone; with `zone` the offset is written behind it. */
export function formatDateTime(
  instant: string | number,
  options: { locale: Locale; timeZone: string; style?: DateTimeStyle; zone?: boolean },
): string {
  const { locale, timeZone, style = 'minute', zone = false } = options;
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  if (Number.isNaN(ms)) return String(instant);
  const key = `${locale} ${timeZone} ${style}`;
  let format = dateFormats.get(key);
  if (!format)
    dateFormats.set(
      key,
      (format = new Intl.DateTimeFormat(languageTag[locale], { ...shapes[style], timeZone })),
    );
  const text = format.format(ms);
  return zone ? `${text} ${zoneLabel(ms, timeZone)}` : text;
}

/** `0:09`, `14:05`, `2:14:05`; from a day up `3 d 02:14:05`. Negative counts as zero. */
export function formatDuration(ms: number, dayUnit: string): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  if (days > 0) return `${days}\u00a0${dayUnit} ${two(hours)}:${two(minutes)}:${rest}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
