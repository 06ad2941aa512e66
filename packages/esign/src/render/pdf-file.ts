/** What every rendered document shares: its fonts, and the way its bytes are written. */
import { createHash } from 'node:crypto';
import type { PDFDocument } from 'pdf-lib';
import { type NewObject, writeFile } from '../pdf/write.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type Typeface, measuresOf } from './canvas.ts';
import { cutFont } from './cut-font.ts';
import { FONT_OBJECTS, REGULAR_FONT, encoderOf, fontObjects } from './font-objects.ts';
import { type FontSet, openFont } from './font.ts';
import { newObjects } from './objects.ts';

type Fonts = { readonly face: Typeface; readonly objects: readonly NewObject[] };

/** Cut to the characters of `text`. Keeps object numbers for the two fonts; pdf-lib knows them only as references. */
export async function embedFonts(pdf: PDFDocument, fonts: FontSet, text: string): Promise<Fonts> {
  const objects: NewObject[] = [];
  const embed = async (bytes: Uint8Array, name: string) => {
    const font = await cutFont(bytes, text, name);
    const [ref] = Array.from({ length: FONT_OBJECTS }, () => pdf.context.nextRef());
    objects.push(...fontObjects(font, ref!.objectNumber));
    return { ref: ref!, encode: encoderOf(font) };
  };
  const regular = await embed(fonts.regular, REGULAR_FONT);
  const bold = await embed(fonts.bold, 'NotoSansSC-Bold');
  return { face: { embedded: { regular, bold }, measure: measuresOf(fonts) }, objects };
}

/** The bytes of the file; its id is the hash of what is in it. */
export async function writePdf(pdf: PDFDocument, fonts: readonly NewObject[]): Promise<Uint8Array> {
  await pdf.flush();
  const objects = [...newObjects(pdf.context), ...fonts];
  const digest = createHash('sha256');
  for (const { body } of objects) digest.update(body);
  const id = new Uint8Array(digest.digest().subarray(0, 16));
  const root = pdf.context.trailerInfo.Root as unknown as { objectNumber: number };
  const info = pdf.context.trailerInfo.Info as unknown as { objectNumber: number } | undefined;
  return writeFile(objects, { root: root.objectNumber, info: info?.objectNumber, id: [id, id] });
}

/** Every text in plain data, one after another. White space is a break, not a glyph. */
export function textsIn(data: unknown): string {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(data);
  return texts.join('').replace(/\s+/gu, ' ');
}

/** A refusal that names the characters the font cannot draw. */
export function missingGlyphs(fonts: FontSet, text: string): Refusal<'FONT_MISSING_GLYPH'> | undefined {
  const missing = openFont(fonts.regular).missing(text);
  if (missing.length === 0) return undefined;
  const list = missing.map(
    (c) => `${c} (U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`,
  );
  return refuse('FONT_MISSING_GLYPH', `the font has no ${list.join(', ')}`);
}
