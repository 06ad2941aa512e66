import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type LogLine, brokenAt } from './log-chain.ts';

const hash = (...parts: Buffer[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

function chain(names: readonly string[]): LogLine[] {
  let before: Buffer = Buffer.alloc(32);
  return names.map((name, index) => {
    const leaf = hash(Buffer.from(name));
    before = hash(before, leaf);
    return {
      seq: index + 1,
      serial: `0${index}`,
      organisationId: name,
      leafHash: leaf.toString('hex'),
      chainHash: before.toString('hex'),
      at: '2026-11-23T00:00:00.000Z',
    };
  });
}

describe('the chain of the certificate log', () => {
  const whole = chain(['root', 'issuing', 'a', 'b']);

  it('is whole when every line follows from the one before', async () => {
    expect(await brokenAt(whole)).toBeNull();
    expect(await brokenAt([])).toBeNull();
  });

  it('breaks at a line that was changed, taken out, put in or exchanged', async () => {
    const other = whole[0]!.leafHash;
    expect(await brokenAt(whole.with(2, { ...whole[2]!, leafHash: other }))).toBe(3);
    expect(await brokenAt(whole.toSpliced(1, 1))).toBe(2);
    expect(await brokenAt(whole.toSpliced(0, 1))).toBe(1);
    expect(await brokenAt([...whole.slice(0, 2), whole[3]!, whole[2]!])).toBe(3);
    expect(await brokenAt(whole.with(3, { ...whole[3]!, seq: 7 }))).toBe(4);
  });
});
