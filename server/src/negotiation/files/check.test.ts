import zlib from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../platform/refusal.ts';
import { checkFile } from './check.ts';
import { contentDisposition, safeName } from './name.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const pdf = (body = ''): Uint8Array => bytes(`%PDF-1.7\n1 0 obj <</Type /Catalog ${body}>> endobj\n%%EOF\n`);
const packed = (inside: string): Uint8Array => {
  const stream = zlib.deflateSync(Buffer.from(inside, 'latin1')).toString('latin1');
  return bytes(
    `%PDF-1.7\n1 0 obj <</Type /ObjStm /Filter /FlateDecode>>\nstream\n${stream}\nendstream\nendobj\n%%EOF`,
  );
};
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const TYPES = `<Types><Override PartName="/xl/workbook.xml" ContentType="${XLSX}.main+xml"/></Types>`;
const xlsx = (more: Record<string, Uint8Array> = {}, types = TYPES): Uint8Array =>
  zipSync({
    '[Content_Types].xml': text(types),
    'xl/workbook.xml': text('<workbook/>'),
    'xl/worksheets/sheet1.xml': text('<worksheet/>'),
    ...more,
  });
const PNG = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);
const JPEG = new Uint8Array(
  Buffer.from(`ffd8ffe000104a46494600010100000100010000${'00'.repeat(40)}ffd9`, 'hex'),
);

const codeOf = async (content: Uint8Array, declared: string, name = 'file.bin'): Promise<string> => {
  const checked = await checkFile({ name, declared, bytes: content });
  return isRefusal(checked) ? checked.refused : checked.name;
};

describe('a file that may be handed over', () => {
  it.each([
    ['a PDF', pdf(), 'application/pdf', 'pdf'],
    ['a PDF with compressed pages', packed('BT (Ash 12.5) Tj ET'), 'application/pdf', 'pdf'],
    ['a picture', PNG, 'image/png', 'png'],
    ['a photograph', JPEG, 'image/jpeg', 'jpg'],
    ['a workbook', xlsx(), XLSX, 'xlsx'],
    [
      'a workbook with settings of a printer',
      xlsx({ 'xl/printerSettings/printerSettings1.bin': new Uint8Array(8) }),
      XLSX,
      'xlsx',
    ],
    ['a table', text('煤种,灰分\n动力煤,12.5\n'), 'text/csv', 'csv'],
    ['a table in the national character set', new Uint8Array([0xc3, 0xba, 0x2c, 0x31]), 'text/csv', 'csv'],
    ['a note', text('Ash 12.5 % ad'), 'text/plain; charset=utf-8', 'txt'],
  ])('%s, with the ending of its content', async (_what, content, declared, ending) => {
    expect(await codeOf(content, declared)).toBe(`file.${ending}`);
  });
});

describe('a file that is refused', () => {
  const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');
  const macros = TYPES.replace(XLSX, 'application/vnd.ms-excel.sheet.macroEnabled');
  it.each([
    ['nothing', new Uint8Array(), 'text/plain', 'file_empty'],
    ['too much', new Uint8Array(4 * 1024 * 1024 + 1).fill(65), 'text/plain', 'file_too_large'],
    ['the test virus', text(eicar), 'text/plain', 'file_malware'],
    ['the test virus inside a table', text(`a,b\n"${eicar}",1`), 'text/csv', 'file_malware'],
    ['a type nobody asked for', text('<p>'), 'text/html', 'file_type_forbidden'],
    ['a program as a PDF', bytes(`MZ${'\u0000'.repeat(200)}`), 'application/pdf', 'file_type_forbidden'],
    [
      'a program for another system',
      bytes(`\x7fELF\x02\x01\x01${'\u0000'.repeat(60)}`),
      'text/plain',
      'file_type_forbidden',
    ],
    ['a shell script as a note', text('#!/bin/sh\nrm -rf /\n'), 'text/plain', 'file_type_forbidden'],
    ['a page as a note', text('\n <script>alert(1)</script>'), 'text/plain', 'file_type_forbidden'],
    ['a drawing with scripts as a note', text('<svg onload="x()">'), 'text/plain', 'file_type_forbidden'],
    ['a picture as a PDF', PNG, 'application/pdf', 'file_type_differs'],
    ['a PDF as a picture', pdf(), 'image/png', 'file_type_differs'],
    ['a note as a workbook', text('a,b'), XLSX, 'file_type_differs'],
    ['an archive as a workbook', zipSync({ 'a.txt': text('a') }), XLSX, 'file_type_forbidden'],
    ['bytes as a note', new Uint8Array([0, 1, 2, 3]), 'text/plain', 'file_type_forbidden'],
    [
      'a PDF with a script',
      pdf('/OpenAction <</S /JavaScript /JS (app.alert(1))>>'),
      'application/pdf',
      'file_active',
    ],
    ['a PDF with a script written in hexadecimal', pdf('/S /J#61vaScript'), 'application/pdf', 'file_active'],
    ['a PDF that starts a program', pdf('/A <</S /Launch /F (cmd.exe)>>'), 'application/pdf', 'file_active'],
    ['a PDF with a file inside', pdf('/Names <</EmbeddedFiles 3 0 R>>'), 'application/pdf', 'file_active'],
    ['a PDF with a compressed script', packed('<</S /JavaScript>>'), 'application/pdf', 'file_active'],
    ['an encrypted PDF', pdf('/Encrypt 9 0 R'), 'application/pdf', 'file_unreadable'],
    ['a PDF cut short', pdf().slice(0, 30), 'application/pdf', 'file_unreadable'],
    ['a PDF that unpacks without end', packed('A'.repeat(70_000_000)), 'application/pdf', 'file_unreadable'],
    ['a workbook with macros', xlsx({ 'xl/vbaProject.bin': new Uint8Array(9) }), XLSX, 'file_active'],
    ['a workbook that says it has macros', xlsx({}, macros), XLSX, 'file_'],
    [
      'a workbook with a file inside',
      xlsx({ 'xl/embeddings/oleObject1.bin': new Uint8Array(9) }),
      XLSX,
      'file_active',
    ],
    [
      'a workbook that fetches from elsewhere',
      xlsx({ 'xl/externalLinks/a.xml': text('x') }),
      XLSX,
      'file_active',
    ],
    ['a workbook with a path out', xlsx({ '../evil.txt': text('x') }), XLSX, 'file_unreadable'],
    [
      'a workbook that unpacks without end',
      xlsx({ 'xl/a.xml': new Uint8Array(70_000_000) }),
      XLSX,
      'file_unreadable',
    ],
    ['a workbook cut short', xlsx().slice(0, 200), XLSX, 'file_'],
    ['an archive behind a picture', new Uint8Array([...PNG, ...xlsx()]), 'image/png', 'file_active'],
  ])('%s', async (_what, content, declared, code) => {
    expect(await codeOf(content, declared)).toMatch(new RegExp(`^negotiation\\.${code}`));
  });

  it('a name that is nothing but signs', async () => {
    expect(await codeOf(pdf(), 'application/pdf', '../..')).toBe('negotiation.file_name_invalid');
  });
});

describe('the name of a file', () => {
  it.each([
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\temp\\化验单 第1页.PDF', '化验单 第1页.pdf'],
    ['report\u202Efdp.exe', 'reportfdp.pdf'],
    ['.htaccess', undefined],
    ['a\r\nSet-Cookie: x.pdf', 'aSet-Cookie_ x.pdf'],
    ['x'.repeat(300), `${'x'.repeat(116)}.pdf`],
    ['<img src=x>.pdf', '_img src=x_.pdf'],
    ['invoice.pdf.exe', 'invoice.pdf.pdf'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeName(name, 'pdf')).toBe(expected);
  });

  it('is given in the header as it is, without breaking it', () => {
    const header = contentDisposition('化验 "1"\u00e9.pdf');
    expect(header).toBe(
      `attachment; filename="__ _1__.pdf"; filename*=UTF-8''%E5%8C%96%E9%AA%8C%20%221%22%C3%A9.pdf`,
    );
  });
});
