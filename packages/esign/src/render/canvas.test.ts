import { PDFDocument } from 'pdf-lib';
import { expect, it } from 'vitest';
import { Canvas } from './canvas.ts';

it('draws no text that its font was cut without: a contract never shows a blank for a word', async () => {
  const pdf = await PDFDocument.create();
  const font = { ref: pdf.context.nextRef(), encode: (text: string) => (text === '煤' ? '0001' : undefined) };
  const measure = { width: () => 1, missing: () => [] };
  const face = { embedded: { regular: font, bold: font }, measure: { regular: measure, bold: measure } };
  const canvas = new Canvas(pdf.addPage(), face);
  expect(() => canvas.text('煤', 0, 0, { size: 9 })).not.toThrow();
  expect(() => canvas.text('煤炭', 0, 0, { size: 9 })).toThrow(TypeError);
});
