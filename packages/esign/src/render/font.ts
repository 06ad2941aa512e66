/** Measures text with a whole font, without loading it twice. */
import fontkit from '@pdf-lib/fontkit';

export type FontSet = { readonly regular: Uint8Array; readonly bold: Uint8Array };
export type FontWeight = keyof FontSet;

export type ParsedFont = {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly xHeight: number;
  readonly italicAngle: number;
  readonly bbox: {
    readonly minX: number;
    readonly minY: number;
    readonly maxX: number;
    readonly maxY: number;
  };
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): { readonly id: number; readonly advanceWidth: number };
};

export type Measure = {
  /** Width in points. */
  readonly width: (text: string, size: number) => number;
  /** Characters the font cannot draw, each once. */
  readonly missing: (text: string) => string[];
};

const measures = new WeakMap<Uint8Array, Measure>();

export const parseFont = (font: Uint8Array): ParsedFont => fontkit.create(font);

/** Parses a font once per array of bytes: parsing 10 MB takes longer than a contract's layout. */
export function openFont(font: Uint8Array): Measure {
  const known = measures.get(font);
  if (known) return known;
  const parsed = parseFont(font);
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
      charactersOf(text).filter((character) => !parsed.hasGlyphForCodePoint(character.codePointAt(0)!)),
  };
  measures.set(font, measure);
  return measure;
}

/** Each character once, in order. */
export function charactersOf(text: string): string[] {
  return [...new Set(text)].sort();
}
