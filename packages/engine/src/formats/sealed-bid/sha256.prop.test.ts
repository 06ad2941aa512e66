import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

const known = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('SHA-256', () => {
  it('gives the digests of the standard', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with the platform at every length around the ends of blocks', () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = 'q'.repeat(length);
      expect(sha256(text)).toBe(known(text));
    }
  });

  it('agrees with the platform on any text, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => sha256(text) === known(text)),
      { numRuns: 500 },
    );
    expect(sha256('煤\ud800😀')).toBe(known('煤\ud800😀'));
  });
});
