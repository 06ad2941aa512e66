import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from './sample.ts';

const differences = fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: 3, maxLength: 60 });

describe('what deliveries were found to hold', () => {
  it('is nothing before there are three', () => {
    expect(sampleOf([-90, -90])).toBeUndefined();
    expect(sampleOf([-90, -90, -90])).toEqual({ deliveries: 3, mean: -90, low: -90, high: -90 });
  });

  it('is the textbook interval, never narrower', () => {
    // Mean 20, s 10: t(2) 4.303 × 10 / √3 = 24.84.
    expect(sampleOf([10, 20, 30])).toEqual({ deliveries: 3, mean: 20, low: -5, high: 45 });
    fc.assert(
      fc.property(differences, (run) => {
        const { mean, low, high } = sampleOf(run)!;
        const exact = run.reduce((sum, one) => sum + one, 0) / run.length;
        const variance = run.reduce((sum, one) => sum + (one - exact) ** 2, 0) / (run.length - 1);
        expect(Math.abs(mean - exact)).toBeLessThanOrEqual(0.5);
        expect(high - mean).toBeGreaterThanOrEqual(1.959 * Math.sqrt(variance / run.length));
        expect(mean - low).toBe(high - mean);
      }),
    );
  });

  it('does not depend on their order, and moves with them', () => {
    fc.assert(
      fc.property(differences, fc.integer({ min: -500, max: 500 }), (run, by) => {
        expect(sampleOf(run.toReversed())).toEqual(sampleOf(run));
        const [here, there] = [sampleOf(run)!, sampleOf(run.map((one) => one + by))!];
        // Half away from zero is not the same on both sides of it.
        expect(Math.abs(there.mean - here.mean - by)).toBeLessThanOrEqual(1);
        expect(there.high - there.mean).toBe(here.high - here.mean);
      }),
    );
  });
});
