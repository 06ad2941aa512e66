/** Collects what an appended revision does beside what it may do. */
import type { PdfFile, PdfObject } from './file.ts';
import type { Form } from './form.ts';
import { type PdfDict, asDict, asItems, asNumber, canonical, isName } from './values.ts';

export class IncrementCheck {
  readonly added: ReadonlyMap<number, PdfObject>;
  readonly #file: PdfFile;
  readonly #index: number;
  readonly #sizeBefore: number;
  readonly #allowed = new Set<number>();
  readonly #faults: string[] = [];

  constructor(file: PdfFile, index: number) {
    this.#file = file;
    this.#index = index;
    this.added = file.revisions[index]!.objects;
    this.#sizeBefore = asNumber(file.revisions[index - 1]!.trailer.get('Size')) ?? 0;
  }

  fault(text: string): void {
    this.#faults.push(text);
  }

  isAllowed(number: number): boolean {
    return this.#allowed.has(number);
  }

  /** An object that may be there because something allowed refers to it; it must not replace an old one. */
  allowNew(object: PdfObject): void {
    this.#allowed.add(object.number);
    if (object.number < this.#sizeBefore) this.fault(`object ${object.number} is replaced`);
  }

  /** A font that the parties approved with revision 0; were it replaced, nothing would allow that. */
  isOriginalFont(number: number): boolean {
    const dict = asDict(this.#file.revisions[0]!.objects.get(number)?.value);
    return isName(dict?.get('Type'), 'Font') && isName(dict?.get('Subtype'), 'Type0');
  }

  /** An old object with other values for the keys named, and for no others. What it is now, if it is there. */
  allowChange(before: PdfObject, keys: readonly string[], where: string): PdfDict | undefined {
    const object = this.added.get(before.number);
    const after = asDict(object?.value);
    if (!object || !after) return undefined;
    this.#allowed.add(before.number);
    if (object.stream) this.fault(`${where} is a stream`);
    this.#sameBut(asDict(before.value) ?? new Map(), after, keys, where);
    return after;
  }

  /** The catalog with another value for one key; a fault when it does not change at all. */
  catalog(form: Form, key: string): PdfDict | undefined {
    const after = this.allowChange(form.catalog, [key], 'catalog');
    if (!after) this.fault(`the catalog does not name /${key}`);
    return after;
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

  /** Every fault and every object that nothing allows; `trailer` is part of it. */
  finish(): readonly string[] {
    this.trailer();
    const rest = [...this.added.values()].filter((object) => !this.#allowed.has(object.number));
    return [...this.#faults, ...rest.map(phrase)];
  }

  #sameBut(before: PdfDict, after: PdfDict, except: readonly string[], where: string): void {
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      if (except.includes(key)) continue;
      if (canonical(before.get(key)) !== canonical(after.get(key))) this.fault(`${where} /${key}`);
    }
  }
}

export function only(dict: PdfDict | undefined, keys: ReadonlySet<string>): dict is PdfDict {
  return dict !== undefined && [...dict.keys()].every((key) => keys.has(key));
}

/** Names an object by its number and keys, for a person who must judge the change. */
export function phrase(object: PdfObject): string {
  const dict = asDict(object.value);
  const keys = dict ? [...dict.keys()].slice(0, 8).map((key) => `/${key}`) : [object.value.type];
  return `object ${object.number} (${keys.join(' ')})`;
}
