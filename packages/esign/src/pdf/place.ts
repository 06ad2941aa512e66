/** The place that an increment keeps for a signature or a timestamp, and how it is filled. */
import { createHash } from 'node:crypto';
import { utf8 } from '../der/bytes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PdfFile } from './file.ts';
import { readPdf } from './file.ts';
import { type ByteRange, CMS_BYTES_MAX } from './profile.ts';
import { readSignatureDictionary } from './signature-dictionary.ts';
import { asDict, asItems, asRef } from './values.ts';
import type { Trailer } from './write.ts';

/** Wide enough for files of ten gigabytes; spaces fill what the numbers leave. */
const BYTE_RANGE_ROOM = ' '.repeat(44);

const EMPTY_GAP = Buffer.from(`<${'0'.repeat(2 * CMS_BYTES_MAX)}>`);

/** The two entries of a dictionary that is yet to be filled. */
export const EMPTY_PLACE = `/ByteRange [${BYTE_RANGE_ROOM}] /Contents ${EMPTY_GAP.toString()}`;

export type Place = {
  readonly byteRange: ByteRange;
  /** SHA-256 of what the range covers. */
  readonly digest: Uint8Array;
};

/** Writes the range of the last revision's place into `bytes` and hashes what it covers. */
export function fillByteRange(bytes: Uint8Array): Place {
  const last = readPdf(bytes).revisions.at(-1)!;
  const object = [...last.objects.values()].find(({ value }) => asDict(value)?.has('ByteRange'))!;
  const { contents, dict } = readSignatureDictionary(object);
  const { start, end } = contents!;
  const byteRange: ByteRange = [0, start, end, bytes.length - end];
  const room = dict.get('ByteRange');
  if (room?.type !== 'array') throw new TypeError('no place was kept');
  bytes.set(utf8(byteRange.join(' ').padEnd(BYTE_RANGE_ROOM.length)), room.start + 1);
  const digest = createHash('sha256').update(bytes.subarray(0, start)).update(bytes.subarray(end)).digest();
  return { byteRange, digest: new Uint8Array(digest) };
}

/** The file with a finished CMS in the place that was kept for it. */
export function embedCms(
  prepared: Uint8Array,
  byteRange: ByteRange,
  cms: Uint8Array,
): { ok: true; bytes: Uint8Array } | Refusal<'SIGNATURE_TOO_LARGE' | 'GAP_NOT_EMPTY_PLACEHOLDER'> {
  if (cms.length > CMS_BYTES_MAX) {
    return refuse('SIGNATURE_TOO_LARGE', `${cms.length} bytes, at most ${CMS_BYTES_MAX} have room`);
  }
  const [, start, end] = byteRange;
  const gap = Buffer.from(prepared.buffer, prepared.byteOffset + start, Math.max(0, end - start));
  if (!gap.equals(EMPTY_GAP)) {
    return refuse('GAP_NOT_EMPTY_PLACEHOLDER', 'the place for the signature is not empty');
  }
  const bytes = prepared.slice();
  bytes.set(utf8(Buffer.from(cms).toString('hex')), start + 1);
  return { ok: true, bytes };
}

/** The trailer of the next revision: the same document, another state of it. */
export function nextTrailer(file: PdfFile): Trailer {
  const { trailer } = file.revisions.at(-1)!;
  const first = asItems(trailer.get('ID'))?.[0];
  const id = first?.type === 'string' ? first.bytes : new Uint8Array(16);
  const changed = new Uint8Array(createHash('sha256').update(file.bytes).digest().subarray(0, 16));
  return { root: asRef(trailer.get('Root'))!, info: asRef(trailer.get('Info')), id: [id, changed] };
}
