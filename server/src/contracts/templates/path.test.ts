import { describe, expect, it } from 'vitest';
import { leavesOf, valueAt, withValueAt } from './path.ts';

const terms = { a: { list: [{ b: '1' }, { b: '2' }], none: null }, empty: {} };

describe('a path in the terms', () => {
  it('reads and replaces what stands there, in a copy', () => {
    expect(valueAt(terms, 'a.list.1.b')).toBe('2');
    expect(withValueAt(terms, 'a.list.1.b', '3')).toEqual({
      ...terms,
      a: { ...terms.a, list: [{ b: '1' }, { b: '3' }] },
    });
    expect(valueAt(terms, 'a.list.1.b')).toBe('2');
  });

  it.each(['x', 'a.x', 'a.list.2.b', 'a.none.x', 'a.toString', '__proto__.x', 'constructor', ''])(
    'leads nowhere when it is "%s": nothing is read or added',
    (path) => {
      expect(valueAt(terms, path)).toBeUndefined();
      expect(withValueAt(terms, path, 1)).toBeUndefined();
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  it('finds every leaf, an empty object among them', () => {
    expect(leavesOf(terms)).toEqual([
      { path: 'a.list.0.b', value: '1' },
      { path: 'a.list.1.b', value: '2' },
      { path: 'a.none', value: null },
      { path: 'empty', value: {} },
    ]);
  });
});
