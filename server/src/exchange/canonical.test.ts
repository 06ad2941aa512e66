import type { CommandBody } from '@seam/engine';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { createHash } from 'node:crypto';
import { GENESIS, chainHash, commandText, commandTextOf, decodeBody, encodeEntry } from './chain.ts';
import { pend } from './pending.ts';
import { bid } from './testing/market.ts';
import type { JournalEntry } from './types.ts';

type PlaceBid = Extract<CommandBody, { type: 'place_bid' }>;

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

  it('does not remember every set of keys it was ever shown', () => {
    const many = Object.fromEntries(Array.from({ length: 12_000 }, (_, i) => [`k${i}`, i]));
    expect(JSON.parse(canonicalJson(many))).toEqual(many);
    expect(canonicalJson({ z: 1, a: 2 })).toBe('{"a":2,"z":1}');
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
  const options = {
    previous: GENESIS,
    command: commandText(body),
    engineVersion: 'v',
    fingerprint: undefined,
  };
  const encoded = encodeEntry(entry, options);

  it('gives back what was written, and the command as it came in', () => {
    expect(decodeBody(encoded.body)).toEqual(entry);
    expect(commandTextOf(decodeBody(encoded.body))).toBe(commandText(body));
    expect(encoded.body).toBe(canonicalJson(JSON.parse(encoded.body)));
  });

  it('also of entries that say the stamp of their command twice, as older ones do', () => {
    const older = JSON.parse(encoded.body) as { cmd: object };
    expect(decodeBody(JSON.stringify({ ...older, cmd: { ...older.cmd, seq: 7, at: 1_000 } }))).toEqual(entry);
  });

  it('writes what a bid and its acceptance both say once, and tells both in full', () => {
    const { auctionId, accountId, price, quantity, minimumAcceptable } = body as PlaceBid;
    const bid = { auctionId, accountId, price, quantity, minimumAcceptable };
    const outcome = { allocated: quantity, rank: 1, marginalPrice: null, standingChanged: true };
    const accepted = { type: 'bid_accepted', ...bid, ...outcome } as const;
    const extended = { type: 'auction_extended', auctionId, closesAt: 9 as never, extensions: 1 } as const;
    const others = [
      { ...accepted, auctionId: 'b' },
      { ...accepted, accountId: 'y' },
      { ...accepted, price: 901 as never },
      { ...accepted, quantity: 2 as never },
      { ...accepted, minimumAcceptable: 1 as never },
    ];
    for (const first of [accepted, ...others]) {
      for (const events of [[first], [first, extended]]) {
        const told = { ...entry, events };
        const written = encodeEntry(told, options).body;
        expect(decodeBody(written)).toEqual(told);
        expect(decodeBody(canonicalJson({ ...JSON.parse(written), events }))).toEqual(told);
        const [said] = (JSON.parse(written) as { events: object[] }).events;
        expect(said).toEqual(first === accepted ? { type: 'bid_accepted', ...outcome } : first);
      }
    }
  });

  it('is sha256 over the hash before and the bytes, whatever characters and however long', () => {
    for (const text of ['', 'a', 'é漢\u{1f600}', 'x'.repeat(200_000), '漢'.repeat(90_000), encoded.body]) {
      const previous = chainHash(GENESIS, text);
      const whole = Buffer.concat([Buffer.from(previous, 'hex'), Buffer.from(text)]);
      expect(chainHash(previous, text)).toBe(createHash('sha256').update(whole).digest('hex'));
    }
  });

  it('takes only names that are the same bytes in memory, in JSON and in the database', () => {
    for (const name of ['', 'a b', 'a\0b', 'é', '\ud800', 'x'.repeat(129)]) {
      expect(() => pend({ actor: name, cmdId: 'k', body }, 0)).toThrow(RangeError);
      expect(() => pend({ actor: 'a', cmdId: name, body }, 0)).toThrow(RangeError);
    }
  });
});
