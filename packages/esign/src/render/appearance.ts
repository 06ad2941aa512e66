/** What a signed field shows: who signed, for whom, when and why. */
import { utf8 } from '../der/bytes.ts';
import { type NewObject, streamBody } from '../pdf/write.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { ACCENT, INK, MUTED, type Colour } from './canvas.ts';
import { cutFont } from './cut-font.ts';
import { type EmbeddedFont, REGULAR_FONT, encoderOf, fontObjects } from './font-objects.ts';
import { type Measure, openFont } from './font.ts';
import { breakLines } from './lines.ts';

export type AppearanceText = {
  /** The capacity, such as `卖方 Seller`. */
  readonly role: string;
  /** The person, or the organisation for a seal. */
  readonly name: string;
  readonly organization: string;
  readonly reason: string;
  /** Milliseconds since 1970, shown in UTC. */
  readonly time: number;
  /** TrueType bytes; cut down to the text. */
  readonly font: Uint8Array;
};

export type Appearance = { readonly ok: true; readonly objects: readonly NewObject[]; readonly form: number };

type Row = {
  readonly text: string;
  readonly size: number;
  readonly colour: Colour;
  readonly leading: number;
};

const PADDING = 10;
const SIZE_MIN = 5;

/**
 * Objects numbered from `firstNumber`; the form is exactly as large as the widget.
 * @param base the font that the contract already holds: what it can draw needs no other.
 */
export async function renderAppearance(
  input: AppearanceText,
  [width, height]: readonly [number, number],
  firstNumber: number,
  base?: EmbeddedFont,
): Promise<Appearance | Refusal<'FONT_MISSING_GLYPH'>> {
  const measure = openFont(input.font);
  const rows = fitRows(input, measure, width - 2 * PADDING, height - PADDING);
  const text = rows.map((row) => plain(row.text)).join('');
  const missing = measure.missing(text);
  if (missing.length > 0) return refuse('FONT_MISSING_GLYPH', `the font has no ${missing.join(' ')}`);
  const font =
    !base || base.encode(text) === undefined
      ? await newFont(input.font, text, firstNumber + 1)
      : { ...base, objects: [] };
  const content = draw(rows, height, width, (line) => font.encode(plain(line))!);
  const body = streamBody(
    [
      ['Type', '/XObject'],
      ['Subtype', '/Form'],
      ['BBox', `[0 0 ${round(width)} ${round(height)}]`],
      ['Resources', `<< /Font << /F ${font.number} 0 R >> >>`],
    ],
    utf8(content),
  );
  return { ok: true, form: firstNumber, objects: [{ number: firstNumber, body }, ...font.objects] };
}

async function newFont(font: Uint8Array, text: string, first: number) {
  const cut = await cutFont(font, text, REGULAR_FONT);
  return { number: first, encode: encoderOf(cut), objects: fontObjects(cut, first) };
}

/** White space is a break, not a glyph. */
const plain = (text: string): string => text.replace(/\s/gu, ' ');

/** Shrinks step by step until everything stands inside the widget. */
function fitRows(input: AppearanceText, measure: Measure, width: number, height: number): Row[] {
  const stamp = `${new Date(input.time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  for (let scale = 1; ; scale -= 0.05) {
    const wrap = (text: string, size: number, colour: Colour, lead = 1.4): Row[] =>
      breakLines(text, measure, size * scale, width).map((line) => ({
        text: line.text,
        size: size * scale,
        colour,
        leading: size * scale * lead,
      }));
    const rows = [
      ...wrap(`${input.role}  ·  电子签署 Electronically signed`, 7, ACCENT),
      ...wrap(input.name, 12.5, INK, 1.55),
      ...(input.organization === input.name ? [] : wrap(input.organization, 8, INK)),
      ...wrap(input.reason, 7, MUTED),
      ...wrap(stamp, 7, MUTED),
    ];
    const fits = rows.reduce((sum, row) => sum + row.leading, 0) <= height;
    if (fits || 7 * scale < SIZE_MIN) return rows;
  }
}

function draw(rows: readonly Row[], height: number, width: number, encode: (text: string) => string): string {
  const colour = (value: Colour) => value.map((part) => part.toFixed(3)).join(' ');
  const parts = [
    `q 1 1 1 rg 0 0 ${round(width)} ${round(height)} re f`,
    `${colour(ACCENT)} rg 0 0 2.5 ${round(height)} re f`,
    `0.5 w ${colour(ACCENT)} RG 0.25 0.25 ${round(width - 0.5)} ${round(height - 0.5)} re S Q`,
  ];
  const used = rows.reduce((sum, row) => sum + row.leading, 0);
  let y = height - Math.max(2, (height - used) / 2);
  for (const row of rows) {
    y -= row.leading;
    const place = `1 0 0 1 ${PADDING} ${round(y + 0.3 * row.size)} Tm`;
    parts.push(`BT ${colour(row.colour)} rg /F ${round(row.size)} Tf ${place} <${encode(row.text)}> Tj ET`);
  }
  return parts.join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
