/**
 * Writes a cut font as PDF wants it (ISO 32000-1, 9.7): glyphs by their number, one per character, without
 * ligatures or kerning, so that what is measured is what is drawn.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { latin1, utf8 } from '../der/bytes.ts';
import type { PdfFile, PdfObject } from '../pdf/file.ts';
import { asDict, asRef, isName } from '../pdf/values.ts';
import { type NewObject, streamBody } from '../pdf/write.ts';
import type { CutFont } from './cut-font.ts';

/** The font of running text, in which signatures are drawn too. */
export const REGULAR_FONT = 'NotoSansSC-Regular';

/** How many objects a font takes; the first is the one to refer to. */
export const FONT_OBJECTS = 5;

/** Text as hexadecimal glyph numbers; undefined when the font lacks one of the characters. */
export type Encode = (text: string) => string | undefined;

export function encoderOf(font: CutFont): Encode {
  const codes = new Map([...font.glyphs].map(([character, { id }]) => [character, hex4(id)]));
  return (text) => encode(text, codes);
}

function encode(text: string, codes: ReadonlyMap<string, string>): string | undefined {
  let out = '';
  for (const character of text) {
    const code = codes.get(character);
    if (code === undefined) return undefined;
    out += code;
  }
  return out;
}

/** Objects numbered from `first`. */
export function fontObjects(font: CutFont, first: number): NewObject[] {
  const { name, metrics, program } = font;
  const [descendant, descriptor, file, toUnicode] = [first + 1, first + 2, first + 3, first + 4];
  const object = (number: number, text: string): NewObject => ({ number, body: utf8(text) });
  const box = metrics.box.map(decimal).join(' ');
  return [
    object(
      first,
      `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${toUnicode} 0 R >>`,
    ),
    object(
      descendant,
      `<< /Type /Font /Subtype /CIDFontType2 /CIDToGIDMap /Identity /BaseFont /${name} ` +
        `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /W [${widths(font)}] >>`,
    ),
    object(
      descriptor,
      `<< /Type /FontDescriptor /FontName /${name} /Flags 4 /FontBBox [${box}] /ItalicAngle ${decimal(metrics.italicAngle)} ` +
        `/Ascent ${decimal(metrics.ascent)} /Descent ${decimal(metrics.descent)} /CapHeight ${decimal(metrics.capHeight)} ` +
        `/XHeight ${decimal(metrics.xHeight)} /StemV 0 /FontFile2 ${file} 0 R >>`,
    ),
    { number: file, body: flate(program, [['Length1', String(program.length)]]) },
    { number: toUnicode, body: flate(utf8(characterMap(font)), []) },
  ];
}

/** A compressed stream. */
export function flate(content: Uint8Array, entries: readonly (readonly [string, string])[]): Uint8Array {
  return streamBody([...entries, ['Filter', '/FlateDecode']], deflateSync(content));
}

/** Only those other than 1000, which is what a reader takes where nothing is said. */
function widths({ glyphs }: CutFont): string {
  const unlike = [...new Map([...glyphs.values()].map(({ id, width }) => [id, width]))];
  return unlike
    .filter(([, width]) => Math.abs(width - 1000) > 0.001)
    .sort(([a], [b]) => a - b)
    .map(([id, width]) => `${id} [${decimal(width)}]`)
    .join(' ');
}

const BLOCK_MAX = 100;

/** From glyphs back to characters, so that text can be searched and copied. */
function characterMap({ glyphs }: CutFont): string {
  const first = new Map<number, string>();
  for (const [character, { id }] of glyphs) if (!first.has(id)) first.set(id, character);
  const lines = [...first]
    .sort(([a], [b]) => a - b)
    .map(([id, character]) => `<${hex4(id)}> <${utf16(character)}>`);
  let blocks = '';
  for (let at = 0; at < lines.length; at += BLOCK_MAX) {
    const block = lines.slice(at, at + BLOCK_MAX);
    blocks += `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`;
  }
  return (
    '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n' +
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n' +
    '/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n' +
    `1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks}` +
    'endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n'
  );
}

export type EmbeddedFont = { readonly number: number; readonly encode: Encode };

/** The font of this name that revision 0 holds, to draw more with it; undefined when there is none. */
export function findFont(file: PdfFile, name: string): EmbeddedFont | undefined {
  const { objects } = file.revisions[0]!;
  const found = [...objects.values()].find((object) => isFontNamed(object, name));
  const map = objects.get(asRef(asDict(found?.value)?.get('ToUnicode')) ?? -1);
  if (!found || !map?.stream || !isName(asDict(map.value)?.get('Filter'), 'FlateDecode')) return undefined;
  const text = latin1(inflateSync(file.bytes.subarray(map.stream.start, map.stream.end)));
  const codes = new Map<string, string>();
  for (const [, code, units] of text.matchAll(/^<([0-9a-f]{4})> <((?:[0-9a-f]{4}){1,2})>$/gm)) {
    if (units === 'ffff') continue;
    codes.set(fromUtf16(units!), code!);
  }
  return { number: found.number, encode: (wanted) => encode(wanted, codes) };
}

function isFontNamed({ value }: PdfObject, name: string): boolean {
  const dict = asDict(value);
  const base = dict?.get('BaseFont');
  return isName(dict?.get('Subtype'), 'Type0') && base?.type === 'name' && base.value.slice(7) === name;
}

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

const decimal = (value: number): string => String(Math.round(value * 100) / 100);

const utf16 = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => hex4(character.charCodeAt(index))).join('');

const fromUtf16 = (units: string): string =>
  String.fromCharCode(...(units.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
