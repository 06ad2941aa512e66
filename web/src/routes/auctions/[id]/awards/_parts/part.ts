/** What the cards of the page share: the form that was answered, told to the card it belongs to. */
import type { FormResult } from '#lib/form/form.svelte.ts';

export type ActForm = (NonNullable<FormResult> & { done?: string; act?: string }) | null;

/** The answer for the card that asked; each form says `act`. */
export function answerFor(form: ActForm, act: string): ActForm {
  return form !== null && (form.values?.['act'] ?? form.act) === act ? form : null;
}
