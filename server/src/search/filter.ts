/**
 * The conditions of a search over the columns: numbers within a range, words out of a set, words that begin
 * so, a cost. Each can be asked of one slot, or strike slots out of a list, column by column.
 */
import type { Within } from './bitmaps.ts';
import type { Destination } from './destination.ts';
import { isClear } from './destination.ts';
import { compare, type Rational } from '@seam/coal';

/** `name`: of the condition that a visitor chose; without one it holds for every search. */
export type Test = { readonly name?: string } & (
  | {
      readonly kind: 'whole';
      readonly column: Int32Array;
      readonly low: number;
      readonly high: number;
      /** At least the lots that fit, where that is known as bits. */
      readonly bits?: Within;
    }
  /** Not a number fits no range. */
  | { readonly kind: 'real'; readonly column: Float64Array; readonly low: number; readonly high: number }
  | {
      readonly kind: 'word';
      readonly column: Int32Array;
      readonly allowed: Uint8Array;
      /** Exactly the lots that fit: in one of these. */
      readonly anyOf: readonly Uint32Array[];
    }
  | {
      readonly kind: 'text';
      readonly columns: readonly Int32Array[];
      readonly hits: readonly Uint8Array[];
      readonly all: number;
    }
  /** At most so far away: where the lot is handed over, or else its mine. */
  | {
      readonly kind: 'site';
      readonly column: Int32Array;
      readonly instead: Int32Array;
      readonly km: Float64Array;
      readonly most: number;
      /** Exactly the lots that fit. */
      readonly bits: Uint32Array;
    }
  | {
      readonly kind: 'cost';
      readonly destination: Destination;
      readonly per: 'gigajoule' | 'tonne';
      readonly most: Rational;
      readonly near: number;
    }
);

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
      return test.km[site < 0 ? test.instead[slot]! : site]! <= test.most;
    }
    case 'cost':
      return isWithin(test, slot);
  }
}

function isWithin({ destination, per, most, near }: Test & { kind: 'cost' }, slot: number): boolean {
  const cost = per === 'gigajoule' ? destination.perGigajoule(slot) : destination.perTonne(slot);
  // Without its heat a lot has no landed cost, not even per tonne: it could not be ranked.
  if (!Number.isFinite(destination.perGigajoule(slot))) return false;
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

/** Strikes out of `live` whom the tests that know bits do not let through. @returns words to look at. */
export function intersect(tests: readonly Test[], live: Uint32Array, top: number, into: Uint32Array): number {
  const length = (top + 31) >>> 5;
  for (let at = 0; at < length; at += 1) into[at] = live[at]!;
  for (const test of tests) {
    if (test.kind === 'word') {
      andAny(test.anyOf, into, length);
    } else if (test.kind === 'site') {
      const { bits } = test;
      for (let at = 0; at < length; at += 1) into[at]! &= bits[at]!;
    } else if (test.kind === 'whole' && test.bits) {
      const { within, without } = test.bits;
      if (within) for (let at = 0; at < length; at += 1) into[at]! &= within[at]!;
      if (without) for (let at = 0; at < length; at += 1) into[at]! &= ~without[at]!;
    }
  }
  return length;
}

function andAny(maps: readonly Uint32Array[], into: Uint32Array, length: number): void {
  const [first, second] = maps;
  if (!first) return void into.fill(0, 0, length);
  if (!second) for (let at = 0; at < length; at += 1) into[at]! &= first[at]!;
  else
    for (let at = 0; at < length; at += 1) {
      let any = 0;
      for (let map = 0; map < maps.length; map += 1) any |= maps[map]![at]!;
      into[at]! &= any;
    }
}

/** Whether bits have said all of a test, so that it need not be asked of a slot. */
export function isDecided(test: Test): boolean {
  return (
    test.kind === 'word' || test.kind === 'site' || (test.kind === 'whole' && test.bits?.isExact === true)
  );
}

/** How many bits are set. */
export function countBits(bits: Uint32Array, length: number): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    let rest = bits[at]!;
    rest -= (rest >>> 1) & 0x5555_5555;
    rest = (rest & 0x3333_3333) + ((rest >>> 2) & 0x3333_3333);
    count += Math.imul((rest + (rest >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

export function hasBit(bits: Uint32Array, slot: number): boolean {
  return (bits[slot >>> 5]! & (1 << (slot & 31))) !== 0;
}

/** The slots whose bits are set. @returns how many. */
export function slotsOf(bits: Uint32Array, length: number, list: Int32Array): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    let rest = bits[at]!;
    while (rest !== 0) {
      const lowest = rest & -rest;
      list[count++] = (at << 5) + 31 - Math.clz32(lowest);
      rest ^= lowest;
    }
  }
  return count;
}
