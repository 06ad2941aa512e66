import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measure } from './font.ts';
import { breakLines } from './lines.ts';

/** Chinese is one em wide, everything else half. */
const measure: Measure = {
  width: (text, size) =>
    [...text].reduce((sum, c) => sum + (c > '\u2e80' || /[“”‘’]/.test(c) ? size : size / 2), 0),
  missing: () => [],
};
const broken = (text: string, width: number) => breakLines(text, measure, 10, width).map((line) => line.text);

describe('breaking lines', () => {
  it('breaks Chinese anywhere, English between words', () => {
    expect(broken('煤炭买卖合同', 30)).toEqual(['煤炭买', '卖合同']);
    expect(broken('coal sale contract', 50)).toEqual(['coal sale', 'contract']);
  });

  it('never begins a line with closing or ends it with opening punctuation', () => {
    expect(broken('煤炭买，卖合同', 30)).toEqual(['煤炭', '买，卖', '合同']);
    expect(broken('煤炭（买卖）', 30)).toEqual(['煤炭', '（买', '卖）']);
  });

  it('cuts a word that is wider than the column', () => {
    expect(broken('abcdefghij', 20)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('loses and invents no character, and keeps to the width', () => {
    const text = fc.string({ unit: fc.constantFrom(...'煤炭，。（）“”ab c1 -'), maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 200 }), (source, width) => {
        const lines = breakLines(source, measure, 10, width);
        expect(
          lines
            .map((line) => line.text)
            .join('')
            .replace(/\s/g, ''),
        ).toBe(source.replace(/\s/g, ''));
        for (const line of lines) expect(line.slack).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });
});
