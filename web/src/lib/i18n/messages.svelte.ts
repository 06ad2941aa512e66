import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import { translator, type Dictionary, type Texts, type Translate } from './dictionary.ts';

/** The messages of one area, in the language of the visitor. Call it while a component initialises. */
export function useMessages<En extends Texts>(messages: Dictionary<En>): Translate<En> {
  const preferences = usePreferences();
  return translator(messages, () => preferences.locale);
}
