/**
 * How a visitor wants to read the pages. Cookies, so that the server renders it right the first time and
 * no script runs before the first paint.
 */
import { chooseLocale, type Locale } from '#lib/i18n/dictionary.ts';
import { isTimeZone } from '#lib/format/zone.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

/** Whether keys without Ctrl do something. */
export const keySettings = ['on', 'off'] as const;
export type KeySetting = (typeof keySettings)[number];

export type Preferences = {
  locale: Locale;
  theme: Theme;
  density: Density;
  keys: KeySetting;
  timeZone: string;
};

/** A year: a preference is not a secret and need not expire sooner. */
export const preferenceMaxAgeSeconds = 365 * 24 * 3600;

/** Used until the browser has told its own zone. */
export const defaultTimeZone = 'Asia/Shanghai';

export function readPreferences(
  cookie: (name: string) => string | undefined,
  acceptLanguage: string | null,
): Preferences {
  const zone = cookie('tz');
  return {
    locale: chooseLocale(cookie('locale'), acceptLanguage),
    theme: themes.find((theme) => theme === cookie('theme')) ?? 'system',
    density: densities.find((density) => density === cookie('density')) ?? 'comfortable',
    keys: keySettings.find((keys) => keys === cookie('keys')) ?? 'on',
    timeZone: zone !== undefined && isTimeZone(zone) ? zone : defaultTimeZone,
  };
}

/** Classes of `<html>`; only words from the lists above can get into the page. */
export function htmlClass({ theme, density }: Preferences): string {
  return [theme === 'system' ? '' : theme, density === 'compact' ? 'compact' : ''].filter(Boolean).join(' ');
}
