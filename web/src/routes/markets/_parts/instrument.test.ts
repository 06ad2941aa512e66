import { expect, test } from 'vitest';
import { instrumentTitle, periodText, termText } from './instrument.ts';

test('a month is written as people say it, any other period as the centre wrote it', () => {
  expect(periodText('2026-12', 'en')).toBe('Dec 2026');
  expect(periodText('2026-12', 'zh')).toBe('2026年12月');
  expect(periodText('2026-13', 'en')).toBe('2026-13');
  expect(periodText('2027-Q1', 'en')).toBe('2027-Q1');
});

test('a market is named by its coal, place and period', () => {
  const of = { grade: 'Q5500', deliveryPlace: 'Qinhuangdao', deliveryPeriod: '2026-12' };
  expect(instrumentTitle(of, 'en')).toBe('Q5500 · Qinhuangdao · Dec 2026');
});

test('a delivery term has its word; one without a word stays as it is', () => {
  expect(termText('ex_mine', 'zh')).toBe('坑口交货');
  expect(termText('ddp', 'en')).toBe('ddp');
});
