import { describe, expect, it } from 'vitest';
import { TEXT_MAX, verifyRecord } from './auction.ts';
import { toil } from './award.ts';
import { newTrial } from './trial.ts';

const codes = async (text: string): Promise<string[]> =>
  (await verifyRecord(text)).problems.map(({ code }) => code);

describe('what is no record has a code for it', () => {
  it('when it is no JSON, or was cut off', async () => {
    expect(await codes('')).toEqual(['record_not_json']);
    expect(await codes('\u0000\u0001garbage')).toEqual(['record_not_json']);
    expect(await codes('{"lines":[{"seq":1,"at"')).toEqual(['record_not_json']);
  });

  it('when it is JSON of something else', async () => {
    for (const text of ['null', '7', '"text"', '[]', '{}', '{"lines":7}', '{"lines":[null],"heads":[]}'])
      expect(await codes(text)).toContain('record_unreadable');
  });

  it('when it is nested without end, and brackets in texts are none', async () => {
    expect(await codes('['.repeat(1_000_000))).toEqual(['record_too_deep']);
    expect(await codes(`${'{"a":'.repeat(100_000)}1`)).toEqual(['record_too_deep']);
    expect(await codes(`{"a":"${'['.repeat(100)}\\"["}`)).toEqual(['record_unreadable']);
  });

  it('when it is larger than any auction', async () => {
    expect(await codes('a'.repeat(TEXT_MAX + 1))).toEqual(['record_too_large']);
  });

  it('when its lines would keep a reader busy for ever', () => {
    const trial = newTrial();
    for (let line = 0; line < 100; line += 1) toil(trial, 1_000);
    expect(() => toil(trial, 100_000_000)).toThrow(expect.objectContaining({ code: 'record_too_large' }));
  });
});
