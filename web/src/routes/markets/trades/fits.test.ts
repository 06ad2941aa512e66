import { expect, test } from 'vitest';
import { fits } from './fits.ts';

const trade = { currency: 'CNY' as const, quantity: '200.000' };
const lot = {
  state: 'published' as const,
  currency: 'CNY' as const,
  deliveryTerm: 'fob' as const,
  remaining: '200.000',
};

test('a lot fits a trade when it is on offer on the same term and currency, with enough left', () => {
  const instrument = { deliveryTerm: 'fob' };
  expect(fits(lot, trade, instrument)).toBe(true);
  expect(fits({ ...lot, remaining: '199.999' }, trade, instrument)).toBe(false);
  expect(fits({ ...lot, currency: 'USD' }, trade, instrument)).toBe(false);
  expect(fits({ ...lot, deliveryTerm: 'ex_mine' }, trade, instrument)).toBe(false);
  expect(fits({ ...lot, state: 'withdrawn' }, trade, instrument)).toBe(false);
});
