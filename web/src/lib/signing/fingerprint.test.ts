import { expect, test } from 'vitest';
import { fingerprintLines } from './fingerprint.ts';

test('a SHA-256 is four lines of four groups of four, and no digit is lost', () => {
  const hex = '0123456789abcdef'.repeat(4);
  const lines = fingerprintLines(hex);
  expect(lines.map((line) => line.length)).toEqual([4, 4, 4, 4]);
  expect(lines[0]).toEqual(['0123', '4567', '89AB', 'CDEF']);
  expect(lines.flat().join('').toLowerCase()).toBe(hex);
});

test('nothing is no line', () => {
  expect(fingerprintLines('')).toEqual([]);
});
