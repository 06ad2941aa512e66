/** Worked examples of call auctions: rules.md 2.8 and the sources it names, prices in ticks. */
import { describe, expect, it } from 'vitest';
import { type PriceQuantity, clearing, proRata } from './clearing.ts';

const orders = (...pairs: readonly (readonly [number, number])[]): PriceQuantity[] =>
  pairs.map(([price, quantity]) => ({ price, quantity }));

describe('vectors A11', () => {
  it('msilb: the greatest volume decides alone (ticks of a half)', () => {
    const buys = orders([209, 100], [209, 2500], [206, 1800], [205, 500], [205, 800], [199, 1500]);
    const sells = orders([201, 600], [201, 400], [204, 1500], [206, 1200], [209, 700]);
    expect(clearing(buys, sells)).toEqual({
      price: 103 * 2,
      volume: 3700,
      surplus: 700,
      low: 206,
      high: 206,
      rule: 'unique',
    });
  });

  it('marketgrid: no tie is left to break', () => {
    const buys = orders(
      [13000, 45],
      [12900, 95],
      [12800, 25],
      [12700, 35],
      [12600, 25],
      [12500, 55],
      [12400, 200],
      [12300, 80],
      [12200, 60],
    );
    const sells = orders(
      [13100, 35],
      [13000, 50],
      [12900, 10],
      [12800, 15],
      [12700, 10],
      [12600, 20],
      [12500, 90],
      [12400, 155],
      [12300, 125],
      [12200, 10],
    );
    expect(clearing(buys, sells)).toEqual({
      price: 12400,
      volume: 290,
      surplus: 190,
      low: 12400,
      high: 12400,
      rule: 'unique',
    });
  });

  const buys = orders([610, 10]);
  const sells = orders([590, 10]);
  it.each([
    [
      'ref: the reference above what remains',
      orders([610, 5], [600, 5]),
      sells,
      604,
      [600, 10, 0, 590, 600, 'reference'],
    ],
    ['ref: the reference within', buys, sells, 604, [604, 10, 0, 590, 610, 'reference']],
    ['ref: the reference beyond', buys, sells, 650, [610, 10, 0, 590, 610, 'reference']],
    ['ref: too many buyers', orders([610, 12]), sells, 604, [610, 10, 2, 590, 610, 'buy_pressure']],
    ['ref: too many sellers', orders([610, 8]), sells, 604, [590, 8, -2, 590, 610, 'sell_pressure']],
    ['ref: no reference', buys, sells, null, [600, 10, 0, 590, 610, 'midpoint']],
  ] as const)('%s', (_name, bought, sold, reference, [price, volume, surplus, low, high, rule]) => {
    expect(clearing(bought, sold, reference)).toEqual({ price, volume, surplus, low, high, rule });
  });

  it('ref: no buyer reaches a seller', () => {
    expect(clearing(orders([580, 10]), sells, 604)).toBeUndefined();
    expect(clearing([], sells)).toBeUndefined();
    expect(clearing(buys, [])).toBeUndefined();
  });
});

describe('the published example of an Australian exchange', () => {
  it('ends at the highest of the prices with the least surplus, under buy pressure', () => {
    const buys = orders([640, 500], [639, 500], [639, 500], [634, 1000], [633, 500]);
    const sells = orders([610, 1000], [640, 500], [641, 520], [642, 550], [643, 519]);
    expect(clearing(buys, sells)).toMatchObject({
      price: 639,
      volume: 1000,
      surplus: 500,
      low: 635,
      rule: 'buy_pressure',
    });
  });
});

it('rounds the middle down to a tick', () => {
  expect(clearing(orders([11, 1]), orders([10, 1]))).toMatchObject({ price: 10, rule: 'midpoint' });
});

it('looks at neighbours of limits, where the best interval may begin or end', () => {
  // Just above the sell at 10 demand has fallen: the interval ends one tick below the next limit.
  const found = clearing(orders([30, 5], [20, 3]), orders([10, 5]), 25);
  expect(found).toEqual({ price: 25, volume: 5, surplus: 0, low: 21, high: 30, rule: 'reference' });
});

describe('pro rata', () => {
  it('gives whole lots, the left-over ones to the largest remainders, then to the earlier', () => {
    expect(proRata([10, 10, 10], 10)).toEqual([4, 3, 3]);
    expect(proRata([1, 2, 3], 4)).toEqual([1, 1, 2]);
    expect(proRata([5, 0, 5], 10)).toEqual([5, 0, 5]);
    expect(proRata([7], 0)).toEqual([0]);
    expect(proRata([], 0)).toEqual([]);
  });

  it('is exact where products pass 2^53', () => {
    const most = 2 ** 31 - 1;
    expect(proRata([most, most, most], most)).toEqual([715_827_883, 715_827_882, 715_827_882]);
  });
});
