/**
 * Revision 4: the document security store (ETSI EN 319 142-1, 5.4.2). It keeps in the contract what proves
 * later that its certificates were good: certificates, OCSP answers and revocation lists.
 */
import { createHash } from 'node:crypto';
import { utf8 } from '../der/bytes.ts';
import { type PdfFile, objectsAt, readPdf } from './file.ts';
import { readForm } from './form.ts';
import { nextTrailer } from './place.ts';
import { readSignatureDictionary } from './signature-dictionary.ts';
import { type PdfValue, asDict, asNumber } from './values.ts';
import { type NewObject, appendRevision, serialize, streamBody } from './write.ts';

/** DER each; what is there twice is written once. */
export type DssContent = {
  readonly certificates: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
};

/**
 * Appends the store to a contract that all three have signed.
 * @throws PdfSyntaxError on a file outside the profile, TypeError on one that is not signed three times.
 */
export function addDss(bytes: Uint8Array, content: DssContent): Uint8Array {
  const file = readPdf(bytes);
  const last = file.revisions.at(-1)!;
  const form = readForm(file, file.revisions.length - 1);
  if (typeof form === 'string') throw new TypeError(form);
  if (form.fields.some(({ value }) => value === undefined)) throw new TypeError('a signature is missing');
  const dss = asNumber(last.trailer.get('Size'))!;
  const objects: NewObject[] = [];
  const store = (ders: readonly Uint8Array[]): string => {
    const unique = ders.filter((der, index) => ders.findIndex((other) => same(other, der)) === index);
    const references = unique.map((der) => {
      const number = dss + 1 + objects.length;
      objects.push({ number, body: streamBody([], der) });
      return `${number} 0 R`;
    });
    return `[${references.join(' ')}]`;
  };
  const lists = {
    Cert: store(content.certificates),
    OCSP: store(content.ocspResponses),
    CRL: store(content.crls),
  };
  const each = entries(lists, '');
  const vri = signatureNames(file).map((name) => `/${name} << ${each} >>`);
  const body = `<< /Type /DSS /VRI << ${vri.join(' ')} >> ${entries(lists, 's')} >>`;
  const catalog = new Map(asDict(form.catalog.value));
  catalog.set('DSS', { type: 'ref', number: dss } satisfies PdfValue);
  objects.push(
    { number: dss, body: utf8(body) },
    { number: form.catalog.number, body: utf8(serialize({ type: 'dict', entries: catalog })) },
  );
  return appendRevision(bytes, last, objects, nextTrailer(file));
}

/** An empty array is left out; `plural` tells the store's own names from those of /VRI. */
function entries(lists: Readonly<Record<string, string>>, plural: '' | 's'): string {
  return Object.entries(lists)
    .filter(([, list]) => list !== '[]')
    .map(([name, list]) => `/${name}${plural} ${list}`)
    .join(' ');
}

/** /VRI names a signature by the SHA-1 of its contents, padding included, in upper-case hex. */
function signatureNames(file: PdfFile): string[] {
  return [...objectsAt(file, file.revisions.length - 1).values()]
    .map(readSignatureDictionary)
    .filter(({ byteRange }) => byteRange !== undefined)
    .map(({ contents }) => createHash('sha1').update(contents!.bytes).digest('hex').toUpperCase());
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);
