/**
 * What a PDF would do when it is opened. Names are looked for where readers find them: in the file itself and
 * inside its compressed streams, with names written in hexadecimal read as what they mean. Pure.
 */
import zlib from 'node:zlib';

/** Names of actions and of contents that are files of their own. */
const ACTIVE = [
  'JavaScript',
  'JS',
  'Launch',
  'EmbeddedFile',
  'EmbeddedFiles',
  'RichMedia',
  'XFA',
  'ImportData',
  'SubmitForm',
  'GoToE',
  'Movie',
  'Sound',
  '3D',
];
/** All streams of one file unpacked: a scan of 4 MB comes to a fraction of it, a bomb passes it at once. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;
const STREAMS_MAX = 20_000;

export type PdfFinding = 'active' | 'unreadable';

/** @returns undefined for a document that only shows pages. */
export function pdfFinding(file: Uint8Array): PdfFinding | undefined {
  const text = Buffer.from(file).toString('latin1');
  if (!/^%PDF-[12]\.\d/.test(text) || !text.trimEnd().endsWith('%%EOF')) return 'unreadable';
  // Encrypted, its streams cannot be looked into.
  if (named(text, ['Encrypt'])) return 'unreadable';
  if (named(text, ACTIVE)) return 'active';
  return streamsFinding(file, text);
}

function streamsFinding(file: Uint8Array, text: string): PdfFinding | undefined {
  let budget = UNPACKED_BYTES_MAX;
  let count = 0;
  for (const match of text.matchAll(/stream\r?\n/g)) {
    // The word "endstream" ends with it, too.
    if (text.slice(Math.max(0, match.index - 3), match.index) === 'end') continue;
    count += 1;
    if (count > STREAMS_MAX) return 'unreadable';
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    if (end < 0) return 'unreadable';
    const unpacked = inflated(file.subarray(start, end), budget);
    if (unpacked === 'too_much') return 'unreadable';
    if (unpacked === undefined) continue;
    budget -= unpacked.length;
    if (named(unpacked.toString('latin1'), ACTIVE)) return 'active';
  }
  return undefined;
}

/** @returns undefined for what is not compressed in this way: images have formats of their own. */
function inflated(bytes: Uint8Array, budget: number): Buffer | 'too_much' | undefined {
  if (bytes.length < 2 || (bytes[0]! & 0x0f) !== 8) return undefined;
  if (budget <= 0) return 'too_much';
  try {
    // A stream may be followed by a line break or cut short: what can be read is read.
    return zlib.inflateSync(bytes, { maxOutputLength: budget, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_much' : undefined;
  }
}

function named(text: string, names: readonly string[]): boolean {
  for (const match of text.matchAll(/\/((?:[^\s()<>[\]{}/%#]|#[0-9A-Fa-f]{2})+)/g)) {
    const name = match[1]!.replaceAll(/#([0-9A-Fa-f]{2})/g, (_whole, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (names.includes(name)) return true;
  }
  return false;
}
