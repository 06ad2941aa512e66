/**
 * Revision 5: a timestamp over the whole file (ISO 32000-2, 12.8.5). It covers the store of revision 4 and
 * the outer shells of all signatures, which nothing else covers.
 *
 * Its field is on no page: the form gains one name and the document nothing to see.
 */
import { utf8 } from '../der/bytes.ts';
import { readPdf } from './file.ts';
import { type Form, readForm } from './form.ts';
import { EMPTY_PLACE, embedCms, fillByteRange, nextTrailer } from './place.ts';
import { TIMESTAMP_FIELD } from './profile.ts';
import { type PdfValue, asDict, asItems, asNumber } from './values.ts';
import { appendRevision, serialize } from './write.ts';

/** Readers ask a signature field for its widget: this one is as large as nothing, printed and locked. */
const TIMESTAMP_FIELD_ENTRIES = `/Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /FT /Sig /T (${TIMESTAMP_FIELD})`;

/**
 * @param stamp gives an RFC 3161 token, DER, over the SHA-256 that it gets; what it throws passes through.
 * @throws PdfSyntaxError on a file outside the profile, TypeError when revision 4 is not its last.
 */
export async function addDocumentTimestamp(
  bytes: Uint8Array,
  stamp: (imprint: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const file = readPdf(bytes);
  const last = file.revisions.at(-1)!;
  const form = readForm(file, file.revisions.length - 1);
  if (typeof form === 'string') throw new TypeError(form);
  const catalog = asDict(last.objects.get(form.catalog.number)?.value);
  if (!catalog?.has('DSS')) throw new TypeError('the file does not end in a document security store');
  const dictionary = asNumber(last.trailer.get('Size'))!;
  const field = dictionary + 1;
  const prepared = appendRevision(
    bytes,
    last,
    [
      { number: form.object.number, body: utf8(serialize(withField(form, field))) },
      {
        number: dictionary,
        body: utf8(
          `<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 ${EMPTY_PLACE} >>`,
        ),
      },
      { number: field, body: utf8(`<< ${TIMESTAMP_FIELD_ENTRIES} /V ${dictionary} 0 R >>`) },
    ],
    nextTrailer(file),
  );
  const { byteRange, digest } = fillByteRange(prepared);
  const embedded = embedCms(prepared, byteRange, await stamp(digest));
  if (!embedded.ok) throw new TypeError(embedded.detail);
  return embedded.bytes;
}

function withField({ object }: Form, field: number): PdfValue {
  const dict = new Map(asDict(object.value));
  const fields = asItems(dict.get('Fields')) ?? [];
  dict.set('Fields', { type: 'array', items: [...fields, { type: 'ref', number: field }], start: 0, end: 0 });
  return { type: 'dict', entries: dict };
}
