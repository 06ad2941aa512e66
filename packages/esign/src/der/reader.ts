/**
 * A strict DER reader: definite, minimal lengths and one-byte tags only.
 *
 * Everything in a certificate, request or signature of the exchange profile fits in that; what does not
 * is refused by `DerError` rather than understood in two ways.
 */
import { fromUtf8, latin1, toHex } from './bytes.ts';

export class DerError extends Error {
  override readonly name = 'DerError';
}

export type DerNode = {
  /** The identifier octet with class and constructed bit, such as 0x30 for SEQUENCE. */
  readonly tag: number;
  /** Identifier, length and content. */
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
};

/** Reads one value at `offset`; what follows it is left alone. */
export function readDer(bytes: Uint8Array, offset = 0): DerNode {
  const tag = byteAt(bytes, offset);
  if ((tag & 0x1f) === 0x1f) throw new DerError('multi-byte tag');
  const first = byteAt(bytes, offset + 1);
  let length = first;
  let header = 2;
  if (first > 0x7f) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError('indefinite or oversized length');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + byteAt(bytes, offset + 2 + i);
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length is not minimal');
    header += count;
  }
  const end = offset + header + length;
  if (end > bytes.length) throw new DerError('value runs past the end');
  return { tag, raw: bytes.subarray(offset, end), content: bytes.subarray(offset + header, end) };
}

/** Reads a value that must fill `bytes` exactly. */
export function readWhole(bytes: Uint8Array, tag?: number): DerNode {
  const node = readDer(bytes);
  if (node.raw.length !== bytes.length) throw new DerError('bytes after the value');
  return tag === undefined ? node : expectTag(node, tag);
}

export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (!node || node.tag !== tag) {
    throw new DerError(`expected tag ${tag.toString(16)}, found ${node ? node.tag.toString(16) : 'nothing'}`);
  }
  return node;
}

/** The values inside a constructed one. */
export function children(node: DerNode): DerNode[] {
  if ((node.tag & 0x20) === 0) throw new DerError('a primitive value has no members');
  const members: DerNode[] = [];
  for (let offset = 0; offset < node.content.length;) {
    const member = readDer(node.content, offset);
    members.push(member);
    offset += member.raw.length;
  }
  return members;
}

export function sequence(node: DerNode | undefined): DerNode[] {
  return children(expectTag(node, 0x30));
}

/** Dotted object identifier. */
export function readOid(node: DerNode | undefined): string {
  const { content } = expectTag(node, 0x06);
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    if (value > 2 ** 45) throw new DerError('object identifier arc is too large');
    if (value === 0 && byte === 0x80) throw new DerError('object identifier arc is not minimal');
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  const first = arcs.shift();
  if (first === undefined || (content.at(-1) ?? 0x80) > 0x7f) throw new DerError('object identifier is cut');
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...arcs].join('.');
}

/** Content octets of an INTEGER, refused when not minimal. */
export function readInteger(node: DerNode | undefined): Uint8Array {
  const { content } = expectTag(node, 0x02);
  const [first, second] = content;
  if (first === undefined) throw new DerError('empty integer');
  if (second !== undefined && (first === 0 || first === 0xff) && (first & 0x80) === (second & 0x80)) {
    throw new DerError('integer is not minimal');
  }
  return content;
}

export function readBigInt(node: DerNode | undefined): bigint {
  const content = readInteger(node);
  const value = BigInt(`0x${toHex(content)}`);
  return (content[0] ?? 0) > 0x7f ? value - (1n << BigInt(8 * content.length)) : value;
}

export function readBoolean(node: DerNode | undefined): boolean {
  const { content } = expectTag(node, 0x01);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new DerError('not a boolean');
  return content[0] === 0xff;
}

/** A BIT STRING of whole octets. */
export function readBits(node: DerNode | undefined): Uint8Array {
  const { content } = expectTag(node, 0x03);
  if (content[0] !== 0) throw new DerError('bit string of partial octets');
  return content.subarray(1);
}

/** UTF8String, PrintableString or IA5String as text. */
export function readText(node: DerNode | undefined): string {
  if (node?.tag === 0x0c) return fromUtf8(node.content);
  if (node?.tag === 0x13 || node?.tag === 0x16) return latin1(node.content);
  throw new DerError('not a text of a supported type');
}

/** UTCTime or GeneralizedTime without fraction, in Z, as milliseconds since 1970. */
export function readTime(node: DerNode | undefined): number {
  if (node?.tag !== 0x17 && node?.tag !== 0x18) throw new DerError('not a time');
  const text = latin1(node.content);
  const full = node.tag === 0x18 ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (!parts) throw new DerError('not a time in the form YYYYMMDDHHMMSSZ');
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso.replace('Z', '.000Z')) {
    throw new DerError('not a time of the calendar');
  }
  return time;
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new DerError('cut off');
  return byte;
}
