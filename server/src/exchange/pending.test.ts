import { describe, expect, it } from 'vitest';
import { pend } from './pending.ts';
import type { Submission } from './types.ts';

const voiding = (reason: string): Submission => ({
  actor: 'staff',
  cmdId: 'command-1',
  body: { type: 'void_auction', auctionId: 'a', reason },
});

describe('a command', () => {
  it('with a text that PostgreSQL could not read back never reaches the journal', () => {
    for (const reason of ['\0', 'a\0b', '\ud800', 'x\udfff', '\\\0'])
      expect(() => pend(voiding(reason), 0), JSON.stringify(reason)).toThrow(TypeError);
  });

  it('with a text that only looks like one does', () => {
    for (const reason of ['\\u0000', '\\\\ud800', '😀', 'é\n\u0001'])
      expect(pend(voiding(reason), 0).text).toContain(JSON.stringify(reason));
  });
});
