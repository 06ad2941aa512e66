import { assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { ibanFits } from './iban.ts';

it('an IBAN never fits after one digit was mistyped', () => {
  const iban = 'DE89370400440532013000';
  assert(
    property(integer({ min: 4, max: 21 }), integer({ min: 1, max: 9 }), (at, by) => {
      const wrong = `${iban.slice(0, at)}${(Number(iban[at]) + by) % 10}${iban.slice(at + 1)}`;
      expect(ibanFits(wrong)).toBe(false);
    }),
  );
});
