/** DER encoding: each function returns one complete value. */
import { compareBytes, concat, utf8 } from './bytes.ts';

export function tlv(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concat([Uint8Array.of(tag), encodeLength(length), ...content]);
}

export const seq = (...members: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...members);

/** SET OF: members in DER order, whatever order they are given in. */
export const setOf = (...members: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...sorted(members));

export const sorted = (members: readonly Uint8Array[]): Uint8Array[] => [...members].sort(compareBytes);

/** Context-specific constructed tag `[n]`. */
export const context = (n: number, ...content: readonly Uint8Array[]): Uint8Array =>
  tlv(0xa0 + n, ...content);

/** Context-specific primitive tag `[n]`. */
export const contextPrimitive = (n: number, content: Uint8Array): Uint8Array => tlv(0x80 + n, content);

export const nullValue = (): Uint8Array => Uint8Array.of(5, 0);

export const bool = (value: boolean): Uint8Array => tlv(0x01, Uint8Array.of(value ? 0xff : 0));

export const octets = (content: Uint8Array): Uint8Array => tlv(0x04, content);

export const bits = (content: Uint8Array, unused = 0): Uint8Array =>
  tlv(0x03, Uint8Array.of(unused), content);

export const utf8String = (text: string): Uint8Array => tlv(0x0c, utf8(text));

export const printableString = (text: string): Uint8Array => tlv(0x13, utf8(text));

/** INTEGER from a magnitude: leading zeros are dropped, a sign octet added where the top bit is set. */
export function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  return (digits[0] ?? 0) > 0x7f ? tlv(0x02, Uint8Array.of(0), digits) : tlv(0x02, digits);
}

/** INTEGER of a small non-negative number. */
export function integer(value: number): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return unsignedInteger(Uint8Array.from(even.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const out: number[] = [];
  for (const arc of [40 * first + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) + 128);
    }
    out.push(...groups);
  }
  return tlv(0x06, Uint8Array.from(out));
}

/** Time as RFC 5280 wants it: UTCTime until 2049, GeneralizedTime after; whole seconds. */
export function time(ms: number): Uint8Array {
  const text = compactTime(ms);
  return Number(text.slice(0, 4)) < 2050 ? tlv(0x17, utf8(text.slice(2))) : tlv(0x18, utf8(text));
}

export const generalizedTime = (ms: number): Uint8Array => tlv(0x18, utf8(compactTime(ms)));

function compactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const digits: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return Uint8Array.of(0x80 + digits.length, ...digits);
}
