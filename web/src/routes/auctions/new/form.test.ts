import { describe, expect, test } from 'vitest';
import { defaultsFor, fieldOf } from './form.ts';

const lot = { kind: 'lot', price: '640.00', quantity: '2000.000' } as const;

test('the proposed quantity step divides the lot, and the smallest bid is a whole number of steps', () => {
  const grid = (quantity: string) => defaultsFor('english', { ...lot, quantity });
  expect(grid('2000.000')).toMatchObject({ lotSize: '50', minimumBidQuantity: '200' });
  expect(grid('1234.000')).toMatchObject({ lotSize: '1', minimumBidQuantity: '123' });
  expect(grid('30.000')).toMatchObject({ lotSize: '10', minimumBidQuantity: '10' });
  expect(grid('1234.567')['lotSize']).toBe('0.001');
});

test('the proposed prices lie on their own step', () => {
  const onStep = (price: string, tick: string): boolean =>
    Math.round(Number(price) * 100) % Math.round(Number(tick) * 100) === 0;
  for (const price of ['9.90', '65.00', '640.00', '640.55', '1200.00']) {
    const english = defaultsFor('english', { ...lot, price });
    const dutch = defaultsFor('dutch', { ...lot, price });
    const tick = english['tickSize']!;
    for (const name of ['bidIncrement', 'maximumIncrement', 'startingPrice'])
      expect(onStep(english[name]!, tick)).toBe(true);
    for (const name of ['startingPrice', 'floorPrice', 'priceDecrement'])
      expect(onStep(dutch[name]!, tick)).toBe(true);
    expect(Number(dutch['floorPrice'])).toBeLessThan(Number(dutch['startingPrice']));
  }
});

test('the bands proposed for sealed quantities rise to the whole lot', () => {
  const bands = (quantity: string) => defaultsFor('sealed_bid', { ...lot, quantity })['quantityBands'];
  expect(bands('2000.000')).toBe('400, 1000, 2000');
  expect(bands('50.000')).toBe('50');
});

describe('a refused term of the auction stands beside the field it was typed in', () => {
  test.each([
    ['bidSecurity', 'securityValue'],
    ['bidSecurity.percent', 'securityValue'],
    ['quantity', 'lotSize'],
    ['softClose.windowSeconds', 'windowSeconds'],
    ['softClose.windowMs', 'windowSeconds'],
    ['softClose', 'windowSeconds'],
    ['lotSize', 'lotSize'],
    ['roundMs', 'roundSeconds'],
    ['stepBasisPoints', 'stepPercent'],
    ['minimalStep', 'decrementValue'],
    ['scoring.calorificMinimum', 'calorificMinimum'],
    ['floor.price', 'floorPrice'],
    ['award', 'awardShares'],
    ['startsAt', 'closesAt'],
    ['priceIncrements', 'priceIncrements'],
  ])('%s at %s', (term, field) => {
    expect(fieldOf(term)).toBe(field);
  });
});
