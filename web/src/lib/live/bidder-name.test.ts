import { expect, test } from 'vitest';
import { bidderIn } from './bidder-name.ts';

test('a bidder is called by its number in the language of the reader', () => {
  expect([bidderIn('en', 'Bidder 347'), bidderIn('zh', 'Bidder 347')]).toEqual(['Bidder 347', '竞买人 347']);
});

test('a name that the market did not make stays as it is', () => {
  expect(bidderIn('zh', 'Bidder of the north')).toBe('Bidder of the north');
});
