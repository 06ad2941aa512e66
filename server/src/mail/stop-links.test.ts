import { expect, it } from 'vitest';
import { readStopToken, stopToken } from './stop-links.ts';

it('a link names what it stops, and nobody else can make one', () => {
  const token = stopToken('secret', '01a2-b3');
  expect(readStopToken('secret', token)).toBe('01a2-b3');
  expect(readStopToken('another secret', token)).toBeUndefined();
  expect(readStopToken('secret', token.replace('01a2', '01a3'))).toBeUndefined();
  expect(readStopToken('secret', token.slice(0, -3))).toBeUndefined();
  expect(readStopToken('secret', `${token}AA`)).toBeUndefined();
  for (const odd of ['', '.', 'x', 'x.', '.x']) expect(readStopToken('secret', odd)).toBeUndefined();
});
