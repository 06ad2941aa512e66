import type { FieldState } from '#lib/form/form.svelte.ts';

/** What every part of the form is given. */
export type FormPart = {
  /** Spread it into a field: what was typed, else what is proposed, and what is wrong with it. */
  field(name: string): FieldState;
  /** What stands in the field now. */
  value(name: string): string;
  readonly currency: string;
};
