/** Lays out what a business paper says, from top to bottom. */
import { ACCENT, INK, MUTED, RULE, TINT, type TextStyle } from './canvas.ts';
import { CONTENT_WIDTH, LEFT, type Pages, RIGHT } from './pages.ts';
import type { Paper } from './paper.ts';

const MIDDLE = LEFT + CONTENT_WIDTH * 0.56;

/** The title to the left, the facts that identify the paper to the right. */
export function drawPaperTitle(pages: Pages, { title, facts }: Paper): void {
  const { canvas } = pages;
  const top = pages.y;
  canvas.text(title.zh, LEFT, top - 26, { size: 22, weight: 'bold', colour: ACCENT });
  canvas.text(title.en, LEFT, top - 44, { size: 11.5, colour: ACCENT });
  let y = top - 6;
  for (const { label, value } of facts) {
    canvas.text(label.zh, MIDDLE, y - 10, { size: 7.8, colour: INK });
    const offset = canvas.width(label.zh, { size: 7.8 });
    canvas.text(label.en, MIDDLE + offset + 4, y - 10, { size: 6.6, colour: MUTED });
    const left = MIDDLE + 96;
    const texts = value.zh === value.en ? [value.en] : [value.zh, value.en];
    const lines = texts.flatMap((text) => pages.lines(text, { size: 8.2 }, RIGHT - left));
    for (const line of lines) {
      canvas.text(line.text, left, y - 10, { size: 8.2 });
      y -= 11.5;
    }
    y -= 2.5;
  }
  pages.y = Math.min(top - 58, y) - 12;
}

/** Full width; a row stays whole and the head is repeated on a new page. */
export function drawPaperTable(pages: Pages, { columns, rows }: Paper): void {
  const lefts = columns.map((_, index) =>
    columns.slice(0, index).reduce((sum, column) => sum + column.share * CONTENT_WIDTH, LEFT),
  );
  const widths = columns.map(({ share }) => share * CONTENT_WIDTH - 12);
  const put = (text: string, column: number, y: number, style: TextStyle) =>
    columns[column]!.align === 'right'
      ? pages.canvas.textRight(text, lefts[column]! + widths[column]! + 6, y, style)
      : pages.canvas.text(text, lefts[column]! + 6, y, style);
  const drawHead = () => {
    pages.canvas.box(LEFT, pages.y - 26, CONTENT_WIDTH, 26, ACCENT);
    columns.forEach(({ label }, column) => {
      put(label.zh, column, pages.y - 11, { size: 7.8, weight: 'bold', colour: [1, 1, 1] });
      put(label.en, column, pages.y - 20.5, { size: 6.4, colour: [0.82, 0.87, 0.94] });
    });
    pages.y -= 26;
  };
  pages.ensure(80);
  drawHead();
  for (const cells of rows) {
    const laid = cells.map((cell, column) =>
      cell.flatMap((text, index) => {
        const style: TextStyle = index === 0 ? { size: 8.6 } : { size: 7, colour: MUTED };
        return pages.lines(text, style, widths[column]!).map((line) => ({ text: line.text, style }));
      }),
    );
    const height = Math.max(1, ...laid.map((lines) => lines.length)) * 11.5 + 9;
    if (pages.room < height) {
      pages.newPage();
      drawHead();
    }
    laid.forEach((lines, column) =>
      lines.forEach(({ text, style }, at) => put(text, column, pages.y - 14 - 11.5 * at, style)),
    );
    pages.y -= height;
    pages.canvas.line(LEFT, pages.y, RIGHT, RULE);
  }
  pages.y -= 12;
}

const SUM_HEIGHT = 17;

export function drawSums(pages: Pages, { sums, sumInWords }: Paper): void {
  const left = MIDDLE - 22;
  pages.ensure(sums.length * SUM_HEIGHT + 40);
  for (const { label, value, strong } of sums) {
    if (strong) pages.canvas.box(left, pages.y - SUM_HEIGHT, RIGHT - left, SUM_HEIGHT, TINT);
    const weight = strong ? ('bold' as const) : ('regular' as const);
    const y = pages.y - 11.8;
    pages.canvas.text(label.zh, left + 6, y, { size: 8.4, weight });
    const offset = pages.canvas.width(label.zh, { size: 8.4, weight });
    pages.canvas.text(label.en, left + 11 + offset, y, { size: 6.8, colour: MUTED });
    pages.canvas.textRight(value, RIGHT - 6, y, { size: strong ? 10 : 8.8, weight });
    pages.y -= SUM_HEIGHT;
    pages.canvas.line(left, pages.y, RIGHT, RULE);
  }
  pages.y -= 10;
  if (!sumInWords) return;
  pages.canvas.text(sumInWords.zh, LEFT, pages.y - 8, { size: 9, weight: 'bold' });
  if (sumInWords.en !== '') pages.canvas.text(sumInWords.en, LEFT, pages.y - 19, { size: 7, colour: MUTED });
  pages.y -= 30;
}

export function drawNotes(pages: Pages, { notes }: Paper): void {
  for (const { zh, en } of notes) {
    const lines = [
      ...pages.lines(zh, { size: 8 }, CONTENT_WIDTH).map((line) => ({ ...line, style: { size: 8 } })),
      ...pages
        .lines(en, { size: 7.4 }, CONTENT_WIDTH)
        .map((line) => ({ ...line, style: { size: 7.4, colour: MUTED } })),
    ];
    pages.ensure(lines.length * 11 + 4);
    for (const { text, style } of lines) {
      pages.canvas.text(text, LEFT, pages.y - 9, style);
      pages.y -= 11;
    }
    pages.y -= 4;
  }
}
