import { describe, expect, it } from 'vitest';
import { unreadableField } from './readable-text.ts';

describe('a body', () => {
  it('is kept with every text that PostgreSQL keeps', () => {
    const body = { a: 'é\n\u0001😀', b: [1, null, { c: true }], d: Buffer.from([0]) };
    expect(unreadableField(body)).toBeUndefined();
    expect(unreadableField(undefined)).toBeUndefined();
  });

  it('names the first field that holds a NUL or half a surrogate pair', () => {
    expect(unreadableField({ a: { b: ['x', 'y\0'] } })).toBe('a.b.1');
    expect(unreadableField({ a: '\ud800' })).toBe('a');
    expect(unreadableField({ a: { 'b\0': 1 } })).toBe('a');
    expect(unreadableField('\0')).toBe('body');
  });

  it('is not followed deeper than anything of ours nests', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = { a: deep };
    expect(unreadableField(deep)).toBe('a');
  });
});
