/** PDF values and a strict parser for the plain syntax that the exchange profile writes (ISO 32000-1, 7.3). */
import { latin1 } from '../der/bytes.ts';

export type PdfValue =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'name'; readonly value: string }
  | { readonly type: 'string'; readonly bytes: Uint8Array; readonly start: number; readonly end: number }
  | {
      readonly type: 'array';
      readonly items: readonly PdfValue[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly type: 'dict'; readonly entries: ReadonlyMap<string, PdfValue> }
  | { readonly type: 'ref'; readonly number: number };

export type PdfDict = ReadonlyMap<string, PdfValue>;

/** The file is not of the exchange profile; the message says where. */
export class PdfSyntaxError extends Error {
  override readonly name = 'PdfSyntaxError';
}

/** What a byte is, looked up: most of a contract's bytes are hexadecimal digits, read again and again. */
const REGULAR = 0;
const WHITESPACE = 1;
const DELIMITER = 2;
const KINDS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) KINDS[byte] = WHITESPACE;
for (const character of '()<>[]{}/%') KINDS[character.charCodeAt(0)] = DELIMITER;

const NOT_HEX = 255;
const HEX = new Uint8Array(256).fill(NOT_HEX);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const NESTING_MAX = 32;

/** Reads values from `bytes`, from `at` on. Comments are not part of the profile. */
export class PdfReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  skipWhitespace(): void {
    while (this.at < this.bytes.length && KINDS[this.bytes[this.at]!] === WHITESPACE) this.at++;
  }

  fail(what: string): never {
    throw new PdfSyntaxError(`${what} at byte ${this.at}`);
  }

  /** Whether the exact characters stand here. */
  isAt(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** True, and past it, when the exact characters stand here. */
  take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${JSON.stringify(text)}`);
  }

  /** An unsigned decimal integer of at most ten digits. */
  unsigned(): number {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at++;
    if (this.at === start || this.at - start > 10) this.fail('expected an integer');
    return Number(latin1(this.bytes, start, this.at));
  }

  value(depth = 0): PdfValue {
    if (depth > NESTING_MAX) this.fail('nested too deeply');
    this.skipWhitespace();
    const first = this.bytes[this.at];
    if (first === 0x2f) return { type: 'name', value: this.name() };
    if (first === 0x28) return this.literal();
    if (first === 0x5b) return this.array(depth);
    if (first === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.dict(depth) : this.hexString();
    if (first !== undefined && (isDigit(first) || first === 0x2d || first === 0x2e || first === 0x2b)) {
      return this.numberOrReference();
    }
    const word = this.word();
    if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
    if (word === 'null') return { type: 'null' };
    return this.fail(`unknown word ${JSON.stringify(word.slice(0, 20))}`);
  }

  word(): string {
    const start = this.at;
    while (isRegular(this.bytes[this.at])) this.at++;
    return latin1(this.bytes, start, this.at);
  }

  name(): string {
    this.expect('/');
    const word = this.word();
    if (!word.includes('#')) return word;
    return word.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  dict(depth: number): { readonly type: 'dict'; readonly entries: Map<string, PdfValue> } {
    this.expect('<<');
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipWhitespace();
      if (this.take('>>')) return { type: 'dict', entries };
      const key = this.name();
      // Two readings of one key would let two viewers see two documents.
      if (entries.has(key)) this.fail(`key /${key} twice`);
      entries.set(key, this.value(depth + 1));
    }
  }

  private array(depth: number): PdfValue {
    const start = this.at++;
    const items: PdfValue[] = [];
    for (;;) {
      this.skipWhitespace();
      if (this.take(']')) return { type: 'array', items, start, end: this.at };
      items.push(this.value(depth + 1));
    }
  }

  private hexString(): PdfValue {
    const start = this.at;
    const close = this.bytes.indexOf(0x3e, start);
    if (close < 0) this.fail('string without end');
    const out = new Uint8Array((close - start) >> 1);
    let digits = 0;
    for (let i = start + 1; i < close; i++) {
      const byte = this.bytes[i]!;
      const digit = HEX[byte]!;
      if (digit === NOT_HEX) {
        if (KINDS[byte] !== WHITESPACE) this.fail('bad hexadecimal string');
        continue;
      }
      out[digits >> 1]! |= digits % 2 === 0 ? digit << 4 : digit;
      digits++;
    }
    this.at = close + 1;
    return { type: 'string', bytes: out.subarray(0, (digits + 1) >> 1), start, end: this.at };
  }

  private literal(): PdfValue {
    const start = this.at++;
    const out: number[] = [];
    for (let open = 1; ;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) this.fail('string without end');
      if (byte === 0x5c) {
        this.escape(out);
        continue;
      }
      if (byte === 0x28) open++;
      if (byte === 0x29 && --open === 0) break;
      out.push(byte);
    }
    return { type: 'string', bytes: Uint8Array.from(out), start, end: this.at };
  }

  private escape(out: number[]): void {
    const byte = this.bytes[this.at++];
    const plain = '()\\'.indexOf(String.fromCharCode(byte ?? 0));
    const control = 'nrtbf'.indexOf(String.fromCharCode(byte ?? 0));
    if (byte === undefined) this.fail('string without end');
    else if (plain >= 0) out.push(byte);
    else if (control >= 0) out.push([10, 13, 9, 8, 12][control]!);
    else this.fail('escape outside the profile');
  }

  private numberOrReference(): PdfValue {
    const start = this.at;
    const text = this.word();
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) this.fail(`bad number ${JSON.stringify(text.slice(0, 20))}`);
    if (/^[1-9]\d{0,8}$/.test(text)) {
      const afterNumber = this.at;
      if (this.take(' 0 R') && !isRegular(this.bytes[this.at])) return { type: 'ref', number: Number(text) };
      this.at = afterNumber;
    }
    if (this.at - start > 24) this.fail('number is too long');
    return { type: 'number', value: Number(text) };
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && KINDS[byte] === REGULAR;
}

/** One text for one value: equal values have equal texts, whatever their spelling in the file. */
export function canonical(value: PdfValue | undefined): string {
  switch (value?.type) {
    case undefined:
      return 'none';
    case 'null':
      return 'null';
    case 'boolean':
    case 'number':
      return String(value.value);
    case 'name':
      return `/${JSON.stringify(value.value)}`;
    case 'string':
      return `(${JSON.stringify(latin1(value.bytes))})`;
    case 'ref':
      return `${value.number}R`;
    case 'array':
      return `[${value.items.map(canonical).join(' ')}]`;
    case 'dict':
      return `<<${[...value.entries]
        .map(([key, entry]) => `${JSON.stringify(key)} ${canonical(entry)}`)
        .sort()
        .join(' ')}>>`;
  }
}

/** Every reference inside a value. */
export function references(value: PdfValue): number[] {
  if (value.type === 'ref') return [value.number];
  if (value.type === 'array') return value.items.flatMap(references);
  if (value.type === 'dict') return [...value.entries.values()].flatMap(references);
  return [];
}

export const isName = (value: PdfValue | undefined, name: string): boolean =>
  value?.type === 'name' && value.value === name;

export const asNumber = (value: PdfValue | undefined): number | undefined =>
  value?.type === 'number' ? value.value : undefined;

export const asRef = (value: PdfValue | undefined): number | undefined =>
  value?.type === 'ref' ? value.number : undefined;

export const asDict = (value: PdfValue | undefined): PdfDict | undefined =>
  value?.type === 'dict' ? value.entries : undefined;

export const asItems = (value: PdfValue | undefined): readonly PdfValue[] | undefined =>
  value?.type === 'array' ? value.items : undefined;

/** A text string: UTF-16BE with its mark, else one character per byte. */
export function asText(value: PdfValue | undefined): string | undefined {
  if (value?.type !== 'string') return undefined;
  const { bytes } = value;
  if (bytes[0] !== 0xfe || bytes[1] !== 0xff) return latin1(bytes);
  return new TextDecoder('utf-16be').decode(bytes.subarray(2));
}
