import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GENESIS, chainHash, chainHashes } from './chain.ts';

const body = fc.string({ unit: 'binary', maxLength: 90 }).map((text) => text.replaceAll('\n', ' '));

it('hashes a batch as it hashes one body after the other, however short or foreign they are', () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 40 }), (bodies) => {
      let last = GENESIS;
      const one = bodies.map((text) => (last = chainHash(last, text)));
      expect(chainHashes(GENESIS, bodies.join('\n'))).toEqual(one);
    }),
  );
});

it('is sha256 over the hash before and the body, also beyond its first buffer', () => {
  const long = '煤'.repeat(100_000);
  const sha = createHash('sha256').update(Buffer.from(GENESIS, 'hex')).update(long).digest('hex');
  expect(chainHashes(GENESIS, `${long}\n{}`)).toEqual([sha, chainHash(sha, '{}')]);
});
