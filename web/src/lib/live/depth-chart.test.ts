import type { BookLevel } from '@seam/protocol';
import { expect, test } from 'vitest';
import { depthChart, stepAt } from './depth-chart.ts';

const level = (price: string, quantity: string): BookLevel => [price, quantity, 1];
const EXTENT = { width: 212, height: 106 };

test('two stairs from the best prices outwards, as high as the deeper side', () => {
  const chart = depthChart(
    {
      buys: [level('99.00', '100.000'), level('98.00', '300.000')],
      sells: [level('101.00', '50.000'), level('103.00', '150.000')],
    },
    EXTENT,
  );
  expect(chart).toMatchObject({ low: '98.00', high: '103.00', most: '400.000' });
  expect(chart?.buys).toBe('M46 106V81H6V6H0V106Z');
  expect(chart?.sells).toBe('M126 106V93.5H206V56H212V106Z');
});

test('says what taking so much would cost on the average, to the cent', () => {
  const chart = depthChart(
    { buys: [], sells: [level('100.00', '100.000'), level('101.00', '200.000')] },
    EXTENT,
  );
  expect(chart?.steps.map(({ total, average }) => [total, average])).toEqual([
    ['100.000', '100.00'],
    ['300.000', '100.67'],
  ]);
  expect(chart?.buys).toBe('');
});

test('the pointer finds the step it has reached, and nothing between the sides', () => {
  const chart = depthChart(
    { buys: [level('99.00', '1.000'), level('98.00', '1.000')], sells: [level('103.00', '1.000')] },
    EXTENT,
  )!;
  expect(stepAt(chart, 46)?.price).toBe('99.00');
  expect(stepAt(chart, 20)?.price).toBe('99.00');
  expect(stepAt(chart, 6)?.price).toBe('98.00');
  expect(stepAt(chart, 100)).toBeUndefined();
  expect(stepAt(chart, 206)?.price).toBe('103.00');
});

test('a level far away does not flatten the rest; an empty book is no chart', () => {
  const book = { buys: [level('100.00', '1.000'), level('1.00', '9.000')], sells: [] };
  expect(depthChart(book, EXTENT)).toMatchObject({ low: '100.00', high: '100.00', most: '1.000' });
  expect(depthChart({ buys: [], sells: [] }, EXTENT)).toBeNull();
});
