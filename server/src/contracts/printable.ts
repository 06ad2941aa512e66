/** An offer whose contract the font cannot print binds nobody: refused when it is made, and when it is accepted. */
import { unprintable } from '@seam/esign';
import { type Refusal, refuse } from '../platform/refusal.ts';

/** @param draft canonical JSON of the terms: every text of the contract that is not the library's own. */
export async function checkDraftPrintable(draft: string): Promise<Refusal | undefined> {
  const missing = await unprintable(textsOf(JSON.parse(draft)).join(' '));
  if (missing.length === 0) return undefined;
  return refuse('contract.font_missing_glyph', { detail: `the font has no ${missing.join(' ')}` });
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
