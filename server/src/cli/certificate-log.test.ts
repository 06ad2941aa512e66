import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeLog } from './certificate-log.ts';

function chain(names: readonly string[]) {
  let before: Buffer = Buffer.alloc(32);
  return names.map((name, index) => {
    const leaf = createHash('sha256').update(name).digest();
    before = createHash('sha256').update(before).update(leaf).digest();
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

describe('the judge of a certificate log', () => {
  const whole = chain(['root', 'issuing', 'a', 'b']);
  const leafOf = (name: string): string => createHash('sha256').update(name).digest('hex');

  it('finds a whole chain valid, and in it the line of a certificate', () => {
    expect(judgeLog(whole)).toMatchObject({ valid: true, lines: 4, brokenAt: null });
    expect(judgeLog(whole, leafOf('a'))).toMatchObject({ valid: true, line: 3 });
  });
  it('finds a certificate that was never logged missing', () => {
    expect(judgeLog(whole, leafOf('twin'))).toMatchObject({ valid: false, brokenAt: null, line: null });
  });
  it('names the first line that was changed, taken out, put in or exchanged', () => {
    expect(judgeLog(whole.with(2, { ...whole[2]!, leafHash: leafOf('x') }))).toMatchObject({ brokenAt: 3 });
    expect(judgeLog(whole.toSpliced(1, 1))).toMatchObject({ valid: false, brokenAt: 2 });
    expect(judgeLog(whole.toSpliced(0, 1))).toMatchObject({ brokenAt: 1 });
    expect(judgeLog(whole.toSpliced(2, 0, whole[1]!))).toMatchObject({ brokenAt: 3 });
  });
});
