/** What a forger would do: well-formed changes, so that only the checks under test can object. */
import { concat, latin1, toHex, utf8 } from '../der/bytes.ts';
import { type PdfFile, type Revision, objectsAt, readPdf } from '../pdf/file.ts';
import { readForm } from '../pdf/form.ts';
import { type SignatureField } from '../pdf/profile.ts';
import { type SignatureDictionary, readSignatureDictionary } from '../pdf/signature-dictionary.ts';
import { asDict, asItems, asNumber, asRef } from '../pdf/values.ts';
import { type NewObject, appendRevision, serialize, writeFile } from '../pdf/write.ts';

export type Change = { readonly number?: number; readonly body: string | Uint8Array };

/** Appends a revision; a change without number becomes a new object. */
export function append(
  bytes: Uint8Array,
  changes: readonly Change[],
  trailer: { root?: number } = {},
): Uint8Array {
  const file = readPdf(bytes);
  const last = file.revisions.at(-1)!;
  let next = asNumber(last.trailer.get('Size'))!;
  const objects: NewObject[] = changes.map(({ number, body }) => ({
    number: number ?? next++,
    body: typeof body === 'string' ? utf8(body) : body,
  }));
  return appendRevision(bytes, last, objects, { ...trailerOf(file), ...trailer });
}

/** Writes the last revision anew with other or more objects, as if the server had prepared it so. */
export function rewriteLast(
  bytes: Uint8Array,
  edit: (objects: Map<number, Uint8Array>, size: number) => void,
  trailer: { root?: number; info?: number } = {},
): Uint8Array {
  const file = readPdf(bytes);
  const last = file.revisions.at(-1)!;
  const before = file.revisions.at(-2)!;
  const objects = new Map(bodies(bytes, last));
  edit(objects, asNumber(last.trailer.get('Size'))!);
  const written = [...objects].map(([number, body]) => ({ number, body }));
  return refill(
    appendRevision(bytes.slice(0, before.end), before, written, { ...trailerOf(file), ...trailer }),
  );
}

/** The unsigned contract, written anew with some objects changed. */
export function rewriteFirst(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const file = readPdf(bytes);
  const objects = new Map(bodies(bytes, file.revisions[0]!));
  for (const { number, body } of changes) {
    objects.set(number ?? Math.max(...objects.keys()) + 1, typeof body === 'string' ? utf8(body) : body);
  }
  return writeFile(
    [...objects].map(([number, body]) => ({ number, body })),
    trailerOf(file),
  );
}

function bodies(bytes: Uint8Array, revision: Revision): [number, Uint8Array][] {
  return [...revision.objects.values()].map((object) => {
    const head = utf8(`${object.number} 0 obj\n`).length;
    return [object.number, bytes.slice(object.start + head, object.end - '\nendobj\n'.length)];
  });
}

/** Puts the ByteRange right again after the place of the signature has moved, where there is one. */
function refill(bytes: Uint8Array): Uint8Array {
  const objects = [...readPdf(bytes).revisions.at(-1)!.objects.values()];
  if (!objects.some(({ value }) => asDict(value)?.has('ByteRange'))) return bytes;
  const signature = lastSignature(bytes);
  const { contents } = signature;
  if (!contents) return bytes;
  const range = [0, contents.start, contents.end, bytes.length - contents.end].join(' ');
  return setByteRange(bytes, range);
}

export function setByteRange(bytes: Uint8Array, range: string): Uint8Array {
  const out = Uint8Array.from(bytes);
  const place = lastSignature(bytes).dict.get('ByteRange');
  if (place?.type !== 'array') throw new Error('no range');
  out.set(utf8(range.padEnd(place.end - place.start - 2)), place.start + 1);
  return out;
}

export function signatureOf(bytes: Uint8Array, field: SignatureField): SignatureDictionary {
  const file = readPdf(bytes);
  // The form of revision 5 has a field more.
  const last = Math.min(file.revisions.length - 1, 4);
  const form = readForm(file, last);
  if (typeof form === 'string') throw new Error(form);
  const number = form.fields.find(({ name }) => name === field)!.value!;
  return readSignatureDictionary(objectsAt(file, last).get(number)!);
}

export function lastSignature(bytes: Uint8Array): SignatureDictionary {
  const objects = [...readPdf(bytes).revisions.at(-1)!.objects.values()];
  return readSignatureDictionary(objects.find(({ value }) => asDict(value)?.has('ByteRange'))!);
}

/** Overwrites what stands between the angle brackets of a signature, padded with zeros. */
export function setContents(bytes: Uint8Array, field: SignatureField, cms: Uint8Array): Uint8Array {
  const { start, end } = signatureOf(bytes, field).contents!;
  const out = Uint8Array.from(bytes);
  out.set(utf8(toHex(cms).padEnd(end - start - 2, '0')), start + 1);
  return out;
}

/** The CMS as it stands in the file, with its padding. */
export function contentsOf(bytes: Uint8Array, field: SignatureField): Uint8Array {
  return signatureOf(bytes, field).contents!.bytes;
}

/** Replaces text of the same length, once. */
export function replaceText(bytes: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error('lengths differ');
  const at = latin1(bytes).lastIndexOf(from);
  if (at < 0) throw new Error(`${from} is not in the file`);
  return concat([bytes.slice(0, at), utf8(to), bytes.slice(at + from.length)]);
}

export function flipBit(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at] = out[at]! ^ (1 << bit);
  return out;
}

/** A dictionary object with entries added or replaced, as text. */
export function withEntries(bytes: Uint8Array, number: number, entries: Record<string, string>): Change {
  const file = readPdf(bytes);
  const dict = asDict(objectsAt(file, file.revisions.length - 1).get(number)!.value)!;
  const kept = [...dict]
    .filter(([key]) => !(key in entries))
    .map(([key, value]) => `/${key} ${serialize(value)}`);
  const added = Object.entries(entries).map(([key, text]) => `/${key} ${text}`);
  return { number, body: `<< ${[...kept, ...added].join(' ')} >>` };
}

export function catalogNumber(bytes: Uint8Array): number {
  return asRef(readPdf(bytes).revisions[0]!.trailer.get('Root'))!;
}

/** Object numbers of the pages, and of each page's first content stream. */
export function pages(bytes: Uint8Array): { page: number; content: number }[] {
  const objects = readPdf(bytes).revisions[0]!.objects;
  return [...objects.values()].flatMap(({ number, value }) => {
    const dict = asDict(value);
    const type = dict?.get('Type');
    if (type?.type !== 'name' || type.value !== 'Page') return [];
    const contents = dict?.get('Contents');
    return [{ page: number, content: asRef(contents) ?? asRef(asItems(contents)?.[0])! }];
  });
}

function trailerOf(file: PdfFile) {
  const { trailer } = file.revisions.at(-1)!;
  const id = asItems(trailer.get('ID'))?.[0];
  const bytes = id?.type === 'string' ? id.bytes : new Uint8Array(16);
  return { root: asRef(trailer.get('Root'))!, info: asRef(trailer.get('Info')), id: [bytes, bytes] as const };
}
