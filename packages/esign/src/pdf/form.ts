/** Finds the signature fields of a contract and who may sign each. */
import { type PdfFile, type PdfObject, objectsAt } from './file.ts';
import { SIGNATURE_FIELDS, type SignatureField } from './profile.ts';
import { type PdfDict, asDict, asItems, asNumber, asRef, asText, isName } from './values.ts';

export type FormField = {
  readonly name: SignatureField;
  readonly object: PdfObject;
  readonly dict: PdfDict;
  /** Object number of the signature value, once signed. */
  readonly value: number | undefined;
  /** organizationIdentifier that the document's seed value demands of the signer (ISO 32000-1, 12.7.4.5). */
  readonly organizationIdentifier: string;
};

export type Form = {
  readonly catalog: PdfObject;
  /** The form's own object. */
  readonly object: PdfObject;
  readonly fields: readonly FormField[];
};

/** A sentence when the document's form is not the profile's three signature fields. */
export function readForm(file: PdfFile, revision: number): Form | string {
  const objects = objectsAt(file, revision);
  const root = asRef(file.revisions[revision]?.trailer.get('Root'));
  const catalog = objects.get(root ?? -1);
  const catalogDict = asDict(catalog?.value);
  const formObject = objects.get(asRef(catalogDict?.get('AcroForm')) ?? -1);
  const form = asDict(formObject?.value);
  const references = asItems(form?.get('Fields'));
  if (!catalog || !formObject || !form || !references) return 'no form';
  if (asNumber(form.get('SigFlags')) !== 3) return '/SigFlags is not 3';
  for (const key of form.keys()) if (key !== 'Fields' && key !== 'SigFlags') return `form key /${key}`;
  const fields: FormField[] = [];
  for (const [index, name] of SIGNATURE_FIELDS.entries()) {
    const object = objects.get(asRef(references[index]) ?? -1);
    const dict = asDict(object?.value);
    if (!object || !dict || !isName(dict.get('FT'), 'Sig') || asText(dict.get('T')) !== name) {
      return `field ${index + 1} is not ${name}`;
    }
    const value = dict.get('V');
    if (value && value.type !== 'ref') return `${name} holds a direct value`;
    const organizationIdentifier = seedOrganization(dict);
    if (!organizationIdentifier) return `${name} does not say who must sign`;
    fields.push({ name, object, dict, value: asRef(value), organizationIdentifier });
  }
  return references.length === SIGNATURE_FIELDS.length
    ? { catalog, object: formObject, fields }
    : 'more than three fields';
}

export const ORGANIZATION_IDENTIFIER_KEY = '2.5.4.97';

function seedOrganization(field: PdfDict): string | undefined {
  const certificate = asDict(asDict(field.get('SV'))?.get('Cert'));
  const subject = asDict(asItems(certificate?.get('SubjectDN'))?.[0]);
  return asText(subject?.get(ORGANIZATION_IDENTIFIER_KEY));
}
