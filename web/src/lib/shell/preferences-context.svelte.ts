import { createContext } from 'svelte';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { preferenceMaxAgeSeconds, type Preferences } from './preferences.ts';

/**
 * The preferences as components see them: reactive, so that a switch of language changes every text that
 * is on the page.
 */
export class PreferencesContext {
  readonly #read: () => Preferences;
  #browserZone = $state<string>();

  constructor(read: () => Preferences) {
    this.#read = read;
  }

  get locale(): Locale {
    return this.#read().locale;
  }

  get timeZone(): string {
    return this.#browserZone ?? this.#read().timeZone;
  }

  /** Takes the browser's own zone, and remembers it so that the server renders it next time. */
  adoptBrowserZone(): void {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || zone === this.timeZone) return;
    this.#browserZone = zone;
    document.cookie = `tz=${zone}; path=/; max-age=${preferenceMaxAgeSeconds}; samesite=lax`;
  }
}

export const [usePreferences, providePreferences] = createContext<PreferencesContext>();
