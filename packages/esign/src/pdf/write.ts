/**
 * Writes files of the exchange profile: revision 0 as a whole, later ones appended so that every byte
 * before them stays as it was signed.
 */
import { concat, toHex, utf8 } from '../der/bytes.ts';
import type { Revision } from './file.ts';
import { type PdfValue, asNumber } from './values.ts';

/** The serialised value of one object, without `n 0 obj` and `endobj`. */
export type NewObject = { readonly number: number; readonly body: Uint8Array };

export type Trailer = {
  readonly root: number;
  readonly info: number | undefined;
  /** Two identifiers of 16 bytes: of the file, and of this revision. */
  readonly id: readonly [Uint8Array, Uint8Array];
};

const HEADER = concat([utf8('%PDF-1.7\n%'), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3), utf8('\n')]);

export function writeFile(objects: readonly NewObject[], trailer: Trailer): Uint8Array {
  return concat([HEADER, section(HEADER.length, objects, trailer, undefined)]);
}

export function appendRevision(
  base: Uint8Array,
  last: Revision,
  objects: readonly NewObject[],
  trailer: Trailer,
): Uint8Array {
  return concat([base, section(base.length, objects, trailer, last)]);
}

function section(
  offset: number,
  objects: readonly NewObject[],
  trailer: Trailer,
  previous: Revision | undefined,
): Uint8Array {
  const ordered = [...objects].sort((a, b) => a.number - b.number);
  const parts: Uint8Array[] = [];
  const places = new Map<number, number>();
  let at = offset;
  for (const { number, body } of ordered) {
    const part = concat([utf8(`${number} 0 obj\n`), body, utf8('\nendobj\n')]);
    places.set(number, at);
    parts.push(part);
    at += part.length;
  }
  const size = Math.max(asNumber(previous?.trailer.get('Size')) ?? 1, (ordered.at(-1)?.number ?? 0) + 1);
  const [first, second] = trailer.id;
  const entries = [
    `/Size ${size}`,
    `/Root ${trailer.root} 0 R`,
    ...(trailer.info === undefined ? [] : [`/Info ${trailer.info} 0 R`]),
    `/ID [<${toHex(first)}> <${toHex(second)}>]`,
    ...(previous ? [`/Prev ${previous.xref}`] : []),
  ];
  parts.push(
    utf8(
      `${table(places, previous === undefined)}trailer\n<< ${entries.join(' ')} >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return concat(parts);
}

function table(places: ReadonlyMap<number, number>, first: boolean): string {
  let text = 'xref\n';
  const numbers = first ? [0, ...places.keys()] : [...places.keys()];
  for (let i = 0; i < numbers.length;) {
    let run = 1;
    while (numbers[i + run] === numbers[i]! + run) run++;
    text += `${numbers[i]} ${run}\n`;
    for (const number of numbers.slice(i, i + run)) {
      text +=
        number === 0 ? '0000000000 65535 f \n' : `${String(places.get(number)).padStart(10, '0')} 00000 n \n`;
    }
    i += run;
  }
  return text;
}

/** Writes a parsed value back. */
export function serialize(value: PdfValue): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'number':
      return decimal(value.value);
    case 'name':
      return nameText(value.value);
    case 'string':
      return `<${toHex(value.bytes)}>`;
    case 'ref':
      return `${value.number} 0 R`;
    case 'array':
      return `[${value.items.map(serialize).join(' ')}]`;
    case 'dict':
      return dictText([...value.entries].map(([key, entry]) => [key, serialize(entry)]));
  }
}

export function dictText(entries: readonly (readonly [string, string])[]): string {
  return `<< ${entries.map(([key, text]) => `${nameText(key)} ${text}`).join(' ')} >>`;
}

/** A text string in UTF-16BE, in hexadecimal. */
export function textString(text: string): string {
  let hex = 'feff';
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(4, '0');
  return `<${hex}>`;
}

/** A PDF date in UTC from milliseconds since 1970. */
export function dateString(ms: number): string {
  return `(D:${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z)`;
}

/** A stream object: `entries` must not name the length. */
export function streamBody(entries: readonly (readonly [string, string])[], content: Uint8Array): Uint8Array {
  const dict = dictText([...entries, ['Length', String(content.length)]]);
  return concat([utf8(`${dict}\nstream\n`), content, utf8('\nendstream')]);
}

const decimal = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toFixed(5)));

function nameText(name: string): string {
  return `/${name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
}
