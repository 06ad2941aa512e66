/**
 * Says what an appended revision does to the document.
 *
 * The profile lets an increment do one thing: put one signature into the next empty field, with its
 * appearance inside the field's own rectangle. The client asks this before it signs and the verifier asks
 * it after: the same function, so what would not verify is never signed.
 */
import type { PdfFile, PdfObject } from './file.ts';
import { type Form, type FormField, readForm } from './form.ts';
import type { SignatureField } from './profile.ts';
import {
  type SignatureDictionary,
  dictionaryFaults,
  isSignatureDictionary,
  readSignatureDictionary,
} from './signature-dictionary.ts';
import {
  type PdfDict,
  type PdfValue,
  asDict,
  asItems,
  asNumber,
  asRef,
  canonical,
  isName,
  references,
} from './values.ts';

export type Increment = {
  /** The field the revision signs; undefined when it signs none. */
  readonly field: SignatureField | undefined;
  readonly signature: SignatureDictionary | undefined;
  /** Everything beside the one signature, one phrase each; empty when the increment is of the profile. */
  readonly unexpected: readonly string[];
};

/** `index` is the revision's place in the file, at least 1. */
export function describeIncrement(file: PdfFile, index: number): Increment {
  const form = readForm(file, index - 1);
  if (typeof form === 'string') return { field: undefined, signature: undefined, unexpected: [form] };
  const revision = file.revisions[index]!;
  const found = [...revision.objects.values()].find(isSignatureDictionary);
  const target =
    found && form.fields.find((field) => pointsTo(revision.objects.get(field.object.number), found));
  if (!found || !target) {
    const check = new IncrementCheck(file, index);
    check.trailer();
    const unexpected = check.finish();
    // Even a revision of nothing is not the file that was signed.
    return {
      field: undefined,
      signature: undefined,
      unexpected: unexpected.length > 0 ? unexpected : ['an empty revision'],
    };
  }
  const signature = readSignatureDictionary(found);
  const next = form.fields.find((field) => field.value === undefined);
  const first = next?.name === form.fields[0]?.name;
  const check = new IncrementCheck(file, index);
  if (target !== next) check.fault(`${target.name} is not the field whose turn it is`);
  check.allowNew(found);
  dictionaryFaults(signature, first).forEach((fault) => check.fault(fault));
  check.field(target, found);
  if (first) check.catalog(form, found);
  check.trailer();
  return { field: target.name, signature, unexpected: check.finish() };
}

class IncrementCheck {
  readonly #file: PdfFile;
  readonly #index: number;
  readonly #added: ReadonlyMap<number, PdfObject>;
  readonly #sizeBefore: number;
  readonly #allowed = new Set<number>();
  readonly #faults: string[] = [];

  constructor(file: PdfFile, index: number) {
    this.#file = file;
    this.#index = index;
    this.#added = file.revisions[index]!.objects;
    this.#sizeBefore = asNumber(file.revisions[index - 1]!.trailer.get('Size')) ?? 0;
  }

  fault(text: string): void {
    this.#faults.push(text);
  }

  /** An object that may be there because something allowed refers to it; it must not replace an old one. */
  allowNew(object: PdfObject): void {
    this.#allowed.add(object.number);
    if (object.number < this.#sizeBefore) this.fault(`object ${object.number} is replaced`);
  }

  field(before: FormField, signature: PdfObject): void {
    const { number } = before.object;
    const after = asDict(this.#added.get(number)?.value);
    if (!after) return;
    this.#allowed.add(number);
    this.#sameBut(before.dict, after, ['V', 'AP'], before.name);
    if (asRef(after.get('V')) !== signature.number) this.fault(`${before.name} holds another value`);
    const appearance = asDict(after.get('AP'));
    const normal = this.#added.get(asRef(appearance?.get('N')) ?? -1);
    if (!appearance || appearance.size !== 1 || !normal) this.fault(`appearance of ${before.name}`);
    else this.#appearance(normal, before);
  }

  catalog(form: Form, signature: PdfObject): void {
    const { number } = form.catalog;
    const after = asDict(this.#added.get(number)?.value);
    if (!after) return this.fault('the catalog does not name the first signature in /Perms');
    this.#allowed.add(number);
    this.#sameBut(asDict(form.catalog.value) ?? new Map(), after, ['Perms'], 'catalog');
    if (canonical(after.get('Perms')) !== `<<"DocMDP" ${signature.number}R>>`) this.fault('catalog /Perms');
  }

  trailer(): void {
    const before = this.#file.revisions[this.#index - 1]!.trailer;
    const after = this.#file.revisions[this.#index]!.trailer;
    for (const key of ['Root', 'Info']) {
      if (canonical(before.get(key)) !== canonical(after.get(key))) this.fault(`trailer /${key}`);
    }
    if (canonical(asItems(before.get('ID'))?.[0]) !== canonical(asItems(after.get('ID'))?.[0])) {
      this.fault('trailer /ID');
    }
  }

  finish(): readonly string[] {
    const rest = [...this.#added.values()].filter((object) => !this.#allowed.has(object.number));
    return [...this.#faults, ...rest.map(phrase)];
  }

  #sameBut(before: PdfDict, after: PdfDict, except: readonly string[], where: string): void {
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      if (except.includes(key)) continue;
      if (canonical(before.get(key)) !== canonical(after.get(key))) this.fault(`${where} /${key}`);
    }
  }

  /** A form no larger than the widget, drawing with fonts alone. */
  #appearance(object: PdfObject, field: FormField): void {
    this.allowNew(object);
    const dict = asDict(object.value);
    const fonts = asDict(asDict(dict?.get('Resources'))?.get('Font'));
    const resources = asDict(dict?.get('Resources'));
    const shape =
      object.stream !== undefined && isName(dict?.get('Subtype'), 'Form') && only(dict, FORM_KEYS);
    if (!shape || resources?.size !== 1 || !fonts) return this.fault(`appearance of ${field.name}`);
    if (!fitsWidget(dict?.get('BBox'), field.dict.get('Rect')))
      this.fault(`appearance of ${field.name} /BBox`);
    for (const reference of references({ type: 'dict', entries: fonts })) this.#fontPart(reference);
  }

  #fontPart(number: number): void {
    if (this.#allowed.has(number)) return;
    const object = this.#added.get(number);
    const dict = asDict(object?.value);
    if (!object || !dict) return this.fault(`font refers to object ${number}`);
    this.allowNew(object);
    const allowed = object.stream ? FONT_STREAM_KEYS : FONT_KEYS;
    if (!only(dict, allowed)) this.fault(`font part ${phrase(object)}`);
    for (const reference of references(object.value)) this.#fontPart(reference);
  }
}

const FORM_KEYS = new Set(['Type', 'Subtype', 'BBox', 'Resources', 'Filter', 'Length']);
const FONT_STREAM_KEYS = new Set(['Filter', 'Length', 'Length1']);
const FONT_KEYS = new Set(
  (
    'Type Subtype BaseFont Encoding DescendantFonts ToUnicode CIDToGIDMap CIDSystemInfo FontDescriptor W ' +
    'FontName Flags FontBBox ItalicAngle Ascent Descent CapHeight XHeight StemV FontFile2'
  ).split(' '),
);

function only(dict: PdfDict | undefined, keys: ReadonlySet<string>): boolean {
  return dict !== undefined && [...dict.keys()].every((key) => keys.has(key));
}

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

/** Names an object by its number and keys, for a person who must judge the change. */
function phrase(object: PdfObject): string {
  const dict = asDict(object.value);
  const keys = dict ? [...dict.keys()].slice(0, 8).map((key) => `/${key}`) : [object.value.type];
  return `object ${object.number} (${keys.join(' ')})`;
}
