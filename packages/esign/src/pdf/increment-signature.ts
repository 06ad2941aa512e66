/** Revisions 1 to 3: one signature each, in the next empty field, shown inside that field's rectangle. */
import type { PdfFile, PdfObject } from './file.ts';
import type { Form, FormField } from './form.ts';
import type { Increment } from './increment.ts';
import { IncrementCheck, only, phrase } from './increment-check.ts';
import { dictionaryFaults, isSignatureDictionary, readSignatureDictionary } from './signature-dictionary.ts';
import { type PdfValue, asDict, asItems, asNumber, asRef, canonical, isName, references } from './values.ts';

/** Undefined when the revision signs no field of the form. */
export function describeSignature(file: PdfFile, index: number, form: Form): Increment | undefined {
  const { objects } = file.revisions[index]!;
  const found = [...objects.values()].find(isSignatureDictionary);
  const target = found && form.fields.find((field) => pointsTo(objects.get(field.object.number), found));
  if (!found || !target) return undefined;
  const signature = readSignatureDictionary(found);
  const next = form.fields.find((field) => field.value === undefined);
  const first = next?.name === form.fields[0]?.name;
  const check = new IncrementCheck(file, index);
  if (target !== next) check.fault(`${target.name} is not the field whose turn it is`);
  check.allowNew(found);
  dictionaryFaults(signature, first).forEach((fault) => check.fault(fault));
  checkField(check, target, found);
  if (first) {
    const catalog = check.catalog(form, 'Perms');
    const named = canonical(catalog?.get('Perms')) === `<<"DocMDP" ${found.number}R>>`;
    if (catalog && !named) check.fault('catalog /Perms');
  }
  return { kind: 'signature', field: target.name, signature, unexpected: check.finish() };
}

function checkField(check: IncrementCheck, before: FormField, signature: PdfObject): void {
  const after = check.allowChange(before.object, ['V', 'AP'], before.name);
  if (!after) return;
  if (asRef(after.get('V')) !== signature.number) check.fault(`${before.name} holds another value`);
  const appearance = asDict(after.get('AP'));
  const normal = check.added.get(asRef(appearance?.get('N')) ?? -1);
  if (!appearance || appearance.size !== 1 || !normal) check.fault(`appearance of ${before.name}`);
  else checkAppearance(check, normal, before);
}

/** A form no larger than the widget, drawing with fonts alone: the contract's own, or one that comes with it. */
function checkAppearance(check: IncrementCheck, object: PdfObject, field: FormField): void {
  check.allowNew(object);
  const dict = asDict(object.value);
  const resources = asDict(dict?.get('Resources'));
  const fonts = asDict(resources?.get('Font'));
  const shape = object.stream !== undefined && isName(dict?.get('Subtype'), 'Form') && only(dict, FORM_KEYS);
  if (!shape || resources?.size !== 1 || !fonts) return check.fault(`appearance of ${field.name}`);
  if (!fitsWidget(dict?.get('BBox'), field.dict.get('Rect')))
    check.fault(`appearance of ${field.name} /BBox`);
  for (const reference of references({ type: 'dict', entries: fonts })) {
    if (!check.isOriginalFont(reference)) checkFontPart(check, reference);
  }
}

function checkFontPart(check: IncrementCheck, number: number): void {
  if (check.isAllowed(number)) return;
  const object = check.added.get(number);
  const dict = asDict(object?.value);
  if (!object || !dict) return check.fault(`font refers to object ${number}`);
  check.allowNew(object);
  if (!only(dict, object.stream ? FONT_STREAM_KEYS : FONT_KEYS)) check.fault(`font part ${phrase(object)}`);
  for (const reference of references(object.value)) checkFontPart(check, reference);
}

const FORM_KEYS = new Set(['Type', 'Subtype', 'BBox', 'Resources', 'Filter', 'Length']);
const FONT_STREAM_KEYS = new Set(['Filter', 'Length', 'Length1']);
const FONT_KEYS = new Set(
  (
    'Type Subtype BaseFont Encoding DescendantFonts ToUnicode CIDToGIDMap CIDSystemInfo FontDescriptor W ' +
    'FontName Flags FontBBox ItalicAngle Ascent Descent CapHeight XHeight StemV FontFile2'
  ).split(' '),
);

function fitsWidget(box: PdfValue | undefined, rect: PdfValue | undefined): boolean {
  const [left, bottom, right, top] = asItems(box)?.map(asNumber) ?? [];
  const [x0, y0, x1, y1] = asItems(rect)?.map(asNumber) ?? [];
  if (right === undefined || top === undefined || x0 === undefined || x1 === undefined) return false;
  if (y0 === undefined || y1 === undefined) return false;
  // Rectangles are written with five decimals.
  const near = (a: number, b: number) => Math.abs(a - b) < 0.001;
  return left === 0 && bottom === 0 && near(right, x1 - x0) && near(top, y1 - y0);
}

function pointsTo(object: PdfObject | undefined, signature: PdfObject): boolean {
  return asRef(asDict(object?.value)?.get('V')) === signature.number;
}
