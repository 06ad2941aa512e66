/** Pages of one document: margins, running head and foot, and where the next block goes. */
import { type PDFDocument, PageSizes } from 'pdf-lib';
import { Canvas, type TextStyle, type Typeface } from './canvas.ts';
import { type Line, breakLines } from './lines.ts';

const [WIDTH, HEIGHT] = PageSizes.A4;
export const LEFT = 52;
export const RIGHT = WIDTH - 52;
export const CONTENT_WIDTH = RIGHT - LEFT;
/** Of the paper, in points. */
export const PAGE_HEIGHT = HEIGHT;
const TOP = HEIGHT - 74;
export const BOTTOM = 82;
/** What one page can hold, in points. */
export const PAGE_ROOM = TOP - BOTTOM;

/** What stands on every page outside its room. */
export type Frame = {
  head(canvas: Canvas): void;
  /** @param pageOfPages such as `1 / 3`. */
  foot(canvas: Canvas, pageOfPages: string): void;
};

export class Pages {
  readonly face: Typeface;
  readonly #pdf: PDFDocument;
  readonly #frame: Frame;
  readonly #canvases: Canvas[] = [];
  /** Top of the next block. */
  y = TOP;

  constructor(pdf: PDFDocument, face: Typeface, frame: Frame) {
    this.#pdf = pdf;
    this.face = face;
    this.#frame = frame;
    this.newPage();
  }

  get canvas(): Canvas {
    return this.#canvases.at(-1)!;
  }

  get room(): number {
    return this.y - BOTTOM;
  }

  get count(): number {
    return this.#canvases.length;
  }

  newPage(): void {
    this.#canvases.push(new Canvas(this.#pdf.addPage([WIDTH, HEIGHT]), this.face));
    this.y = TOP;
  }

  /** Starts a page unless `height` still fits. */
  ensure(height: number): void {
    if (this.room < height && this.y < TOP) this.newPage();
  }

  lines(text: string, style: TextStyle, width: number): Line[] {
    return breakLines(text, this.face.measure[style.weight ?? 'regular'], style.size, width);
  }

  /** Heads and feet, once the number of pages is known. */
  finish(): void {
    this.#canvases.forEach((canvas, index) => {
      this.#frame.head(canvas);
      this.#frame.foot(canvas, `${index + 1} / ${this.#canvases.length}`);
    });
  }
}
