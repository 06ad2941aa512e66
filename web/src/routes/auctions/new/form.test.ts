import { expect, test } from 'vitest';
import { fieldOf, startDefaults } from './form.ts';

test('the proposed quantity step divides the lot, and the smallest bid is a whole number of steps', () => {
  const lot = { startPrice: '640.00', price: null };
  expect(startDefaults({ ...lot, remaining: '2000.000' })).toMatchObject({
    lotSize: '50',
    minimumBidQuantity: '200',
  });
  expect(startDefaults({ ...lot, remaining: '1234.000' })).toMatchObject({
    lotSize: '1',
    minimumBidQuantity: '123',
  });
  expect(startDefaults({ ...lot, remaining: '30.000' })).toMatchObject({
    lotSize: '10',
    minimumBidQuantity: '10',
  });
  expect(startDefaults({ ...lot, remaining: '1234.567' }).lotSize).toBe('0.001');
});

test('the proposed prices lie on their own step', () => {
  for (const startPrice of ['9.90', '65.00', '640.00', '640.55', '1200.00']) {
    const { bidIncrement, maximumIncrement, tickSize } = startDefaults({
      startPrice,
      price: null,
      remaining: '50.000',
    });
    for (const price of [bidIncrement, maximumIncrement, startPrice])
      expect(Math.round(Number(price) * 100) % Math.round(Number(tickSize) * 100)).toBe(0);
  }
});

test('a refused term of the auction stands beside the field it was typed in', () => {
  expect(['bidSecurity', 'quantity', 'softClose.windowSeconds', 'lotSize'].map(fieldOf)).toEqual([
    'securityValue',
    'lotSize',
    'windowSeconds',
    'lotSize',
  ]);
});
