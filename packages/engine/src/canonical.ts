/**
 * One text for one value: keys sorted by code unit, no spaces, integers only.
 *
 * The state hash covers this text, so it must not depend on the order in which an object was built
 * nor on a locale. Fractions and bigints are refused: the engine has none in what it writes.
 */
import { assert } from './assert.ts';

export type Canonical =
  string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical };

/** @throws InvariantError on a number that is no safe integer, and on undefined. */
export function canonicalJson(value: Canonical): string {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), `not a safe integer: ${value}`);
    return value === 0 ? '0' : String(value);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.keys(value)
    .sort()
    .map((key) => {
      const inner = value[key];
      assert(inner !== undefined, `nothing under ${key}`);
      return `${JSON.stringify(key)}:${canonicalJson(inner)}`;
    });
  return `{${fields.join(',')}}`;
}

function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}

/** Code-unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
