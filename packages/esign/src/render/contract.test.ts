import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fontkit from '@pdf-lib/fontkit';
import { PDFDocument } from 'pdf-lib';
import { loadFont } from '../node/load-font.ts';
import { utf8 } from '../der/bytes.ts';
import { readTerms } from '../pdf/terms.ts';
import { streamBody, writeFile } from '../pdf/write.ts';
import { sampleContract } from '../testing/sample-contract.ts';
import { must } from '../testing/signing.ts';
import { Workspace, run } from '../testing/tools.ts';
import { renderContract } from './contract.ts';
import type { ContractDocument } from './document.ts';
import { type CutFont, cutFont } from './cut-font.ts';
import { type FontSet, charactersOf, parseFont } from './font.ts';
import { REGULAR_FONT, encoderOf, fontObjects } from './font-objects.ts';

let fonts: FontSet;
let space: Workspace;
let contract: ContractDocument;
let rendered: Awaited<ReturnType<typeof render>>;
let file: string;

const render = async (document: ContractDocument) => must(await renderContract(document));
const squeeze = (text: string) => text.replace(/\s/gu, '');

beforeAll(async () => {
  [fonts, space] = [await loadFont(), await Workspace.create()];
  contract = sampleContract(fonts);
  rendered = await render(contract);
  file = await space.write('contract.pdf', rendered.bytes);
});
afterAll(() => space.remove());

/** Pixels darker than white, over all pages. */
async function ink(path: string): Promise<number> {
  const out = path.replace('.pdf', '');
  await run('pdftoppm', ['-gray', '-r', '72', path, out]);
  const { output } = await run('sh', ['-c', `ls ${out}-*.pgm`]);
  let count = 0;
  for (const image of output.trim().split('\n')) {
    for (const pixel of (await readFile(image)).subarray(15)) if (pixel < 128) count++;
  }
  return count;
}

/** The whole font in the form of one that was cut. */
function uncut(font: Uint8Array, text: string): CutFont {
  const parsed = parseFont(font);
  const glyph = (character: string) => parsed.glyphForCodePoint(character.codePointAt(0)!);
  return {
    name: 'WHOLEF+NotoSansSC-Regular',
    program: font,
    glyphs: new Map(
      charactersOf(text).map((character) => [
        character,
        { id: glyph(character).id, width: (1000 * glyph(character).advanceWidth) / parsed.unitsPerEm },
      ]),
    ),
    metrics: {
      box: [0, -120, 1000, 880],
      ascent: 880,
      descent: -120,
      capHeight: 733,
      xHeight: 543,
      italicAngle: 0,
    },
  };
}

const PER_LINE = 40;

/** All characters on one page, as mutool draws it and pdftotext reads it. */
async function sheet(name: string, font: CutFont, text: string) {
  const encode = encoderOf(font);
  const all = [...text];
  const lines = Array.from({ length: Math.ceil(all.length / PER_LINE) }, (_, line) =>
    all.slice(line * PER_LINE, (line + 1) * PER_LINE).join(''),
  );
  const shown = lines
    .map((line, index) => `1 0 0 1 20 ${980 - 24 * index} Tm <${encode(line)}> Tj`)
    .join('\n');
  const objects = [
    { number: 1, body: utf8('<< /Type /Catalog /Pages 2 0 R >>') },
    { number: 2, body: utf8('<< /Type /Pages /Kids [3 0 R] /Count 1 >>') },
    {
      number: 3,
      body: utf8(
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 1000] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
      ),
    },
    { number: 4, body: streamBody([], utf8(`BT /F 20 Tf ${shown} ET`)) },
    ...fontObjects(font, 5),
  ];
  const id = new Uint8Array(16);
  const path = await space.write(
    `${name}.pdf`,
    writeFile(objects, { root: 1, info: undefined, id: [id, id] }),
  );
  const image = path.replace('.pdf', '.pgm');
  await run('mutool', ['draw', '-r', '72', '-c', 'gray', '-F', 'pgm', '-o', image, path]);
  const picture = (await readFile(image)).subarray(15);
  const { output } = await run('pdftotext', ['-raw', path, '-']);
  return { picture, ink: picture.filter((pixel) => pixel < 128).length, text: output };
}

describe('a rendered contract', () => {
  it('is clean for qpdf and mutool', async () => {
    expect((await run('qpdf', ['--check', file])).output).toContain(
      'No syntax or stream encoding errors found',
    );
    const trace = await run('mutool', ['draw', '-N', '-o', '/dev/null', file]);
    expect(trace.code).toBe(0);
    expect(trace.output).not.toMatch(/warning|error/);
  });

  it('F2 gives back its text: every paragraph, heading and figure, in Chinese and English', async () => {
    const { output } = await run('pdftotext', ['-raw', file, '-']);
    // Two columns: a paragraph cut by a page end is in two runs, so words are counted, not runs.
    const text = squeeze(output);
    const parts = contract.clauses.flatMap((clause) => [
      clause.heading,
      ...clause.paragraphs,
      ...(clause.table?.columns ?? []),
    ]);
    const cells = contract.clauses.flatMap((clause) => clause.table?.rows.flat() ?? []);
    const values = contract.summary.flatMap(({ label, value }) => [label, value]);
    const strings = [...parts, ...values]
      .flatMap(({ zh, en }) => [zh, en])
      .concat(cells, contract.contractId);
    const counts = (source: string) => {
      const map = new Map<string, number>();
      for (const character of source) map.set(character, (map.get(character) ?? 0) + 1);
      return map;
    };
    const have = counts(text);
    for (const [character, count] of counts(squeeze(strings.join('')))) {
      expect(have.get(character) ?? 0, character).toBeGreaterThanOrEqual(count);
    }
    const whole = strings.filter((string) => text.includes(squeeze(string)));
    expect(whole.length / strings.length).toBeGreaterThan(0.9);
  });

  it('F2 shows the ink of the whole font, which the subsetting of @pdf-lib/fontkit does not', async () => {
    const text = contract.clauses[0]!.paragraphs[0]!.zh.slice(0, 40);
    const page = async (name: string, font: Uint8Array, cut: boolean) => {
      const pdf = await PDFDocument.create();
      pdf.registerFontkit(fontkit);
      const embedded = await pdf.embedFont(font, { subset: cut });
      pdf.addPage([800, 60]).drawText(text, { x: 10, y: 20, size: 18, font: embedded });
      return ink(await space.write(`${name}.pdf`, await pdf.save()));
    };
    const whole = await page('whole', fonts.regular, false);
    expect(whole).toBeGreaterThan(1000);
    const { program } = await cutFont(fonts.regular, text, REGULAR_FONT);
    expect(await page('ours', program, false)).toBe(whole);
    expect(await page('theirs', fonts.regular, true)).toBeLessThan(whole / 2);
  });

  it.each(['regular', 'bold'] as const)(
    'F2 draws every character of a contract in %s exactly as the whole font does, common and rare',
    async (weight) => {
      const font = fonts[weight];
      const text = charactersOf(
        squeeze(JSON.stringify([contract.clauses, contract.parties, contract.summary])),
      ).join('');
      for (const [name, characters] of [
        ['common', text.replaceAll('骉', '')],
        ['rare', `${text}骉犇彧`],
      ] as const) {
        const cut = await sheet(
          `cut-${name}-${weight}`,
          await cutFont(font, characters, REGULAR_FONT),
          characters,
        );
        const whole = await sheet(`whole-${name}-${weight}`, uncut(font, characters), characters);
        expect(cut.ink).toBeGreaterThan(10_000);
        expect(cut.ink).toBe(whole.ink);
        expect(cut.picture.equals(whole.picture)).toBe(true);
        expect(squeeze(cut.text)).toBe(characters);
      }
    },
  );

  it('carries its canonical terms, byte for byte', async () => {
    expect(await readTerms(rendered.bytes)).toBe(contract.termsJson);
    const { output } = await run('qpdf', ['--list-attachments', file]);
    expect(output).toContain('terms.json');
    const shown = await run('qpdf', ['--show-attachment=terms.json', file]);
    expect(shown.output).toBe(contract.termsJson);
  });

  it('is the same bytes for the same input, and other bytes for other terms', async () => {
    expect((await render(sampleContract(fonts))).sha256).toBe(rendered.sha256);
    expect((await render(sampleContract(fonts, { termsJson: '{}' }))).sha256).not.toBe(rendered.sha256);
  });

  it('puts contract, page, hash of the terms and address of the check on every page', async () => {
    expect(rendered.pages).toBeGreaterThan(2);
    for (let page = 1; page <= rendered.pages; page++) {
      const { output } = await run('pdftotext', ['-f', String(page), '-l', String(page), file, '-']);
      expect(output).toContain(contract.contractId);
      expect(output).toContain(`Page ${page} / ${rendered.pages}`);
      expect(output).toContain(rendered.termsSha256);
      expect(output).toContain(contract.verifyUrl);
    }
  });

  it('refuses a character the font cannot draw, and names it', async () => {
    const title = { zh: '煤炭😀合同', en: 'x' };
    expect(await renderContract(sampleContract(fonts, { title }))).toEqual({
      ok: false,
      code: 'FONT_MISSING_GLYPH',
      detail: 'the font has no 😀 (U+1F600)',
    });
  });

  it('breaks a clause longer than a page, and loses no word of it', async () => {
    const words = Array.from({ length: 1500 }, (_, index) => `w${index}`);
    const zh = Array.from({ length: 400 }, () => '煤炭交易').join('，');
    const clause = {
      heading: { zh: '长条款', en: 'Long clause' },
      paragraphs: [{ zh, en: words.join(' ') }],
    };
    const long = await render(sampleContract(fonts, { clauses: [clause] }));
    const { output } = await run('pdftotext', ['-raw', await space.write('long.pdf', long.bytes), '-']);
    const seen = new Set(output.split(/\s+/u));
    expect(words.filter((word) => !seen.has(word))).toEqual([]);
    // A page end may fall into one.
    expect(squeeze(output).match(/煤炭交易/gu)!.length).toBeGreaterThanOrEqual(396);
  });
});
