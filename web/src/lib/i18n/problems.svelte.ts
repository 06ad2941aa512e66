/**
 * Problem codes in the visitor's language, for components. The sentences are many and most visits need none: a
 * browser fetches them when the page stands, the server has them at once.
 */
import type { Problem } from '#lib/api/problem.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import type { Locale } from './dictionary.ts';

type Lookup = (code: string, locale: Locale) => string | undefined;

const atOnce: Lookup | undefined = import.meta.env.SSR
  ? (await import('./problem-texts.ts')).problemText
  : undefined;
let fetched = $state.raw<Lookup>();
let fetching: Promise<void> | undefined;

/** In the browser: resolves when every sentence is there, or the network is not; then the next page asks again. */
export async function problemTextsReady(): Promise<void> {
  fetching ??= import('./problem-texts.ts').then(
    ({ problemText }) => {
      fetched = problemText;
    },
    () => {
      fetching = undefined;
    },
  );
  return fetching;
}

export function useProblems(): {
  /** For a field: the sentence, or the code itself, which support can look up. */
  code(code: string): string;
  /** For a whole problem: the sentence for its code, else what the exchange said. */
  problem(problem: Problem): string;
} {
  const preferences = usePreferences();
  if (!import.meta.env.SSR) void problemTextsReady();
  const textOf: Lookup = (code, locale) => (atOnce ?? fetched)?.(code, locale);
  return {
    code: (code) => textOf(code, preferences.locale) ?? code,
    problem: (problem) => textOf(problem.code, preferences.locale) ?? problem.title,
  };
}
