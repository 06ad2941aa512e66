/** Running head and foot of a contract. */
import { ACCENT, type Canvas, INK, MUTED, RULE, type TextStyle } from './canvas.ts';
import type { ContractDocument } from './document.ts';
import { BOTTOM, type Frame, LEFT, PAGE_HEIGHT, RIGHT } from './pages.ts';

const QR_SIZE = 40;

export function contractFrame(document: ContractDocument, termsSha256: string): Frame {
  const { parties, contractId, verifyUrl, qr } = document;
  return {
    head: (canvas) => drawRunningHead(canvas, parties.centre.name, contractId),
    foot(canvas, pageOfPages) {
      const small: TextStyle = { size: 6.4, colour: MUTED };
      canvas.line(LEFT, BOTTOM - 12, RIGHT, RULE);
      const textRight = RIGHT - QR_SIZE - 12;
      canvas.text(`合同编号 Contract No. ${contractId}`, LEFT, 56, { ...small, colour: INK });
      canvas.textRight(`第 ${pageOfPages} 页  Page ${pageOfPages}`, textRight, 56, {
        ...small,
        colour: INK,
      });
      canvas.text(`条款摘要 Terms SHA-256  ${termsSha256}`, LEFT, 45, small);
      canvas.text(`在线核验 Verify  ${verifyUrl}`, LEFT, 34, small);
      drawQr(canvas, qr, RIGHT - QR_SIZE, 26, QR_SIZE);
    },
  };
}

/** Whose paper it is on the left, its number on the right. */
export function drawRunningHead(canvas: Canvas, of: { zh: string; en: string }, number: string): void {
  const y = PAGE_HEIGHT - 46;
  canvas.text(of.zh, LEFT, y, { size: 8.5, weight: 'bold', colour: ACCENT });
  const offset = canvas.width(of.zh, { size: 8.5, weight: 'bold' });
  if (of.en !== of.zh) canvas.text(of.en, LEFT + offset + 7, y, { size: 7.5, colour: MUTED });
  canvas.textRight(number, RIGHT, y, { size: 7.5, colour: INK });
  canvas.line(LEFT, y - 8, RIGHT, ACCENT, 1.1);
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
