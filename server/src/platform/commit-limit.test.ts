import { describe, expect, it } from 'vitest';
import { beyondLimit } from './commit-limit.ts';

describe('what a person may bind its company to', () => {
  const limits = { CNY: '100000' };
  it('is exactly the limit, and not one fen more', () => {
    expect(beyondLimit(limits, { value: 100_000n, currency: 'CNY' })).toBeUndefined();
    expect(beyondLimit(limits, { value: 100_001n, currency: 'CNY' })).toMatchObject({
      refused: 'member.limit_exceeded',
      accepted: { limit: '1000.00', currency: 'CNY', value: '1000.01' },
    });
  });

  it('is nothing in a currency that is not named beside one that is, and anything where none is named', () => {
    expect(beyondLimit(limits, { value: 1n, currency: 'USD' })).toMatchObject({
      accepted: { limit: '0.00' },
    });
    expect(beyondLimit({}, { value: 10n ** 30n, currency: 'USD' })).toBeUndefined();
  });
});
