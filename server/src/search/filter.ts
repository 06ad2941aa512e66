/**
 * The conditions of a search over the columns: numbers within a range, words out of a set, words that begin
 * so, a cost. Each can be asked of one slot, or strike slots out of a list, column by column.
 */
import type { Destination } from './destination.ts';
import { isClear } from './destination.ts';
import { compare, type Rational } from '@seam/coal';

export type Test =
  | { readonly kind: 'whole'; readonly column: Int32Array; readonly low: number; readonly high: number }
  /** Not a number fits no range. */
  | { readonly kind: 'real'; readonly column: Float64Array; readonly low: number; readonly high: number }
  | { readonly kind: 'word'; readonly column: Int32Array; readonly allowed: Uint8Array }
  | {
      readonly kind: 'text';
      readonly columns: readonly Int32Array[];
      readonly hits: readonly Uint8Array[];
      readonly all: number;
    }
  /** One site or the other: where the lot is handed over, or else its mine. */
  | {
      readonly kind: 'site';
      readonly column: Int32Array;
      readonly instead: Int32Array;
      readonly allowed: Uint8Array;
    }
  | {
      readonly kind: 'cost';
      readonly destination: Destination;
      readonly per: 'gigajoule' | 'tonne';
      readonly most: Rational;
      readonly near: number;
    };

export function passes(tests: readonly Test[], slot: number): boolean {
  for (let at = 0; at < tests.length; at += 1) if (!fits(tests[at]!, slot)) return false;
  return true;
}

export function fits(test: Test, slot: number): boolean {
  switch (test.kind) {
    case 'whole': {
      const value = test.column[slot]!;
      return value >= test.low && value <= test.high;
    }
    case 'real': {
      const value = test.column[slot]!;
      return value >= test.low && value <= test.high;
    }
    case 'word':
      return test.allowed[test.column[slot]!] === 1;
    case 'text': {
      let found = 0;
      for (let at = 0; at < test.columns.length; at += 1)
        found |= test.hits[at]![test.columns[at]![slot]!] ?? 0;
      return found === test.all;
    }
    case 'site': {
      const site = test.column[slot]!;
      return test.allowed[site < 0 ? test.instead[slot]! : site] === 1;
    }
    case 'cost':
      return isWithin(test, slot);
  }
}

function isWithin({ destination, per, most, near }: Test & { kind: 'cost' }, slot: number): boolean {
  const cost = per === 'gigajoule' ? destination.perGigajoule(slot) : destination.perTonne(slot);
  if (!Number.isFinite(cost)) return false;
  if (isClear(cost, near)) return cost < near;
  const exact = destination.exact(slot);
  return exact !== undefined && compare(per === 'gigajoule' ? exact.perGigajoule : exact.perTonne, most) <= 0;
}

/** Leaves in `list` the first `length` slots that fit. @returns how many. */
export function strike(test: Test, list: Int32Array, length: number): number {
  let kept = 0;
  switch (test.kind) {
    case 'whole': {
      const { column, low, high } = test;
      for (let at = 0; at < length; at += 1) {
        const slot = list[at]!;
        const value = column[slot]!;
        list[kept] = slot;
        kept += Number(value >= low) & Number(value <= high);
      }
      return kept;
    }
    case 'real': {
      const { column, low, high } = test;
      for (let at = 0; at < length; at += 1) {
        const slot = list[at]!;
        const value = column[slot]!;
        list[kept] = slot;
        kept += Number(value >= low) & Number(value <= high);
      }
      return kept;
    }
    case 'word': {
      const { column, allowed } = test;
      for (let at = 0; at < length; at += 1) {
        const slot = list[at]!;
        list[kept] = slot;
        kept += allowed[column[slot]!]!;
      }
      return kept;
    }
    default:
      for (let at = 0; at < length; at += 1) {
        const slot = list[at]!;
        if (fits(test, slot)) list[kept++] = slot;
      }
      return kept;
  }
}

/** As `strike`, of all slots below `top`. */
export function scan(test: Test, list: Int32Array, top: number): number {
  let kept = 0;
  if (test.kind === 'whole') {
    const { column, low, high } = test;
    for (let slot = 0; slot < top; slot += 1) {
      const value = column[slot]!;
      list[kept] = slot;
      kept += Number(value >= low) & Number(value <= high);
    }
    return kept;
  }
  if (test.kind === 'word') {
    const { column, allowed } = test;
    for (let slot = 0; slot < top; slot += 1) {
      list[kept] = slot;
      kept += allowed[column[slot]!]!;
    }
    return kept;
  }
  for (let slot = 0; slot < top; slot += 1) list[slot] = slot;
  return strike(test, list, top);
}
