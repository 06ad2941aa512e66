import { describe, expect, test } from 'vitest';
import {
  difference,
  gap,
  half,
  isMore,
  ladderOf,
  priceOfRound,
  shareOf,
  slip,
  stepped,
  totalOf,
} from './ladder.ts';
import { coveredBy, missingFor, securityFor } from './security.ts';
import { standingOf } from './shown.ts';

const lot = { startingPrice: '420.00', lotSize: '50.000', quantity: '10000.000' };
const perTonne = { ...lot, bidSecurity: { mode: 'per_tonne', amountPerTonne: '150.00' } } as const;
const percent = { ...lot, bidSecurity: { mode: 'percent_of_start', percent: '10.00' } } as const;
const fixed = { ...lot, bidSecurity: { mode: 'fixed', amount: '200000' } } as const;

describe('bid security', () => {
  test('is a tenth of start price times quantity, or money per tonne, or one amount', () => {
    expect(securityFor(percent, '3000')).toBe('126000.00');
    expect(securityFor(perTonne, '1000')).toBe('150000.00');
    expect(securityFor(fixed, '50')).toBe('200000.00');
    expect(securityFor(fixed, '0')).toBe('0.00');
    expect(securityFor(fixed, 'many')).toBeNull();
  });

  test('a million at 150 a tonne covers 6,650 t in steps of 50 t', () => {
    expect(coveredBy(perTonne, '1000000')).toBe('6650.000');
    expect(coveredBy(perTonne, '7499.99')).toBe('0.000');
    expect(coveredBy(perTonne, '999999999')).toBe('10000.000');
    expect(coveredBy(fixed, '199999.99')).toBe('0.000');
    expect(coveredBy(fixed, '200000')).toBe('10000.000');
    expect(coveredBy(perTonne, 'x')).toBeNull();
  });

  test('what is held already is not asked for again, and what is asked for covers', () => {
    expect(missingFor(perTonne, '1000', '100000.00')).toBe('50000.00');
    expect(missingFor(perTonne, '1000', '150000.01')).toBe('0.00');
    const odd = {
      ...lot,
      startingPrice: '333.33',
      bidSecurity: { mode: 'percent_of_start', percent: '3.33' },
    } as const;
    expect(coveredBy(odd, missingFor(odd, '50', '0'))).toBe('50.000');
  });
});

describe('the ladder', () => {
  const grid = { bidIncrement: '2.00', maximumIncrement: '50.00', startingPrice: '600.00', tickSize: '1.00' };
  const my = (price: string | null, priceToWinNext: string | null) =>
    ({ price, priceToWinNext }) as NonNullable<Parameters<typeof ladderOf>[0]['my']>;

  test('begins at the next price, for a bidder above it at its own price plus the increment', () => {
    const position = { nextPrice: '610.00', marginalPrice: '608.00', my: null };
    expect(ladderOf(position, grid)).toEqual({ least: '610.00', most: '658.00', toWin: null });
    expect(ladderOf({ ...position, my: my('620.00', '625.00') }, grid)).toMatchObject({
      least: '622.00',
      toWin: '625.00',
    });
    expect(ladderOf({ nextPrice: '600.00', marginalPrice: null, my: null }, grid).most).toBe('650.00');
    expect(ladderOf(position, { ...grid, maximumIncrement: null }).most).toBeNull();
  });

  test('steps stay between least and most', () => {
    const ladder = { least: '610.00', most: '658.00', toWin: null };
    expect(stepped('620.00', 5, ladder, grid)).toBe('630.00');
    expect(stepped('611.00', -5, ladder, grid)).toBe('610.00');
    expect(stepped('657.00', 1, ladder, grid)).toBe('658.00');
    expect(stepped('', 1, ladder, grid)).toBe('612.00');
  });

  test('asks again only where a slip is likely', () => {
    const ladder = { least: '610.00', most: null, toWin: '620.00' };
    expect(slip('651.00', ladder, grid)).toBeNull();
    expect(slip('6200.00', ladder, grid)).toBe('5580.00');
    expect(slip('', ladder, grid)).toBeNull();
  });

  test('sums are exact', () => {
    expect(totalOf('812.35', '1234.567')).toBe('1002900.50');
    expect(totalOf('812.35', '')).toBeNull();
    expect(gap('10.00', '12.00')).toBe('0.00');
    expect(isMore('100.000', '99.999')).toBe(true);
  });
});

test('a round of a clock costs what the rises before it add up to; the last rise repeats', () => {
  const price = (round: number) => priceOfRound('1400.00', ['20.00', '5.00'], round);
  expect([1, 2, 3, 4, 5].map(price)).toEqual(['1400.00', '1420.00', '1425.00', '1430.00', '1435.00']);
});

test('masses are halved down to whole steps, and never fall below nothing', () => {
  expect(half('7000.000', '50.000')).toBe('3500.000');
  expect(half('150.000', '50.000')).toBe('50.000');
  expect(difference('100.000', '250.000')).toBe('0.000');
  expect(shareOf('1000.000', '25000.000')).toBe(4);
  expect(shareOf('1', '0')).toBe(0);
});

test('the standing follows from the tape: last bid of each, price before quantity before time', () => {
  const bid = (seq: number, bidder: string, price: string, quantity: string) => ({
    seq,
    at: '',
    bidder,
    price,
    quantity,
    mine: bidder === 'B',
  });
  const lines = standingOf([
    bid(5, 'B', '700.00', '100'),
    bid(1, 'A', '690.00', '100'),
    bid(2, 'B', '650.00', '100'),
    bid(3, 'C', '700.00', '500'),
    bid(4, 'D', '700.00', '100'),
  ]);
  expect(lines.map(({ rank, bidder, price }) => [rank, bidder, price])).toEqual([
    [1, 'C', '700.00'],
    [2, 'D', '700.00'],
    [3, 'B', '700.00'],
    [4, 'A', '690.00'],
  ]);
  expect(lines.find((line) => line.mine)?.rank).toBe(3);
});
