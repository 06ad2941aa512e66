/** Pages of one document: margins, running head and foot, and where the next block goes. */
import { type PDFDocument, PageSizes } from 'pdf-lib';
import { ACCENT, Canvas, INK, MUTED, RULE, type TextStyle, type Typeface } from './canvas.ts';
import type { ContractDocument } from './document.ts';
import { type Line, breakLines } from './lines.ts';

const [WIDTH, HEIGHT] = PageSizes.A4;
export const LEFT = 52;
export const RIGHT = WIDTH - 52;
export const CONTENT_WIDTH = RIGHT - LEFT;
const TOP = HEIGHT - 74;
const BOTTOM = 82;
/** What one page can hold, in points. */
export const PAGE_ROOM = TOP - BOTTOM;

const QR_SIZE = 40;

export class Pages {
  readonly face: Typeface;
  readonly #pdf: PDFDocument;
  readonly #document: ContractDocument;
  readonly #canvases: Canvas[] = [];
  /** Top of the next block. */
  y = TOP;

  constructor(pdf: PDFDocument, face: Typeface, document: ContractDocument) {
    this.#pdf = pdf;
    this.face = face;
    this.#document = document;
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
  finish(termsSha256: string): void {
    this.#canvases.forEach((canvas, index) => {
      this.#head(canvas);
      this.#foot(canvas, `${index + 1} / ${this.#canvases.length}`, termsSha256);
    });
  }

  #head(canvas: Canvas): void {
    const { parties, contractId } = this.#document;
    const y = HEIGHT - 46;
    canvas.text(parties.centre.name.zh, LEFT, y, { size: 8.5, weight: 'bold', colour: ACCENT });
    const offset = canvas.width(parties.centre.name.zh, { size: 8.5, weight: 'bold' });
    canvas.text(parties.centre.name.en, LEFT + offset + 7, y, { size: 7.5, colour: MUTED });
    canvas.textRight(contractId, RIGHT, y, { size: 7.5, colour: INK });
    canvas.line(LEFT, y - 8, RIGHT, ACCENT, 1.1);
  }

  #foot(canvas: Canvas, pageOfPages: string, termsSha256: string): void {
    const { contractId, verifyUrl, qr } = this.#document;
    const small: TextStyle = { size: 6.4, colour: MUTED };
    canvas.line(LEFT, BOTTOM - 12, RIGHT, RULE);
    const textRight = RIGHT - QR_SIZE - 12;
    canvas.text(`合同编号 Contract No. ${contractId}`, LEFT, 56, { ...small, colour: INK });
    canvas.textRight(`第 ${pageOfPages} 页  Page ${pageOfPages}`, textRight, 56, { ...small, colour: INK });
    canvas.text(`条款摘要 Terms SHA-256  ${termsSha256}`, LEFT, 45, small);
    canvas.text(`在线核验 Verify  ${verifyUrl}`, LEFT, 34, small);
    drawQr(canvas, qr, RIGHT - QR_SIZE, 26, QR_SIZE);
  }
}

/** Runs of dark modules in a row become one rectangle. */
function drawQr(canvas: Canvas, qr: ContractDocument['qr'], x: number, y: number, size: number): void {
  const module = size / qr.length;
  const rects: [number, number, number, number][] = [];
  qr.forEach((row, line) => {
    for (let start = 0; start < row.length;) {
      let end = start;
      while (row[end]) end++;
      // A hair of overlap downwards: neighbouring rows must not show a seam.
      const bottom = y + size - (line + 1) * module - 0.02;
      if (end > start) rects.push([x + start * module, bottom, (end - start) * module, module + 0.02]);
      start = end + 1;
    }
  });
  if (rects.length > 0) canvas.boxes(rects, INK);
}
