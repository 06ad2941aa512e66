import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
import { DerError, readBigInt, readDer, readOid, readText, readTime, readWhole } from './reader.ts';
import {
  generalizedTime,
  integer,
  octets,
  oid,
  setOf,
  time,
  tlv,
  unsignedInteger,
  utf8String,
} from './writer.ts';

const bytes = fc.uint8Array({ maxLength: 700 });

describe('DER', () => {
  it('reads back what it writes', () => {
    /** The property with its answer thrown away: fast-check takes any value for a verdict. */
    const always = <T>(values: fc.Arbitrary<T>, check: (value: T) => void) =>
      fc.assert(fc.property(values, (value) => check(value)));
    always(bytes, (content) => void expect(readWhole(octets(content), 0x04).content).toEqual(content));
    always(bytes, (content) => void expect(fromHex(toHex(content))).toEqual(content));
    always(bytes, (content) => void expect(fromBase64(toBase64(content))).toEqual(content));
    always(
      fc.string({ unit: 'grapheme' }),
      (text) => void expect(readText(readWhole(utf8String(text)))).toBe(text),
    );
    always(fc.nat(), (n) => void expect(readBigInt(readWhole(integer(n)))).toBe(BigInt(n)));
    always(fc.uint8Array({ minLength: 1, maxLength: 40 }), (n) => {
      expect(readBigInt(readWhole(unsignedInteger(n)))).toBe(BigInt(`0x${toHex(n)}`));
    });
    always(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.nat(39), fc.array(fc.nat(), { maxLength: 8 })),
      ([a, b, rest]) => {
        const dotted = [a, b, ...rest].join('.');
        expect(readOid(readWhole(oid(dotted)))).toBe(dotted);
      },
    );
    always(fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(2200, 0) / 1000 }), (second) => {
      expect(readTime(readWhole(time(second * 1000)))).toBe(second * 1000);
      expect(readTime(readWhole(generalizedTime(second * 1000)))).toBe(second * 1000);
    });
  });

  it('writes a set in one order, whatever order its members come in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 6 }), (contents) => {
        const members = contents.map(octets);
        expect(setOf(...members)).toEqual(setOf(...members.toReversed()));
      }),
    );
  });

  it.each([
    ['an indefinite length', '30800000'],
    ['a length that is not minimal', '04810100'],
    ['a length with leading zero', `04820080${'00'.repeat(128)}`],
    ['a value that is cut', '040500'],
    ['a tag of several bytes', '1f8100'],
    ['bytes after the value', '040000'],
    ['nothing', ''],
  ])('refuses %s', (_, hex) => {
    expect(() => readWhole(fromHex(hex))).toThrow(DerError);
  });

  it.each([
    ['an integer that is not minimal', () => readBigInt(readDer(fromHex('02020001')))],
    ['an empty integer', () => readBigInt(readDer(fromHex('0200')))],
    ['an identifier that is cut', () => readOid(readDer(fromHex('060281')))],
    ['an identifier that is not minimal', () => readOid(readDer(fromHex('06032a8001')))],
    [
      'a time with fraction',
      () => readTime(readDer(tlv(0x18, new TextEncoder().encode('20260101000000.5Z')))),
    ],
    ['30 February', () => readTime(readDer(tlv(0x18, new TextEncoder().encode('20260230000000Z'))))],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(DerError);
  });

  it('answers any bytes with a value or a DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
        try {
          readDer(content);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
