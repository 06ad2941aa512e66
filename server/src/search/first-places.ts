/**
 * The first lots of an order that fit, read from its front: sets of lots that stand in the order of its
 * places are met a few words at a time, and who is in all of them is asked the rest. What many lots fit ends
 * after a few words; what few fit costs one pass over the sets.
 */
import { type Places, meet } from './bits.ts';
import { type Test, cheapFirst, passes } from './filter.ts';
import type { Order } from './order.ts';

export type Wanted = {
  readonly tests: readonly Test[];
  readonly order: Order;
  /** The first place that counts. */
  readonly from: number;
  readonly count: number;
  /** Given up after so many lots that fit no more than bits say. */
  readonly missesMax: number;
};

/** @returns slots in order; undefined when a set is not there yet, or the search turned out long. */
export function fromTheFront(wanted: Wanted): number[] | undefined {
  const { order, count, from } = wanted;
  const read = placesOf(order, wanted.tests);
  if (!read) return undefined;
  const { sets, rest } = read;
  const found: number[] = [];
  const words = (order.length + 31) >>> 5;
  let misses = 0;
  let size = FIRST_WORDS;
  for (let begin = from >>> 5; begin < words; begin += size, size = Math.min(2 * size, MOST_WORDS)) {
    const length = Math.min(size, words - begin);
    meet(met, sets, begin, length);
    for (let at = 0; at < length; at += 1) {
      for (let left = met[at]!; left !== 0; left &= left - 1) {
        const place = ((begin + at) << 5) + 31 - Math.clz32(left & -left);
        if (place < from || place >= order.length) continue;
        const slot = order.slotAt(place);
        if (!order.isStale(slot) && passes(rest, slot)) {
          found.push(slot);
          if (found.length === count) return found;
        } else {
          misses += 1;
          if (misses > wanted.missesMax) return undefined;
        }
      }
    }
  }
  return found;
}

/** Asks for every set, so that all are made that are missing. */
function placesOf(order: Order, tests: readonly Test[]): { sets: Places; rest: Test[] } | undefined {
  const yes: Uint32Array[] = [];
  const no: Uint32Array[] = [];
  const anyOf: Uint32Array[][] = [];
  const rest: Test[] = [];
  let isMissing = false;
  const put = (bits: Uint32Array, into: Uint32Array[]): void => {
    const placed = order.placed(bits);
    if (placed) into.push(placed);
    else isMissing = true;
  };
  for (const test of tests) {
    const { most } = test;
    if (!most || test.isTimed || most !== test.sure) rest.push(test);
    if (!most || test.isTimed) continue;
    if (most.yes) put(most.yes, yes);
    if (most.no) put(most.no, no);
    if (!most.anyOf) continue;
    const any: Uint32Array[] = [];
    for (const bits of most.anyOf) put(bits, any);
    anyOf.push(any);
  }
  return isMissing ? undefined : { sets: { yes, no, anyOf }, rest: cheapFirst(rest) };
}

/** The first pages are short: five hundred lots, then twice as many, as long as not all is found. */
const FIRST_WORDS = 16;
const MOST_WORDS = 1_024;
const met = new Uint32Array(MOST_WORDS);
