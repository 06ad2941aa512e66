/**
 * Appends the increment that one signature needs, with zeros where the signature will stand.
 *
 * What is appended is exactly what the client's check and the verifier allow, and nothing depends on a
 * clock: the same input gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { concat, latin1, utf8 } from '../der/bytes.ts';
import { type AppearanceText, renderAppearance } from '../render/appearance.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type PdfFile, readPdf } from './file.ts';
import { type FormField, readForm } from './form.ts';
import { type ByteRange, CMS_BYTES_MAX, type SignatureField } from './profile.ts';
import { readSignatureDictionary } from './signature-dictionary.ts';
import { type PdfDict, asDict, asItems, asNumber, asRef } from './values.ts';
import { type NewObject, appendRevision, dateString, serialize, textString } from './write.ts';

export type PrepareCode = 'NOT_EXCHANGE_PROFILE' | 'ALREADY_SIGNED' | 'NOT_YOUR_TURN' | 'FONT_MISSING_GLYPH';

export type PrepareInput = {
  /** The current revision. */
  readonly bytes: Uint8Array;
  readonly field: SignatureField;
  readonly appearance: Omit<AppearanceText, 'reason' | 'time'>;
  readonly reason: string;
  /** Milliseconds since 1970: what /M will claim. */
  readonly time: number;
};

export type PreparedSignature = {
  readonly ok: true;
  readonly bytes: Uint8Array;
  readonly byteRange: ByteRange;
  /** SHA-256 of what the range covers. */
  readonly digest: Uint8Array;
};

export async function prepareSignature(
  input: PrepareInput,
): Promise<PreparedSignature | Refusal<PrepareCode>> {
  let file: PdfFile;
  try {
    file = readPdf(input.bytes);
  } catch (error) {
    return refuse('NOT_EXCHANGE_PROFILE', error instanceof Error ? error.message : 'unreadable');
  }
  const form = readForm(file, file.revisions.length - 1);
  if (typeof form === 'string') return refuse('NOT_EXCHANGE_PROFILE', form);
  const field = form.fields.find(({ name }) => name === input.field)!;
  if (field.value !== undefined) return refuse('ALREADY_SIGNED', `${input.field} is signed`);
  const next = form.fields.find(({ value }) => value === undefined)!;
  if (next !== field) return refuse('NOT_YOUR_TURN', `${next.name} signs before ${input.field}`);

  const last = file.revisions.at(-1)!;
  const signature = asNumber(last.trailer.get('Size'))!;
  const text = { ...input.appearance, reason: input.reason, time: input.time };
  const appearance = await renderAppearance(text, widgetSize(field), signature + 1);
  if (!appearance.ok) return appearance;
  const first = field === form.fields[0];
  const objects: NewObject[] = [
    { number: signature, body: signatureBody(input, first) },
    { number: field.object.number, body: signedField(field, signature, appearance.form) },
    ...appearance.objects,
  ];
  if (first)
    objects.push({ number: form.catalog.number, body: certifiedCatalog(form.catalog.value, signature) });
  const bytes = appendRevision(input.bytes, last, objects, trailerOf(file));
  return { ok: true, bytes, ...fillByteRange(bytes) };
}

/** Wide enough for files of ten gigabytes; spaces fill what the numbers leave. */
const BYTE_RANGE_ROOM = ' '.repeat(44);

function signatureBody({ appearance, reason, time }: PrepareInput, first: boolean): Uint8Array {
  const certification =
    '/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >>] ';
  return concat([
    utf8('<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached '),
    utf8(`/M ${dateString(time)} /Name ${textString(appearance.name)} /Reason ${textString(reason)} `),
    utf8(first ? certification : ''),
    utf8(`/ByteRange [${BYTE_RANGE_ROOM}] /Contents <`),
    new Uint8Array(2 * CMS_BYTES_MAX).fill(0x30),
    utf8('> >>'),
  ]);
}

function signedField(field: FormField, signature: number, form: number): Uint8Array {
  const dict = new Map(field.dict);
  dict.set('V', { type: 'ref', number: signature });
  dict.set('AP', { type: 'dict', entries: new Map([['N', { type: 'ref', number: form }]]) });
  return utf8(serialize({ type: 'dict', entries: dict }));
}

function certifiedCatalog(catalog: FormField['object']['value'], signature: number): Uint8Array {
  const dict: Map<string, FormField['object']['value']> = new Map(asDict(catalog) ?? []);
  dict.set('Perms', { type: 'dict', entries: new Map([['DocMDP', { type: 'ref', number: signature }]]) });
  return utf8(serialize({ type: 'dict', entries: dict }));
}

/** Writes the range into its room and hashes what it covers. */
function fillByteRange(bytes: Uint8Array): { byteRange: ByteRange; digest: Uint8Array } {
  const file = readPdf(bytes);
  const last = file.revisions.at(-1)!;
  const object = [...last.objects.values()].find(({ value }) => asDict(value)?.has('ByteRange'))!;
  const { contents, dict } = readSignatureDictionary(object);
  const { start, end } = contents!;
  const byteRange: ByteRange = [0, start, end, bytes.length - end];
  const place = rangePlace(dict);
  bytes.set(utf8(byteRange.join(' ').padEnd(BYTE_RANGE_ROOM.length)), place + 1);
  const digest = createHash('sha256').update(bytes.subarray(0, start)).update(bytes.subarray(end)).digest();
  return { byteRange, digest: new Uint8Array(digest) };
}

function rangePlace(dict: PdfDict): number {
  const range = dict.get('ByteRange');
  return range?.type === 'array' ? range.start : Number.NaN;
}

function widgetSize(field: FormField): readonly [number, number] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] =
    asItems(field.dict.get('Rect'))?.map((value) => asNumber(value) ?? 0) ?? [];
  return [x1 - x0, y1 - y0];
}

function trailerOf(file: PdfFile) {
  const { trailer } = file.revisions.at(-1)!;
  const first = asItems(trailer.get('ID'))?.[0];
  const id = first?.type === 'string' ? first.bytes : new Uint8Array(16);
  const changed = new Uint8Array(createHash('sha256').update(file.bytes).digest().subarray(0, 16));
  return { root: asRef(trailer.get('Root'))!, info: asRef(trailer.get('Info')), id: [id, changed] as const };
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
  if (!/^<0+>$/.test(latin1(prepared, start, end)) || end - start !== 2 * CMS_BYTES_MAX + 2) {
    return refuse('GAP_NOT_EMPTY_PLACEHOLDER', 'the place for the signature is not empty');
  }
  const bytes = Uint8Array.from(prepared);
  bytes.set(utf8(Buffer.from(cms).toString('hex')), start + 1);
  return { ok: true, bytes };
}
