/** A form as its fields see it: what was typed, and what is wrong with it, in the visitor's language. */
import { useProblems } from '#lib/i18n/problems.svelte.ts';
import type { Problem } from '#lib/api/problem.ts';

export type FormResult = { problem?: Problem; values?: Readonly<Record<string, string>> } | null | undefined;
export type FieldState = { name: string; value: string; error: string | undefined };
export type FormState = {
  /** Spread it into a field: `<Input {...f.field('email')} label=… />`. `initial` is shown until something was typed. */
  field(name: string, initial?: string): FieldState;
  readonly problem: Problem | undefined;
};

/** `const f = useForm(() => form)` where `form` is the page's prop. Call it while a component initialises. */
export function useForm(result: () => FormResult): FormState {
  const say = useProblems();
  return {
    field(name, initial = '') {
      const code = result()?.problem?.fields?.[name];
      return {
        name,
        value: result()?.values?.[name] ?? initial,
        error: code === undefined ? undefined : say.code(code),
      };
    },
    get problem() {
      return result()?.problem;
    },
  };
}
