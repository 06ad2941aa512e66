import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

it('gives the digest of the standard for every length around a block and any text', () => {
  const known = (text: string): string => createHash('sha256').update(text).digest('hex');
  for (let length = 0; length < 200; length++) {
    const text = 'x'.repeat(length);
    expect(sha256(text)).toBe(known(text));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => sha256(text) === known(text)),
    { numRuns: 200 },
  );
});
