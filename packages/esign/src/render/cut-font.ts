/**
 * Cuts a font down to the characters of one document.
 *
 * The recipe is fixed by what was measured: harfbuzz subsetting without layout closure, embedded whole.
 * The subsetting of @pdf-lib/fontkit loses most Chinese outlines while the text can still be copied, so a
 * contract would look blank and yet "contain" its words.
 *
 * Cutting from the whole font takes four times as long as from one that was cut once to the characters of
 * GB 2312, which nearly every contract keeps to; one with a rarer character is cut from the whole font.
 */
import { createHash } from 'node:crypto';
import subsetFont from 'subset-font';
import { charactersOf, openFont, parseFont } from './font.ts';

export type CutFont = {
  /** With the six letters that tell it from other subsets (ISO 32000-1, 9.6.4). */
  readonly name: string;
  /** TrueType. */
  readonly program: Uint8Array;
  readonly glyphs: ReadonlyMap<string, { readonly id: number; readonly width: number }>;
  /** In thousandths of the size, as a font descriptor wants them. */
  readonly metrics: {
    readonly box: readonly [number, number, number, number];
    readonly ascent: number;
    readonly descent: number;
    readonly capHeight: number;
    readonly xHeight: number;
    readonly italicAngle: number;
  };
};

const CUTS_KEPT = 32;
const cuts = new WeakMap<Uint8Array, Map<string, Promise<CutFont>>>();

/** The font with only the characters of `text`; the last few results are kept. */
export function cutFont(font: Uint8Array, text: string, name: string): Promise<CutFont> {
  const characters = charactersOf(text);
  const key = characters.join('');
  const kept = cuts.get(font) ?? new Map<string, Promise<CutFont>>();
  cuts.set(font, kept);
  const result = kept.get(key) ?? cut(font, characters, `${prefix(key)}+${name}`);
  kept.delete(key);
  kept.set(key, result);
  const [oldest] = kept.keys();
  if (kept.size > CUTS_KEPT && oldest !== undefined) kept.delete(oldest);
  return result;
}

async function cut(font: Uint8Array, characters: readonly string[], name: string): Promise<CutFont> {
  const common = commonCharacters();
  const isCommon = characters.every((character) => common.has(character));
  const program = await subset(isCommon ? await commonFont(font) : font, characters.join(''));
  const parsed = parseFont(program);
  const scale = 1000 / parsed.unitsPerEm;
  const whole = openFont(font);
  const { minX, minY, maxX, maxY } = parsed.bbox;
  return {
    name,
    program,
    glyphs: new Map(
      characters.map((character) => {
        const { id } = parsed.glyphForCodePoint(character.codePointAt(0)!);
        return [character, { id, width: whole.width(character, 1000) }];
      }),
    ),
    metrics: {
      box: [minX * scale, minY * scale, maxX * scale, maxY * scale],
      ascent: parsed.ascent * scale,
      descent: parsed.descent * scale,
      capHeight: parsed.capHeight * scale,
      xHeight: parsed.xHeight * scale,
      italicAngle: parsed.italicAngle,
    },
  };
}

const commonFonts = new WeakMap<Uint8Array, Promise<Uint8Array>>();

function commonFont(font: Uint8Array): Promise<Uint8Array> {
  const known = commonFonts.get(font) ?? subset(font, [...commonCharacters()].join(''));
  commonFonts.set(font, known);
  return known;
}

let common: ReadonlySet<string> | undefined;

/** GB 2312: its 6,763 Chinese characters, its punctuation and its letters; and all of Latin-1. */
function commonCharacters(): ReadonlySet<string> {
  if (common) return common;
  const characters = new Set<string>();
  for (let code = 0x20; code < 0x100; code++) characters.add(String.fromCharCode(code));
  const decoder = new TextDecoder('gbk');
  for (let row = 0xa1; row <= 0xf7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) characters.add(decoder.decode(Uint8Array.of(row, cell)));
  }
  // What the decoder gives for a place where no character stands.
  characters.delete('\ufffd');
  common = characters;
  return characters;
}

/** Ligatures, kerning and vertical writing: a contract is drawn glyph by glyph, so nothing asks for them. */
const LAYOUT_TABLES = ['GSUB', 'GPOS', 'GDEF', 'BASE', 'VORG', 'vhea', 'vmtx'];

/** TrueType bytes with the outlines of these characters. */
async function subset(font: Uint8Array, text: string): Promise<Uint8Array> {
  // A view: the library reads the signature only of a Buffer.
  const view = Buffer.from(font.buffer, font.byteOffset, font.byteLength);
  const options = { targetFormat: 'sfnt', noLayoutClosure: true, dropTables: LAYOUT_TABLES } as const;
  return new Uint8Array(await subsetFont(view, text, options));
}

function prefix(characters: string): string {
  const digest = createHash('sha256').update(characters).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
}
