/** Whether a contract can be printed at all: asked before anybody is bound by it. */
import { openFont } from '../render/font.ts';
import { loadFont } from './load-font.ts';

/** @returns the characters that the font of contracts cannot draw, each once. */
export async function unprintable(text: string): Promise<readonly string[]> {
  const { regular } = await loadFont();
  // White space is a break, not a glyph.
  return openFont(regular).missing(text.replaceAll(/\s+/gu, ' '));
}
