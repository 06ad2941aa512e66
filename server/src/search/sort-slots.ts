/**
 * Sorts slots by a number each, smallest first, in time that grows with their count alone: radix by eleven
 * bits, stable, over the bits of the doubles. Neighbours whose numbers are so near that a double could
 * mistake them are then put right by `compare`, which knows the exact order.
 */
import { isClear } from './destination.ts';

const BITS = 11;
const BUCKETS = 1 << BITS;
/** 64 bits in six digits. */
const DIGITS = 6;

/** @param keyOf not negative, perhaps Infinity, never NaN. */
export function sortSlots(
  slots: Int32Array,
  keyOf: (slot: number) => number,
  compare: (a: number, b: number) => number,
): Int32Array {
  const keys = new Float64Array(slots.length);
  for (let at = 0; at < slots.length; at += 1) keys[at] = keyOf(slots[at]!);
  const places = radix(keys);
  const sorted = new Int32Array(slots.length);
  for (let at = 0; at < slots.length; at += 1) sorted[at] = slots[places[at]!]!;
  putNeighboursRight(sorted, (at) => keys[places[at]!]!, compare);
  return sorted;
}

/** The places of `keys` in the order of their numbers. */
function radix(keys: Float64Array): Uint32Array {
  const n = keys.length;
  const words = new Uint32Array(keys.buffer);
  let from = new Uint32Array(n);
  let to = new Uint32Array(n);
  for (let at = 0; at < n; at += 1) from[at] = at;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const low = digit < 3 ? 0 : 1;
    const shift = BITS * (digit % 3);
    const ends = new Uint32Array(BUCKETS + 1);
    for (let at = 0; at < n; at += 1) ends[((words[2 * at + low]! >>> shift) & (BUCKETS - 1)) + 1]! += 1;
    if (ends.some((count) => count === n)) continue;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) ends[bucket + 1]! += ends[bucket]!;
    for (let at = 0; at < n; at += 1) {
      const place = from[at]!;
      const bucket = (words[2 * place + low]! >>> shift) & (BUCKETS - 1);
      to[ends[bucket]!] = place;
      ends[bucket]! += 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

function putNeighboursRight(
  sorted: Int32Array,
  keyAt: (at: number) => number,
  compare: (a: number, b: number) => number,
): void {
  let begin = 0;
  for (let at = 1; at <= sorted.length; at += 1) {
    if (at < sorted.length && !isClear(keyAt(at - 1), keyAt(at))) continue;
    if (at - begin > 1) sortRun(sorted, begin, at, compare);
    begin = at;
  }
}

function sortRun(
  sorted: Int32Array,
  begin: number,
  end: number,
  compare: (a: number, b: number) => number,
): void {
  let inOrder = true;
  for (let at = begin + 1; at < end && inOrder; at += 1) inOrder = compare(sorted[at - 1]!, sorted[at]!) <= 0;
  if (!inOrder) sorted.set([...sorted.subarray(begin, end)].sort(compare), begin);
}
