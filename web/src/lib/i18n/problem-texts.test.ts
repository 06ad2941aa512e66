import { PROBLEMS } from '@seam/protocol';
import { expect, test } from 'vitest';
import { problemText } from './problem-texts.ts';

test('every refusal of the exchange has a sentence in both languages', () => {
  const codes = Object.keys(PROBLEMS);
  expect(codes.filter((code) => !problemText(code, 'zh'))).toEqual([]);
  expect(codes.filter((code) => !problemText(code, 'en'))).toEqual([]);
});

test('a code that nobody knows has no invented sentence', () => {
  expect(problemText('no.such_code', 'en')).toBeUndefined();
});
