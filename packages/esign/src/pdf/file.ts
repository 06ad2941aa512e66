/**
 * Reads a file of the exchange profile: whole revisions one after another, each a run of objects, one
 * cross-reference table and one trailer, with no byte in between that belongs to none of them.
 *
 * What viewers guess about (hybrid tables, hidden objects, repaired files) is refused here, so that all
 * readers of an accepted file see the same document.
 */
import { latin1 } from '../der/bytes.ts';
import { type PdfDict, PdfReader, PdfSyntaxError, type PdfValue, asNumber } from './values.ts';

export type PdfObject = {
  readonly number: number;
  readonly value: PdfValue;
  /** Bytes of the stream where the object is one. */
  readonly stream: { readonly start: number; readonly end: number } | undefined;
  readonly start: number;
  readonly end: number;
};

export type Revision = {
  readonly start: number;
  /** Just past `%%EOF` and its newline. */
  readonly end: number;
  readonly xref: number;
  readonly trailer: PdfDict;
  /** What this revision adds or replaces. */
  readonly objects: ReadonlyMap<number, PdfObject>;
};

export type PdfFile = { readonly bytes: Uint8Array; readonly revisions: readonly Revision[] };

const END = '%%EOF\n';

/** Where the last complete revision ends; 0 when there is none. Bytes after it belong to no revision. */
export function lastRevisionEnd(bytes: Uint8Array): number {
  for (let at = bytes.length - END.length; at >= 0; at--) {
    if (bytes[at] === 0x25 && latin1(bytes, at, at + END.length) === END) return at + END.length;
  }
  return 0;
}

/** Throws PdfSyntaxError when the bytes are not exactly a file of the profile. */
export function readPdf(bytes: Uint8Array): PdfFile {
  const reader = new PdfReader(bytes);
  reader.expect('%PDF-1.7\n%');
  // Four bytes above 127 tell transports that the file is binary.
  for (let i = 0; i < 4; i++) if ((bytes[reader.at++] ?? 0) < 0x80) reader.fail('expected the binary mark');
  reader.expect('\n');
  const revisions: Revision[] = [];
  while (reader.at < bytes.length) revisions.push(readRevision(reader, revisions.at(-1)));
  if (revisions.length === 0) throw new PdfSyntaxError('no revision');
  return { bytes, revisions };
}

/** The objects as a reader of revision `index` sees them. */
export function objectsAt(file: PdfFile, index: number): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  for (const revision of file.revisions.slice(0, index + 1)) {
    for (const [number, object] of revision.objects) objects.set(number, object);
  }
  return objects;
}

function readRevision(reader: PdfReader, previous: Revision | undefined): Revision {
  const start = previous ? reader.at : 0;
  const objects = new Map<number, PdfObject>();
  while (!reader.isAt('xref\n')) {
    const object = readObject(reader);
    if (objects.has(object.number)) reader.fail(`object ${object.number} twice`);
    objects.set(object.number, object);
  }
  const xref = reader.at;
  checkTable(reader, objects, previous === undefined);
  const trailer = reader.dict(0).entries;
  reader.expect('\nstartxref\n');
  if (reader.unsigned() !== xref) reader.fail('startxref points elsewhere');
  reader.expect(`\n${END}`);
  checkTrailer(reader, trailer, objects, previous);
  return { start, end: reader.at, xref, trailer, objects };
}

function readObject(reader: PdfReader): PdfObject {
  const start = reader.at;
  const number = reader.unsigned();
  reader.expect(' 0 obj\n');
  const value = reader.value();
  reader.expect('\n');
  let stream: PdfObject['stream'];
  if (value.type === 'dict' && reader.take('stream\n')) {
    const length = asNumber(value.entries.get('Length'));
    if (length === undefined || !Number.isInteger(length) || length < 0)
      reader.fail('stream without its length');
    stream = { start: reader.at, end: reader.at + length };
    reader.at += length;
    reader.expect('\nendstream\n');
  }
  reader.expect('endobj\n');
  return { number, value, stream, start, end: reader.at };
}

/** The table must list exactly the objects that stand in the revision, where they stand. */
function checkTable(reader: PdfReader, objects: ReadonlyMap<number, PdfObject>, first: boolean): void {
  reader.expect('xref\n');
  let listed = 0;
  let above = -1;
  while (!reader.take('trailer\n')) {
    const from = reader.unsigned();
    reader.expect(' ');
    const count = reader.unsigned();
    reader.expect('\n');
    if (from <= above || count === 0) reader.fail('cross-reference section out of order');
    for (let number = from; number < from + count; number++) {
      if (number === 0 && first) {
        reader.expect('0000000000 65535 f \n');
        continue;
      }
      const object = objects.get(number);
      if (!object) reader.fail(`table lists object ${number}, which is not in this revision`);
      reader.expect(`${String(object.start).padStart(10, '0')} 00000 n \n`);
      listed++;
    }
    above = from + count - 1;
  }
  if (listed !== objects.size) reader.fail('an object is missing from the table');
}

const TRAILER_KEYS = new Set(['Size', 'Root', 'Info', 'ID', 'Prev']);

function checkTrailer(
  reader: PdfReader,
  trailer: PdfDict,
  objects: ReadonlyMap<number, PdfObject>,
  previous: Revision | undefined,
): void {
  for (const key of trailer.keys()) if (!TRAILER_KEYS.has(key)) reader.fail(`trailer key /${key}`);
  if (trailer.get('Root')?.type !== 'ref') reader.fail('trailer without /Root');
  if (asNumber(trailer.get('Prev')) !== previous?.xref)
    reader.fail('/Prev does not name the revision before');
  const size = Math.max(
    asNumber(previous?.trailer.get('Size')) ?? 1,
    ...[...objects.keys()].map((n) => n + 1),
  );
  if (asNumber(trailer.get('Size')) !== size) reader.fail('/Size does not count the objects');
}
