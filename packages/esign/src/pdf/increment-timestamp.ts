/** Revision 5: one document timestamp in a field of its own, which shows nothing and is on no page. */
import type { PdfFile } from './file.ts';
import type { Form } from './form.ts';
import type { Increment } from './increment.ts';
import { IncrementCheck } from './increment-check.ts';
import { TIMESTAMP_FIELD } from './profile.ts';
import { isDocumentTimestamp, readSignatureDictionary, timestampFaults } from './signature-dictionary.ts';
import { asItems, asRef, canonical } from './values.ts';

/** Undefined when the revision brings no timestamp. */
export function describeTimestamp(file: PdfFile, index: number, form: Form): Increment | undefined {
  const found = [...file.revisions[index]!.objects.values()].find(isDocumentTimestamp);
  if (!found) return undefined;
  const timestamp = readSignatureDictionary(found);
  const check = new IncrementCheck(file, index);
  check.allowNew(found);
  timestampFaults(timestamp).forEach((fault) => check.fault(fault));
  checkForm(check, form, found.number);
  return { kind: 'timestamp', timestamp, unexpected: check.finish() };
}

/** The form's list of fields gains one at its end, and that one is written in one way only. */
function checkForm(check: IncrementCheck, form: Form, timestamp: number): void {
  const after = check.allowChange(form.object, ['Fields'], 'form');
  const fields = asItems(after?.get('Fields')) ?? [];
  const before = form.fields.map(({ object }) => object.number);
  const added = check.added.get(asRef(fields.at(-1)) ?? -1);
  const kept = fields.length === before.length + 1 && before.every((n, i) => asRef(fields[i]) === n);
  if (!kept || !added) return check.fault('form /Fields');
  check.allowNew(added);
  if (added.stream || canonical(added.value) !== timestampField(timestamp))
    check.fault('the timestamp’s field');
}

const timestampField = (value: number): string =>
  `<<"F" 132 "FT" /"Sig" "Rect" [0 0 0 0] "Subtype" /"Widget" "T" ("${TIMESTAMP_FIELD}") "Type" /"Annot" "V" ${value}R>>`;
