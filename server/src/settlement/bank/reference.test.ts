import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReference, newReference, referencesIn, withCheckDigits } from './reference.ts';

const digit = fc.constantFrom(...'0123456789');
const body = fc.string({ unit: digit, minLength: 16, maxLength: 16 });

describe('a deposit reference', () => {
  it('has the check digits of ISO 11649', () => {
    expect(withCheckDigits('539007547034')).toBe('RF18539007547034');
    expect(isReference('RF18539007547034')).toBe(true);
    for (let n = 0; n < 20; n += 1) expect(isReference(newReference())).toBe(true);
  });

  it('with one wrong digit or two swapped neighbours is none', () => {
    fc.assert(
      fc.property(body, fc.integer({ min: 2, max: 19 }), digit, (text, at, other) => {
        const good = withCheckDigits(text);
        const wrong = good.slice(0, at) + other + good.slice(at + 1);
        if (good[at] !== other) expect(isReference(wrong)).toBe(false);
        const next = good[at + 1];
        if (next === undefined || next === good[at]) return;
        expect(isReference(good.slice(0, at) + next + good[at] + good.slice(at + 2))).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('is found in lower case, in groups of four, between words, and with text run into it', () => {
    fc.assert(
      fc.property(body, (text) => {
        const reference = withCheckDigits(text);
        const grouped = reference.replaceAll(/(.{4})/g, '$1 ').trim();
        const ways = [
          reference.toLowerCase(),
          grouped,
          `Coal lot 7, ${grouped}`,
          `ref:${reference}/x`,
          `${reference}DEPOSIT`,
        ];
        for (const written of ways) expect(referencesIn([written])).toContain(reference);
      }),
    );
  });

  it('is not found where there is none, nor beyond what a bank can carry', () => {
    expect(referencesIn(['', 'RF', 'RF00', 'payment of invoice 17', 'RF19539007547034'])).toEqual([]);
    expect(referencesIn([`${'x '.repeat(400)}RF18539007547034`])).toEqual([]);
  });
});
