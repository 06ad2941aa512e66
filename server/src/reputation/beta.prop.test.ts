import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL, ONE, USUAL, type Weighed, betaOf, decay, scoreOf } from './beta.ts';

const VECTORS = path.join(
  process.env['SEAM_SHARED'] ?? path.join(import.meta.dirname, '../../../../shared'),
  'domain/vectors.json',
);
const event = fc.record({
  ageDays: fc.integer({ min: 0, max: 2000 }),
  success: fc.integer({ min: 0, max: FULL }),
  value: fc.bigInt({ min: 0n, max: 5000n }),
});
const events = fc.array(event, { maxLength: 30 });
const score = (of: readonly Weighed[]): number => scoreOf(betaOf(of));

describe('what events say of a company', () => {
  it('is the worked example to the last digit', () => {
    const run = [
      { ageDays: 0, success: FULL, value: USUAL },
      { ageDays: 180, success: FULL / 2, value: USUAL },
      { ageDays: 360, success: 0, value: USUAL },
    ];
    const { alpha, beta } = betaOf(run, 180);
    expect({ alpha, beta }).toEqual({ alpha: (ONE * 9n) / 4n, beta: (ONE * 3n) / 2n });
    expect(scoreOf({ alpha, beta })).toBe(6000);
  });

  it.skipIf(!existsSync(VECTORS))('is the worked example of the shared vectors', () => {
    const vectors = JSON.parse(readFileSync(VECTORS, 'utf8'));
    const key = Object.keys(vectors).find((name) => name.startsWith('X3'))!;
    expect(JSON.stringify(vectors[key])).toMatch(/2\.25.*1\.50?.*0\.60*/);
  });

  it('begins in the middle, and ends there when nothing new happens', () => {
    expect(score([])).toBe(5000);
    fc.assert(
      fc.property(events, (run) => {
        const later = run.map((one) => ({ ...one, ageDays: one.ageDays + 180 * 64 }));
        expect(score(later)).toBe(5000);
      }),
    );
  });

  it('moves towards the middle with each half-life', () => {
    fc.assert(
      fc.property(events, (run) => {
        const later = run.map((one) => ({ ...one, ageDays: one.ageDays + 180 }));
        expect(Math.abs(score(later) - 5000)).toBeLessThanOrEqual(Math.abs(score(run) - 5000) + 1);
      }),
    );
  });

  it('rises with success, and with nothing else', () => {
    fc.assert(
      fc.property(events, event, fc.integer({ min: 0, max: FULL }), (run, one, other) => {
        const [low, high] = [Math.min(one.success, other), Math.max(one.success, other)];
        expect(score([...run, { ...one, success: high }])).toBeGreaterThanOrEqual(
          score([...run, { ...one, success: low }]),
        );
      }),
    );
  });

  it('lies between nothing and all, whatever happened', () => {
    fc.assert(
      fc.property(events, (run) => {
        const { alpha, beta } = betaOf(run);
        expect(alpha >= ONE && beta >= ONE).toBe(true);
        expect(score(run)).toBeGreaterThanOrEqual(0);
        expect(score(run)).toBeLessThanOrEqual(10_000);
      }),
    );
  });

  it('does not depend on the order they are told in', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (run, keys) => {
        const shuffled = run
          .map((one) => ({ one, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(betaOf(shuffled)).toEqual(betaOf(run));
      }),
    );
  });

  it('halves exactly at a half-life, and falls each day', () => {
    expect([0, 180, 360, 1800].map((days) => decay(days))).toEqual([ONE, ONE / 2n, ONE / 4n, ONE / 1024n]);
    for (let day = 1; day <= 2000; day += 1) expect(decay(day) < decay(day - 1)).toBe(true);
    // 2^-0.5 to twelve digits.
    expect(decay(90)).toBe(707_106_781_187n);
  });
});
