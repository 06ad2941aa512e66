import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('the pause before a new try', () => {
  it('is never nothing and never beyond the ceiling, whatever the die says', () => {
    expect(backoffMs(0, () => 0)).toBeGreaterThanOrEqual(50);
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, die) => {
          const pause = backoffMs(attempt, () => die);
          expect(pause).toBeGreaterThanOrEqual(50);
          expect(pause).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });
});
