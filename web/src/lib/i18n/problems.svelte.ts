/** Problem codes in the visitor's language, for components. */
import type { Problem } from '#lib/api/problem.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import { problemText } from './problem-texts.ts';

export function useProblems(): {
  /** For a field: the sentence, or the code itself, which support can look up. */
  code(code: string): string;
  /** For a whole problem: the sentence for its code, else what the exchange said. */
  problem(problem: Problem): string;
} {
  const preferences = usePreferences();
  return {
    code: (code) => problemText(code, preferences.locale) ?? code,
    problem: (problem) => problemText(problem.code, preferences.locale) ?? problem.title,
  };
}
