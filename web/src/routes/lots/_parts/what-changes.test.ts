import { expect, test } from 'vitest';
import { changesOf } from './what-changes.ts';

const before = {
  quantity: '10000.000',
  price: '612.50',
  note: 'a\nb',
  'assay.ash': '18.40',
  'assay.ash.basis': 'd',
  'assay.also.ash.basis': 'ar',
};
const say = (text: string): string => text;

test('a form as it came changes nothing, whichever way its numbers and lines are written', () => {
  expect(changesOf(before, before, say)).toEqual([]);
  expect(changesOf(before, { ...before, quantity: '10,000', price: '612.5', note: 'a\r\nb ' }, say)).toEqual(
    [],
  );
  expect(changesOf(before, { ...before, 'assay.also.ash.basis': 'd' }, say)).toEqual([]);
});

test('a value and its basis are one change; a value that went is told too', () => {
  const now = { ...before, 'assay.ash': '17', 'assay.ash.basis': 'ad', price: '', 'assay.also.ash': '16' };
  expect(changesOf(before, now, say)).toEqual([
    { term: 'ash', from: '18.40 d', to: '17 ad' },
    { term: 'furtherValues', from: '', to: '16' },
    { term: 'price', from: '612.50', to: '' },
  ]);
});
