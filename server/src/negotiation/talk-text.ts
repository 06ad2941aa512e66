/** What may be typed into a talk. Pure. */
import { type Refusal, refuse } from '../platform/refusal.ts';

/** Line breaks and tabs are typed; every other control character is not. */
const CONTROL = /[^\P{Cc}\n\t]/u;

/** The words as they were typed, but for spaces around them and how lines are broken. */
export function readText(text: string, least: number): string | Refusal {
  const typed = text.replaceAll('\r\n', '\n').trim();
  const wrong = typed.length < least || CONTROL.test(typed) || !typed.isWellFormed();
  return wrong ? refuse('negotiation.text_invalid', { fields: { text: 'negotiation.text_invalid' } }) : typed;
}
