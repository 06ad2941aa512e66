/**
 * The conditions of a search. Each says of one slot whether it fits; where the bitmaps know it too, they say
 * it of thirty-two lots at a time: at least who fits, and who fits for certain.
 */
import { type Rational, compare } from '@seam/coal';
import type { Within } from './bitmaps.ts';
import type { BitSet } from './bits.ts';
import { type Destination, isClear } from './destination.ts';

export type Test = {
  /** Of the condition that a visitor chose; undefined: it holds for every search. */
  readonly name: string | undefined;
  readonly fits: (slot: number) => boolean;
  /** Costs are worked out and names are looked up: asked last. */
  readonly isDear: boolean;
  /** At least the lots that fit; undefined: bits know nothing of it. */
  readonly most: BitSet | undefined;
  /** Lots that fit for certain; the same as `most` where bits say all. */
  readonly sure: BitSet | undefined;
  /** The clock changes who fits, not only a change of the lot. */
  readonly isTimed?: true;
};

/** A whole number in a range, both ends in it. */
export function wholeTest(
  name: string,
  column: Int32Array,
  { low, high }: { readonly low: number; readonly high: number },
  bits?: Within,
): Test {
  const fits = (slot: number): boolean => column[slot]! >= low && column[slot]! <= high;
  return { name, fits, isDear: false, most: bits?.most, sure: bits?.sure };
}

/** Not a number fits no range. */
export function realTest(name: string, column: Float64Array, low: number, high: number): Test {
  const fits = (slot: number): boolean => column[slot]! >= low && column[slot]! <= high;
  return { name, fits, isDear: false, most: undefined, sure: undefined };
}

/** On the market at this moment. */
export function openTest(expires: Float64Array, now: number, open: Uint32Array): Test {
  const bits = { yes: open };
  // What ends at this moment has ended.
  return {
    name: undefined,
    fits: (slot) => expires[slot]! > now,
    isDear: false,
    most: bits,
    sure: bits,
    isTimed: true,
  };
}

/** One of some words, of which each lot has one. */
export function wordTest(
  name: string | undefined,
  column: Int32Array,
  codes: readonly number[],
  maps: readonly Uint32Array[],
): Test {
  const bits = maps.length === 1 ? { yes: maps[0]! } : { anyOf: maps };
  const fits = codes.length === 1 ? (slot: number) => column[slot] === codes[0] : isIn(column, codes);
  return { name, fits, isDear: false, most: bits, sure: bits };
}

function isIn(column: Int32Array, codes: readonly number[]): (slot: number) => boolean {
  return (slot) => codes.includes(column[slot]!);
}

/** At most so far away: where the lot is handed over, or else its mine. */
export function nearTest(kmOf: (slot: number) => number, most: number, circle: Uint32Array): Test {
  const bits = { yes: circle };
  return { name: 'near', fits: (slot) => kmOf(slot) <= most, isDear: false, most: bits, sure: bits };
}

/** Each of some words, a bit each, begins a word of one of the names. */
export function textTest(columns: readonly Int32Array[], hits: readonly Uint8Array[], all: number): Test {
  const fits = (slot: number): boolean => {
    let found = 0;
    for (let at = 0; at < columns.length; at += 1) found |= hits[at]![columns[at]![slot]!] ?? 0;
    return found === all;
  };
  return { name: 'text', fits, isDear: true, most: undefined, sure: undefined };
}

export function costTest(
  name: string,
  destination: Destination,
  per: 'gigajoule' | 'tonne',
  most: Rational,
): Test {
  const near = Number(most.numerator) / Number(most.denominator);
  const fits = (slot: number): boolean => {
    const perGigajoule = destination.perGigajoule(slot);
    // Without its heat a lot has no landed cost, not even per tonne: it could not be ranked.
    if (!Number.isFinite(perGigajoule)) return false;
    const cost = per === 'gigajoule' ? perGigajoule : destination.perTonne(slot);
    if (isClear(cost, near)) return cost < near;
    const exact = destination.exact(slot);
    return (
      exact !== undefined && compare(per === 'gigajoule' ? exact.perGigajoule : exact.perTonne, most) <= 0
    );
  };
  return { name, fits, isDear: true, most: undefined, sure: undefined };
}

export function passes(tests: readonly Test[], slot: number): boolean {
  for (let at = 0; at < tests.length; at += 1) if (!tests[at]!.fits(slot)) return false;
  return true;
}

/** The cheap ones first. */
export function cheapFirst(tests: readonly Test[]): Test[] {
  return [...tests.filter(({ isDear }) => !isDear), ...tests.filter(({ isDear }) => isDear)];
}
