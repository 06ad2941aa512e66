import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  CommandIndex,
  FINGERPRINT_BYTES,
  fingerprint,
  fingerprintAt,
  packFingerprints,
} from './command-index.ts';

describe('a fingerprint', () => {
  it('is the same for ever: the journal holds it', () => {
    expect(
      packFingerprints([fingerprint('org:1', 'a'), undefined, fingerprint('exchange', 'schedule.x')]),
    ).toEqual(Buffer.from(FROZEN, 'hex'));
  });

  it('tells ids apart that differ in one character, in length, or in where the actor ends', () => {
    const seen = new Set<string>();
    const add = (actor: string, id: string) =>
      seen.add(packFingerprints([fingerprint(actor, id)]).toString('hex'));
    let count = 0;
    for (let i = 0; i < 100_000; i += 1, count += 1) add('org:1', String(i));
    for (let i = 0; i < 100_000; i += 1, count += 1) add(`org:${i}`, 'x');
    for (let i = 0; i < 100_000; i += 1, count += 1) add('exchange', randomUUID());
    for (const [actor, id] of [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc', 'd'],
      ['abcd', '!'],
    ] as const) {
      add(actor, id);
      count += 1;
    }
    expect(seen.size).toBe(count);
  });

  it('comes back from the bytes, and an entry of the clock has none', () => {
    const one = fingerprint('org:1', 'a');
    const bytes = packFingerprints([undefined, one]);
    expect(fingerprintAt(bytes, 0)).toBeUndefined();
    expect(fingerprintAt(bytes, FINGERPRINT_BYTES)).toEqual(one);
  });
});

describe('the index', () => {
  it('finds every id it was given, through all its tables, and no other', () => {
    const index = new CommandIndex();
    const id = (i: number) => fingerprint(`org:${i % 50}`, `bid-${i}`);
    for (let i = 0; i < 50_000; i += 1) index.add(id(i), i + 1);
    expect(index.size).toBe(50_000);
    for (let i = 0; i < 50_000; i += 1) expect(index.find(id(i))).toEqual([i + 1]);
    for (let i = 50_000; i < 60_000; i += 1) expect(index.find(id(i))).toBeUndefined();
  });

  it('keeps every place of two ids that look alike', () => {
    const index = new CommandIndex();
    const one = fingerprint('a', 'b');
    index.add(one, 7);
    index.add({ ...one, low: one.low ^ 1 }, 8);
    index.add(one, 9);
    expect(index.find(one)).toEqual([7, 9]);
  });
});

const FROZEN = 'f032cd47d99efbf600000000000000009bbf66b05c907f28';
