/**
 * Revision 4: the catalog gains /DSS, and with it come the streams that the store lists. Nothing covers them
 * until the document timestamp does, so they may hold whatever they hold: what is in them is judged as
 * evidence, and only their being nothing else is judged here.
 */
import type { PdfFile } from './file.ts';
import type { Form } from './form.ts';
import type { Increment } from './increment.ts';
import { IncrementCheck, only } from './increment-check.ts';
import { type PdfDict, type PdfValue, asDict, asItems, asRef, isName } from './values.ts';

/** DER each, as the file holds them. */
export type SecurityStore = {
  readonly certificates: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
};

const STORE_KEYS = new Set(['Type', 'VRI', 'Certs', 'OCSPs', 'CRLs']);
const STREAM_KEYS = new Set(['Length']);
/** A list of the store, and what /VRI calls it. */
const LISTS = { Certs: 'Cert', OCSPs: 'OCSP', CRLs: 'CRL' } as const;
const VRI_KEYS: ReadonlySet<string> = new Set(Object.values(LISTS));

/** Undefined when the revision brings no store. */
export function describeStore(file: PdfFile, index: number, form: Form): Increment | undefined {
  const { objects } = file.revisions[index]!;
  const named = asRef(asDict(objects.get(form.catalog.number)?.value)?.get('DSS'));
  const object = objects.get(named ?? -1);
  const dict = asDict(object?.value);
  if (!object || !dict) return undefined;
  const check = new IncrementCheck(file, index);
  check.catalog(form, 'DSS');
  check.allowNew(object);
  if (!only(dict, STORE_KEYS) || !isName(dict.get('Type'), 'DSS') || object.stream) check.fault('/DSS');
  const store = {
    certificates: readList(file, check, dict, 'Certs'),
    ocspResponses: readList(file, check, dict, 'OCSPs'),
    crls: readList(file, check, dict, 'CRLs'),
  };
  checkVri(check, dict, form.fields.length);
  return { kind: 'store', store, unexpected: check.finish() };
}

function readList(file: PdfFile, check: IncrementCheck, dss: PdfDict, name: string): Uint8Array[] {
  const list = dss.get(name);
  if (list === undefined) return [];
  return (asItems(list) ?? [list]).flatMap((item) => {
    const object = check.added.get(asRef(item) ?? -1);
    if (!object?.stream || !only(asDict(object.value), STREAM_KEYS)) {
      check.fault(`/DSS /${name}`);
      return [];
    }
    check.allowNew(object);
    return [file.bytes.subarray(object.stream.start, object.stream.end)];
  });
}

/** Says again, for each signature, which members of the store are about it; nothing but references. */
function checkVri(check: IncrementCheck, dss: PdfDict, signatures: number): void {
  const value = dss.get('VRI');
  if (value === undefined) return;
  const vri = asDict(value);
  if (!vri || vri.size > signatures) return check.fault('/DSS /VRI');
  for (const [name, entry] of vri) {
    const dict = asDict(entry);
    const known = Object.entries(LISTS).every(([list, short]) => isPartOf(dict?.get(short), dss.get(list)));
    if (!/^[0-9A-F]{40}$/.test(name) || !only(dict, VRI_KEYS) || !known) check.fault(`/DSS /VRI /${name}`);
  }
}

function isPartOf(part: PdfValue | undefined, whole: PdfValue | undefined): boolean {
  if (part === undefined) return true;
  const members = new Set(asItems(whole)?.map(asRef));
  return asItems(part)?.every((item) => item.type === 'ref' && members.has(item.number)) ?? false;
}
