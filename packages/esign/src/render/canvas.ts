/** Draws text, rules and boxes on one page, in points, with y upwards as PDF has it. */
import {
  PDFHexString,
  PDFName,
  type PDFOperator,
  type PDFPage,
  type PDFRef,
  appendBezierCurve,
  beginText,
  closePath,
  endText,
  fill,
  lineTo,
  moveTo,
  popGraphicsState,
  pushGraphicsState,
  rectangle,
  setCharacterSpacing,
  setDashPattern,
  setFillingRgbColor,
  setFontAndSize,
  setLineWidth,
  setStrokingRgbColor,
  setTextMatrix,
  showText,
  stroke,
} from 'pdf-lib';
import type { Encode } from './font-objects.ts';
import { type FontSet, type FontWeight, type Measure, openFont } from './font.ts';

export type Colour = readonly [number, number, number];

export const INK: Colour = [0.11, 0.13, 0.17];
export const ACCENT: Colour = [0.08, 0.21, 0.38];
export const MUTED: Colour = [0.4, 0.43, 0.48];
export const RULE: Colour = [0.8, 0.82, 0.85];
export const TINT: Colour = [0.955, 0.963, 0.975];

export type TextStyle = {
  readonly size: number;
  readonly weight?: FontWeight;
  readonly colour?: Colour;
  /** Extra points between characters. */
  readonly spacing?: number;
};

export type Typeface = {
  readonly embedded: Record<FontWeight, { readonly ref: PDFRef; readonly encode: Encode }>;
  readonly measure: Record<FontWeight, Measure>;
};

export function measuresOf(fonts: FontSet): Record<FontWeight, Measure> {
  return { regular: openFont(fonts.regular), bold: openFont(fonts.bold) };
}

export class Canvas {
  readonly page: PDFPage;
  readonly #face: Typeface;

  constructor(page: PDFPage, face: Typeface) {
    this.page = page;
    this.#face = face;
    for (const weight of ['regular', 'bold'] as const) {
      page.node.setFontDictionary(PDFName.of(FONT_NAME[weight]), face.embedded[weight].ref);
    }
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    if (text === '') return;
    const weight = style.weight ?? 'regular';
    this.#draw(
      beginText(),
      setFillingRgbColor(...(style.colour ?? INK)),
      setFontAndSize(FONT_NAME[weight], style.size),
      setCharacterSpacing(round(style.spacing ?? 0)),
      setTextMatrix(1, 0, 0, 1, round(x), round(y)),
      showText(this.#encode(text, weight)),
      endText(),
    );
  }

  textRight(text: string, right: number, y: number, style: TextStyle): void {
    this.text(text, right - this.width(text, style), y, style);
  }

  textCentre(text: string, centre: number, y: number, style: TextStyle): void {
    this.text(text, centre - this.width(text, style) / 2, y, style);
  }

  width(text: string, style: TextStyle): number {
    return this.#face.measure[style.weight ?? 'regular'].width(text, style.size);
  }

  box(x: number, y: number, width: number, height: number, colour: Colour): void {
    this.#draw(
      setFillingRgbColor(...colour),
      rectangle(round(x), round(y), round(width), round(height)),
      fill(),
    );
  }

  boxes(rects: readonly (readonly [number, number, number, number])[], colour: Colour): void {
    const shapes = rects.map(([x, y, w, h]) => rectangle(round(x), round(y), round(w), round(h)));
    this.#draw(setFillingRgbColor(...colour), ...shapes, fill());
  }

  line(x0: number, y: number, x1: number, colour: Colour, thickness = 0.5): void {
    this.#draw(
      setStrokingRgbColor(...colour),
      setLineWidth(thickness),
      moveTo(round(x0), round(y)),
      lineTo(round(x1), round(y)),
      stroke(),
    );
  }

  frame(
    x: number,
    y: number,
    width: number,
    height: number,
    colour: Colour,
    dash: readonly number[] = [],
  ): void {
    this.#draw(
      setStrokingRgbColor(...colour),
      setLineWidth(0.6),
      ...(dash.length > 0 ? [setDashPattern([...dash], 0)] : []),
      ...roundedRectangle(x, y, width, height, 3),
      stroke(),
    );
  }

  #encode(text: string, weight: FontWeight): PDFHexString {
    const codes = this.#face.embedded[weight].encode(text.replace(/\s/gu, ' '));
    if (codes === undefined) throw new TypeError(`the font was cut without a character of ${text}`);
    return PDFHexString.of(codes);
  }

  #draw(...operators: PDFOperator[]): void {
    this.page.pushOperators(pushGraphicsState(), ...operators, popGraphicsState());
  }
}

const FONT_NAME: Record<FontWeight, string> = { regular: 'FR', bold: 'FB' };

/** Two decimals are 1/7200 inch: enough, and it keeps the file small. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function roundedRectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): PDFOperator[] {
  const [r, k] = [radius, radius * 0.448];
  const [x1, y1] = [x + width, y + height];
  return [
    moveTo(x + r, y),
    lineTo(x1 - r, y),
    appendBezierCurve(x1 - k, y, x1, y + k, x1, y + r),
    lineTo(x1, y1 - r),
    appendBezierCurve(x1, y1 - k, x1 - k, y1, x1 - r, y1),
    lineTo(x + r, y1),
    appendBezierCurve(x + k, y1, x, y1 - k, x, y1 - r),
    lineTo(x, y + r),
    appendBezierCurve(x, y + k, x + k, y, x + r, y),
    closePath(),
  ];
}
