import { expect, test } from 'vitest';
import { priceChart } from './price-chart.ts';

const trade = (tradeNumber: number, second: number, price: string, quantity = '100.000') => ({
  tradeNumber,
  at: `2026-11-23T08:00:${String(second).padStart(2, '0')}Z`,
  price,
  quantity,
  taker: 'buy' as const,
});
const EXTENT = { width: 212, height: 100 };

test('a line from the first trade to the last, stairs between, newest on the right', () => {
  const chart = priceChart(
    [trade(3, 20, '742.00'), trade(2, 10, '743.00'), trade(1, 0, '741.00', '50.000')],
    EXTENT,
  );
  expect(chart).toMatchObject({ low: '741.00', high: '743.00', line: 'M6 72H106V6H206V39' });
  expect(chart?.last).toEqual({ x: 206, y: 39 });
  expect(chart?.bars.map(({ x, height }) => [x, height])).toEqual([
    [6, 11],
    [106, 22],
    [206, 22],
  ]);
});

test('prices of different length are compared as numbers', () => {
  expect(priceChart([trade(2, 9, '1000.00'), trade(1, 0, '999.00')], EXTENT)).toMatchObject({
    low: '999.00',
    high: '1000.00',
  });
});

test('one price alone is a line through the middle, one trade alone no chart', () => {
  expect(priceChart([trade(2, 9, '742.00'), trade(1, 0, '742.00')], EXTENT)?.line).toBe('M6 39H206V39');
  expect(priceChart([trade(1, 0, '742.00')], EXTENT)).toBeNull();
  expect(priceChart([], EXTENT)).toBeNull();
});
