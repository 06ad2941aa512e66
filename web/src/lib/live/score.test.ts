import { expect, test } from 'vitest';
import { type Scoring, scoreOf } from './score.ts';

const energy: Scoring = {
  mode: 'energy',
  calorificReference: 5500,
  calorificMinimum: 4500,
  unit: 'kcal_per_kg',
  basis: 'nar',
};
const merit = (calorificValue: number, freight: string, expectedPenalties = '0') =>
  ({ mode: 'energy', calorificValue, freight, expectedPenalties }) as const;

test('the dearest coal a tonne may be the cheapest heat', () => {
  expect(scoreOf(energy, '642', merit(5500, '58'))).toBe('700.0000');
  expect(scoreOf(energy, '571', merit(4950, '61', '6'))).toBe('708.2222');
  expect(scoreOf(energy, '690', merit(5820, '40'))).toBe('689.8625');
});

test('a quality factor divides the price, and further costs come on top', () => {
  const mixed: Scoring = { mode: 'mixed', coefficientMinimum: '0.9', coefficientMaximum: '1.1' };
  expect(scoreOf(mixed, '700', { mode: 'mixed', coefficient: '1.05', addition: '0' })).toBe('666.6667');
  expect(scoreOf(mixed, '700', { mode: 'mixed', coefficient: '1', addition: '3.50' })).toBe('703.5000');
});

test('by price alone the score is the price, and nothing is shown while something is missing', () => {
  expect(scoreOf({ mode: 'price' }, '642.50', undefined)).toBe('642.5000');
  expect(scoreOf(energy, '642', undefined)).toBeNull();
  expect(scoreOf(energy, '', merit(5500, '58'))).toBeNull();
  expect(scoreOf(energy, '642', merit(0, '58'))).toBeNull();
});
