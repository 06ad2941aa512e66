/**
 * Fonts: measuring, and cutting a font down to the characters of one document.
 *
 * The recipe is fixed by what was measured: harfbuzz subsetting without layout closure, embedded whole.
 * The subsetting of @pdf-lib/fontkit loses most Chinese outlines while the text can still be copied, so a
 * contract would look blank and yet "contain" its words.
 */
import { createHash } from 'node:crypto';
import fontkit from '@pdf-lib/fontkit';
import subsetFont from 'subset-font';

export type FontSet = { readonly regular: Uint8Array; readonly bold: Uint8Array };
export type FontWeight = keyof FontSet;

type ParsedFont = {
  readonly unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): { readonly advanceWidth: number };
};

export type Measure = {
  /** Width in points. */
  readonly width: (text: string, size: number) => number;
  /** Characters the font cannot draw, each once. */
  readonly missing: (text: string) => string[];
};

const measures = new WeakMap<Uint8Array, Measure>();

/** Parses a font once per array of bytes: parsing 10 MB takes longer than a contract's layout. */
export function openFont(font: Uint8Array): Measure {
  const known = measures.get(font);
  if (known) return known;
  const parsed = fontkit.create(font) as unknown as ParsedFont;
  const advances = new Map<string, number>();
  const advance = (character: string): number => {
    let value = advances.get(character);
    if (value === undefined) {
      value = parsed.glyphForCodePoint(character.codePointAt(0)!).advanceWidth / parsed.unitsPerEm;
      advances.set(character, value);
    }
    return value;
  };
  const measure: Measure = {
    width: (text, size) => {
      let width = 0;
      for (const character of text) width += advance(character);
      return width * size;
    },
    missing: (text) =>
      characters(text).filter((character) => !parsed.hasGlyphForCodePoint(character.codePointAt(0)!)),
  };
  measures.set(font, measure);
  return measure;
}

const SUBSETS_KEPT = 32;
const subsets = new WeakMap<Uint8Array, Map<string, Promise<Uint8Array>>>();

/** The font with only the characters of `text`; the last few results are kept. */
export function subset(font: Uint8Array, text: string): Promise<Uint8Array> {
  const key = characters(text).join('');
  const kept = subsets.get(font) ?? new Map<string, Promise<Uint8Array>>();
  subsets.set(font, kept);
  let result = kept.get(key);
  if (!result) {
    // A view: the library reads the signature only of a Buffer.
    const view = Buffer.from(font.buffer, font.byteOffset, font.byteLength);
    result = subsetFont(view, key, { targetFormat: 'sfnt', noLayoutClosure: true }).then(
      (cut) => new Uint8Array(cut),
    );
    kept.set(key, result);
    const [oldest] = kept.keys();
    if (kept.size > SUBSETS_KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return result;
}

/** The name a subset must carry: six letters that tell it from other subsets (ISO 32000-1, 9.6.4). */
export function subsetName(text: string, name: string): string {
  const digest = createHash('sha256').update(characters(text).join('')).digest();
  return `${[...digest.subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('')}+${name}`;
}

function characters(text: string): string[] {
  return [...new Set(text)].sort();
}
