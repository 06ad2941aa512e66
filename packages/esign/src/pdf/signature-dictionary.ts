/** The signature dictionary: what it covers and what it says about itself. */
import type { PdfObject } from './file.ts';
import { CMS_BYTES_MAX, type ByteRange } from './profile.ts';
import { type PdfDict, asDict, asItems, asNumber, asText, canonical, isName } from './values.ts';

export type SignatureDictionary = {
  readonly object: PdfObject;
  readonly dict: PdfDict;
  readonly byteRange: ByteRange | undefined;
  /** Place of the hexadecimal string with its angle brackets. */
  readonly contents: { readonly start: number; readonly end: number; readonly bytes: Uint8Array } | undefined;
  readonly name: string | undefined;
  readonly reason: string | undefined;
  /** /M in milliseconds since 1970: what the signer's side claims. */
  readonly claimedAt: number | undefined;
};

export function isSignatureDictionary(object: PdfObject): boolean {
  return isName(asDict(object.value)?.get('Type'), 'Sig');
}

export function isDocumentTimestamp(object: PdfObject): boolean {
  return isName(asDict(object.value)?.get('Type'), 'DocTimeStamp');
}

export function readSignatureDictionary(object: PdfObject): SignatureDictionary {
  const dict = asDict(object.value) ?? new Map();
  const contents = dict.get('Contents');
  return {
    object,
    dict,
    byteRange: readByteRange(dict),
    contents: contents?.type === 'string' ? contents : undefined,
    name: asText(dict.get('Name')),
    reason: asText(dict.get('Reason')),
    claimedAt: readDate(asText(dict.get('M'))),
  };
}

function readByteRange(dict: PdfDict): ByteRange | undefined {
  const numbers = asItems(dict.get('ByteRange'))?.map(asNumber);
  if (numbers?.length !== 4) return undefined;
  const [a, b, c, d] = numbers;
  if (!isCount(a) || !isCount(b) || !isCount(c) || !isCount(d)) return undefined;
  return [a, b, c, d];
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0;

function readDate(text: string | undefined): number | undefined {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const KEYS = new Set(['Type', 'Filter', 'SubFilter', 'ByteRange', 'Contents', 'M', 'Name', 'Reason']);
const DOC_MDP =
  '[<<"TransformMethod" /"DocMDP" "TransformParams" <<"P" 2 "Type" /"TransformParams" "V" /"1.2">> "Type" /"SigRef">>]';

/** What in the dictionary is outside the profile, one sentence each. The first signature certifies (DocMDP). */
export function dictionaryFaults(signature: SignatureDictionary, first: boolean): string[] {
  const { dict, contents } = signature;
  const faults: string[] = [];
  for (const key of dict.keys()) {
    if (!KEYS.has(key) && !(first && key === 'Reference')) faults.push(`signature key /${key}`);
  }
  if (!isName(dict.get('Filter'), 'Adobe.PPKLite')) faults.push('/Filter is not Adobe.PPKLite');
  if (!isName(dict.get('SubFilter'), 'ETSI.CAdES.detached'))
    faults.push('/SubFilter is not ETSI.CAdES.detached');
  if (first && canonical(dict.get('Reference')) !== DOC_MDP)
    faults.push('the first signature is not DocMDP with P=2');
  if (contents && contents.end - contents.start !== 2 * CMS_BYTES_MAX + 2)
    faults.push('/Contents has another length');
  return faults;
}

const TIMESTAMP_KEYS = new Set(['Type', 'Filter', 'SubFilter', 'ByteRange', 'Contents']);

/** The same for a document timestamp. */
export function timestampFaults({ dict, contents }: SignatureDictionary): string[] {
  const faults: string[] = [];
  for (const key of dict.keys()) if (!TIMESTAMP_KEYS.has(key)) faults.push(`timestamp key /${key}`);
  if (!isName(dict.get('Filter'), 'Adobe.PPKLite')) faults.push('/Filter is not Adobe.PPKLite');
  if (!isName(dict.get('SubFilter'), 'ETSI.RFC3161')) faults.push('/SubFilter is not ETSI.RFC3161');
  if (contents && contents.end - contents.start !== 2 * CMS_BYTES_MAX + 2)
    faults.push('/Contents has another length');
  return faults;
}

/** True when the range is the whole revision but the hexadecimal string of this very dictionary. */
export function coversWholeRevision(signature: SignatureDictionary, revisionEnd: number): boolean {
  const { byteRange, contents } = signature;
  if (!byteRange || !contents) return false;
  const [a, b, c, d] = byteRange;
  return a === 0 && b === contents.start && c === contents.end && c + d === revisionEnd;
}

/** The bytes under a range, as one run. */
export function coveredBytes(file: Uint8Array, [a, b, c, d]: ByteRange): Uint8Array {
  const out = new Uint8Array(b + d);
  out.set(file.subarray(a, a + b), 0);
  out.set(file.subarray(c, c + d), b);
  return out;
}
