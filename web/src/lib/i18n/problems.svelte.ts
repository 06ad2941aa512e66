/**
 * Problem codes in the visitor's language. Every area keeps its own `problems/<area>.ts`; they are
 * gathered here, so nobody edits a common list.
 */
import type { Problem } from '#lib/api/problem.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import type { Dictionary, Locale, Texts } from './dictionary.ts';

const areas = import.meta.glob<{ problems: Dictionary<Texts> }>('./problems/*.ts', { eager: true });
const texts: Record<Locale, Record<string, string>> = { en: {}, zh: {} };
for (const { problems } of Object.values(areas)) {
  Object.assign(texts.en, problems.en);
  Object.assign(texts.zh, problems.zh);
}

/** The sentence for a code, or undefined when no area has one. */
export function problemText(code: string, locale: Locale): string | undefined {
  return texts[locale][code];
}

export function useProblems(): {
  /** For a field: the sentence, or the code itself, which support can look up. */
  code(code: string): string;
  /** For a whole problem: our sentence first, else what the exchange said. */
  problem(problem: Problem): string;
} {
  const preferences = usePreferences();
  return {
    code: (code) => problemText(code, preferences.locale) ?? code,
    problem: (problem) => problemText(problem.code, preferences.locale) ?? problem.title,
  };
}
