import { expect, test } from 'vitest';
import { depthOf } from './depth.ts';

const book = {
  buys: [
    ['741.00', '200.000', 1],
    ['740.00', '600.000', 3],
    ['738.00', '200.000', 1],
  ] as [string, string, number][],
  sells: [['743.00', '500.000', 2]] as [string, string, number][],
};

test('totals run from the best price, and bars are shares of the larger side shown', () => {
  const { buys, sells } = depthOf(book, [], 2);
  expect(buys.map(({ price, total, share }) => [price, total, share])).toEqual([
    ['741.00', '200.000', 25],
    ['740.00', '800.000', 100],
  ]);
  expect(sells.map(({ total, share }) => [total, share])).toEqual([['500.000', 62]]);
});

test('marks what is one’s own, on its own side only', () => {
  const own = [
    { side: 'buy' as const, price: '740.00', remaining: '100.000' },
    { side: 'buy' as const, price: '740.00', remaining: '200.000' },
    { side: 'buy' as const, price: '743.00', remaining: '100.000' },
  ];
  const { buys, sells } = depthOf(book, own, 10);
  expect(buys.map(({ mine }) => mine)).toEqual([null, '300.000', null]);
  expect(sells.map(({ mine }) => mine)).toEqual([null]);
});

test('an empty book has no bars', () => {
  expect(depthOf({ buys: [], sells: [] }, [], 5)).toEqual({ buys: [], sells: [] });
});
