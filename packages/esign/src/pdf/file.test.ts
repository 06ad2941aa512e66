import { describe, expect, it } from 'vitest';
import { latin1 } from '../der/bytes.ts';
import { readPdf } from './file.ts';
import { PdfReader, PdfSyntaxError, canonical } from './values.ts';
import { appendRevision, serialize, streamBody, textString, writeFile } from './write.ts';

const id = [new Uint8Array(16), new Uint8Array(16)] as const;
const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const trailer = { root: 1, info: undefined, id };
const baseObjects = [
  { number: 1, body: bytesOf('<< /Type /Catalog /Pages 2 0 R >>') },
  { number: 2, body: bytesOf('<< /Type /Pages /Kids [] /Count 0 >>') },
  { number: 3, body: streamBody([], bytesOf('endstream endobj 7 0 obj')) },
];
const base = writeFile(baseObjects, trailer);
const two = appendRevision(
  base,
  readPdf(base).revisions[0]!,
  [{ number: 5, body: bytesOf('(new)') }],
  trailer,
);

/** The last revision with its one object not in the table. */
function withoutEntry(file: Uint8Array): Uint8Array {
  const text = latin1(file);
  const at = text.lastIndexOf('xref\n5 1\n');
  return bytesOf(text.slice(0, at) + text.slice(at).replace(/5 1\n\d{10} 00000 n \n/, ''));
}

/** An edit of the text that leaves the length, and so every offset, as it is. */
const edit = (file: Uint8Array, from: string, to: string) => {
  const text = latin1(file);
  expect(text).toContain(from);
  expect(to).toHaveLength(from.length);
  return bytesOf(
    text.slice(0, text.lastIndexOf(from)) + to + text.slice(text.lastIndexOf(from) + from.length),
  );
};

describe('a file of the profile', () => {
  it('is read back revision by revision', () => {
    const file = readPdf(two);
    expect(file.revisions.map(({ start, end }) => [start, end])).toEqual([
      [0, base.length],
      [base.length, two.length],
    ]);
    expect(file.revisions.map(({ objects }) => [...objects.keys()])).toEqual([[1, 2, 3], [5]]);
    expect(
      latin1(two, file.revisions[0]!.objects.get(3)!.stream!.start).startsWith('endstream endobj 7'),
    ).toBe(true);
  });

  it.each([
    [
      'a comment between two objects',
      (f: Uint8Array) => bytesOf(latin1(f).replace('endobj\n2 0', 'endobj\n%x\n2 0')),
    ],
    ['bytes after the end', (f: Uint8Array) => bytesOf(`${latin1(f)}%`)],
    ['no newline at the end', (f: Uint8Array) => f.subarray(0, f.length - 1)],
    [
      'a table that points beside an object',
      (f: Uint8Array) => edit(f, '0000000015 00000 n', '0000000016 00000 n'),
    ],
    [
      'a table that calls an object free',
      (f: Uint8Array) => edit(f, '0000000015 00000 n', '0000000015 00000 f'),
    ],
    ['a table that leaves an object out', withoutEntry],
    [
      'an object twice in one revision',
      () =>
        writeFile(
          [...baseObjects, { number: 2, body: bytesOf('<< /Type /Pages /Kids [] /Count 1 >>') }],
          trailer,
        ),
    ],
    [
      'a startxref that points elsewhere',
      (f: Uint8Array) =>
        bytesOf(latin1(f).replace(/startxref\n(\d)(\d+)\n%%EOF\n$/, 'startxref\n1$2\n%%EOF\n')),
    ],
    [
      'a revision that skips the one before',
      (f: Uint8Array) => bytesOf(latin1(f).replace(/\/Prev \d/, '/Prev 9')),
    ],
    ['a table hidden in a stream', (f: Uint8Array) => edit(f, '/Prev', '/XRef')],
    ['encryption', (f: Uint8Array) => edit(f, '/Root', '/Encr')],
    ['a size that hides objects', (f: Uint8Array) => edit(f, '/Size 6', '/Size 9')],
    ['a key twice', (f: Uint8Array) => edit(f, '/Kids [] /Count 0', '/Kids [] /Kids []')],
    ['an object twice', (f: Uint8Array) => edit(f, '2 0 obj', '1 0 obj')],
    ['another version', (f: Uint8Array) => edit(f, '%PDF-1.7', '%PDF-2.0')],
    ['a stream that ends elsewhere', (f: Uint8Array) => edit(f, '/Length 24', '/Length 23')],
    ['a generation', (f: Uint8Array) => edit(f, '5 0 obj', '5 1 obj')],
  ])('is refused with %s', (_, change) => {
    expect(() => readPdf(change(two))).toThrow(PdfSyntaxError);
  });
});

describe('PDF values', () => {
  const parse = (text: string) => new PdfReader(bytesOf(text)).value();

  it.each([
    '<< /A [1 -2.5 (a\\)b) <0aFF> true null /N#20x 4 0 R] /B << >> >>',
    '[1 0 R 2 3]',
    '(nested (parens))',
    '[10 0 0]',
  ])('%s mean the same when written anew', (text) =>
    expect(canonical(parse(serialize(parse(text))))).toBe(canonical(parse(text))),
  );

  it('are equal by meaning, not by spelling', () => {
    expect(canonical(parse('<< /B 1.0 /A (x) >>'))).toBe(canonical(parse('<</A<78>/B 1>>')));
    expect(canonical(parse('(1)'))).not.toBe(canonical(parse('1')));
    expect(canonical(parse('/null'))).not.toBe(canonical(parse('null')));
  });

  it('hold any text', () => {
    expect(serialize(parse(textString('煤 A')))).toBe('<feff716400200041>');
  });

  it.each(['<< /A 1', '(open', '<0g>', '[1', 'nul', '1.2.3', '(\\101)', '', '['.repeat(50)])(
    'refuse %j',
    (text) => {
      expect(() => parse(text)).toThrow(PdfSyntaxError);
    },
  );
});
