/** Several forms on one page: each sees its own refusal and what was typed into it, not its neighbour's. */
import type { FormState } from '#lib/form/form.svelte.ts';

/** The hidden field of each form, by which its answer is known. */
export const STEP = 'step';

export function partOf(state: FormState, step: string): FormState {
  const mine = (): boolean => state.field(STEP).value === step;
  return {
    field: (name, initial = '') =>
      mine() ? state.field(name, initial) : { name, value: initial, error: undefined },
    get problem() {
      return mine() ? state.problem : undefined;
    },
  };
}

/** A refusal whose form is no longer on the page, because things have moved on: to be said on top. */
export function leftOver(state: FormState, shown: readonly string[]): FormState['problem'] {
  return shown.includes(state.field(STEP).value) ? undefined : state.problem;
}
