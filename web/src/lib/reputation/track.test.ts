import { describe, expect, it } from 'vitest';
import { costAsFound } from './track.ts';

const found = (listed: number | null, expected: number | null) => ({
  listingId: 'lot',
  listed,
  own: null,
  all: null,
  expected,
});

describe('a cost per gigajoule at the heat that was found', () => {
  it('rises as the heat falls, rounded once', () => {
    expect(costAsFound('25.00', found(23_000, 22_620))).toBe('25.42');
    expect(costAsFound('25.00', found(23_000, 23_000))).toBe('25.00');
    expect(costAsFound('0.05', found(23_000, 46_000))).toBe('0.03');
  });

  it('is not said where nothing is known', () => {
    expect(costAsFound('25.00', undefined)).toBeNull();
    expect(costAsFound('25.00', found(null, 22_000))).toBeNull();
    expect(costAsFound('25.00', found(23_000, null))).toBeNull();
  });
});
