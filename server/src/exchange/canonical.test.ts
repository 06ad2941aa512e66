import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { GENESIS, chainHash, commandHash, decodeRow, encodeEntry, JournalCorrupt } from './chain.ts';
import { pend } from './pending.ts';
import { bid } from './testing/market.ts';
import type { JournalEntry } from './types.ts';

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value;

describe('canonical text', () => {
  it('is JSON of the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: 1, a: [{ d: 'é\n', c: null }] })).toBe('{"a":[{"c":null,"d":"é\\n"}],"b":1}');
  });

  it('refuses what it could not give back exactly', () => {
    for (const value of [0.5, -0, Number.NaN, 2 ** 53, undefined, 1n, () => 1, [undefined]]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });
});

describe('the chain', () => {
  const { body, actor, cmdId } = bid({ auctionId: 'a', by: 'x', price: 900, cmdId: 'k' });
  const command = { ...body, seq: 7, at: 1_000 as never };
  const entry: JournalEntry = { shard: 3, seq: 7, epoch: 2, at: 1_000, actor, cmdId, command, events: [] };
  const encoded = encodeEntry(entry, { previous: GENESIS, cmdHash: commandHash(body), engineVersion: 'v' });
  const place = { shard: 3, seq: 7, previous: GENESIS };

  it('gives back what was written', () => {
    expect(decodeRow(encoded, place)).toEqual(entry);
    expect(encoded.hash).toEqual(chainHash(GENESIS, encoded.body));
  });

  it('breaks on any change, even one whose own hash was mended', () => {
    const other = Buffer.alloc(32, 1);
    expect(() => decodeRow(encoded, { ...place, previous: other })).toThrow(JournalCorrupt);
    expect(() => decodeRow({ ...encoded, hash: other }, place)).toThrow(JournalCorrupt);
    for (const change of [{ seq: 8 }, { epoch: 3 }, { at: 1_001 }, { actor: 'y' }, { cmdId: 'l' }]) {
      expect(() => decodeRow({ ...encoded, ...change }, place)).toThrow(JournalCorrupt);
    }
    // Moved to another shard or place with its columns and hash in order.
    expect(() => decodeRow(encoded, { ...place, shard: 4 })).toThrow(/columns differ/);
    const moved = { ...encoded, seq: 8 };
    expect(() => decodeRow(moved, { ...place, seq: 8 })).toThrow(/columns differ/);
  });

  it('takes only names that are the same bytes in memory, in JSON and in the database', () => {
    for (const name of ['', 'a b', 'a\0b', 'é', '\ud800', 'x'.repeat(129)]) {
      expect(() => pend({ actor: name, cmdId: 'k', body }, 0)).toThrow(RangeError);
      expect(() => pend({ actor: 'a', cmdId: name, body }, 0)).toThrow(RangeError);
    }
  });
});
