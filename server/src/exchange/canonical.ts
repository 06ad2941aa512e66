/**
 * One value, one text: keys sorted by code unit, no spaces, integers only. The journal's hash covers
 * these bytes, so the order of keys in some object may never change them.
 *
 * Every bid is written here twice (command and events), so objects built alike share the sorting of
 * their keys: three times as fast as sorting anew.
 */

/** The keys of objects that were built alike: sorted, and each as it is written. */
type Shape = { readonly keys: readonly string[]; readonly heads: readonly string[] };
type Step = { readonly next: Map<string, Step>; shape: Shape | undefined };

/** Objects as keys of anything (a market's id, a person's) must not fill the memory with shapes. */
const SHAPES_MAX = 10_000;
const ROOT: Step = { next: new Map(), shape: undefined };
let shapes = 0;

/** What JSON writes as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** Longer texts are looked through faster by JSON.stringify itself. */
const PLAIN_LENGTH_MAX = 200;

/** @throws TypeError on what JSON cannot carry exactly: fractions, unsafe integers, undefined, functions. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= PLAIN_LENGTH_MAX && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0))
        throw new TypeError(`not an exact integer: ${value}`);
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value) : record(value as Record<string, unknown>);
    default:
      throw new TypeError(`not canonical: ${typeof value}`);
  }
}

function list(values: readonly unknown[]): string {
  let text = '';
  for (let i = 0; i < values.length; i += 1) text += (i === 0 ? '' : ',') + canonicalJson(values[i]);
  return `[${text}]`;
}

function record(value: Record<string, unknown>): string {
  const { keys, heads } = shapeOf(Object.keys(value));
  let text = '{';
  for (let i = 0; i < keys.length; i += 1) text += heads[i]! + canonicalJson(value[keys[i]!]);
  return `${text}}`;
}

function shapeOf(keys: readonly string[]): Shape {
  let step = ROOT;
  for (const key of keys) {
    let next = step.next.get(key);
    if (!next) {
      if (shapes >= SHAPES_MAX) return sorted(keys);
      shapes += 1;
      next = { next: new Map(), shape: undefined };
      step.next.set(key, next);
    }
    step = next;
  }
  return (step.shape ??= sorted(keys));
}

function sorted(keys: readonly string[]): Shape {
  const order = [...keys].sort();
  return { keys: order, heads: order.map((key, i) => `${i === 0 ? '' : ','}${JSON.stringify(key)}:`) };
}
