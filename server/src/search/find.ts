/**
 * One page of what fits, in order. Where much fits, the order is walked and the page is soon full; where
 * little fits, the bits of all lots are met with each other and the best of what is left is picked. A sample of the lots says
 * which; a walk that turns out long is given up for the scan, so no search costs more than both.
 */
import { type Test, fits, intersect, passes, slotsOf, strike } from './filter.ts';
import type { Lots } from './lots.ts';
import type { Order } from './order.ts';
import type { Ranking } from './ranking.ts';

/** Enough to tell one in fifty from one in five hundred. */
const SAMPLE = 256;
/** Touching a lot here and there costs about as much as so many lots in bits. */
export const WALK_COST = 40;

export type Found = { readonly slots: readonly number[]; readonly hasMore: boolean };

/** @param isAfter whether a lot comes behind the page before; undefined for the first page. */
export function findPage(
  lots: Lots,
  of: {
    readonly tests: readonly Test[];
    readonly ranking: Ranking;
    /** Not yet made: then everything is scanned. */
    readonly order: Order | undefined;
    readonly isAfter: ((slot: number) => boolean) | undefined;
    readonly limit: number;
    readonly walkCost: number;
  },
): Found {
  const { tests, share } = bySelectivity(lots, of.tests);
  const wanted = of.limit + 1;
  const affordable = Math.ceil(lots.top / of.walkCost);
  const walk =
    of.order && share * affordable >= wanted ? walkOrder(of.order, tests, of, wanted, affordable) : undefined;
  const slots = walk ?? best(lots, matching(lots, tests), of, wanted);
  return { slots: slots.slice(0, of.limit), hasMore: slots.length > of.limit };
}

/** The slots of everything that fits, in no order; valid until the next search. */
export function matching(lots: Lots, tests: readonly Test[]): Int32Array {
  const list = scratch(lots.top);
  const words = intersect(tests, lots.bitmaps.live, lots.top, bits);
  let length = slotsOf(bits, words, list);
  // Of words the bits say all.
  for (const test of tests) if (test.kind !== 'word') length = strike(test, list, length);
  return list.subarray(0, length);
}

/** The tests, the one that strikes out most first, and about what share of the lots meets all. */
export function bySelectivity(
  lots: Lots,
  tests: readonly Test[],
): { readonly tests: readonly Test[]; readonly share: number } {
  const met = tests.map(() => 0);
  let all = 0;
  // Steps that have no divisor in common with most sizes see the lots evenly.
  const stride = Math.max(1, Math.floor(lots.top / SAMPLE)) | 1;
  let asked = 0;
  for (let slot = 0; slot < lots.top && asked < SAMPLE; slot += stride) {
    asked += 1;
    let each = 1;
    for (let at = 0; at < tests.length; at += 1) {
      const fit = Number(fits(tests[at]!, slot));
      met[at]! += fit;
      each &= fit;
    }
    all += each;
  }
  const costly = (test: Test): number => Number(test.kind === 'cost' || test.kind === 'text');
  const sorted = tests
    .map((test, at) => ({ test, met: met[at]! }))
    .sort((a, b) => costly(a.test) - costly(b.test) || a.met - b.met)
    .map(({ test }) => test);
  return { tests: sorted, share: asked === 0 ? 0 : all / asked };
}

type Page = { readonly ranking: Ranking; readonly isAfter: ((slot: number) => boolean) | undefined };

/** @returns undefined when the page is not full after `affordable` lots. */
function walkOrder(
  order: Order,
  tests: readonly Test[],
  { ranking, isAfter }: Page,
  wanted: number,
  affordable: number,
): number[] | undefined {
  const found: number[] = [];
  const begin = isAfter ? order.firstAfter(isAfter) : 0;
  const end = order.length;
  let place = begin;
  for (; place < end && found.length < wanted; place += 1) {
    if (place - begin >= affordable) return undefined;
    const slot = order.at(place);
    if (slot >= 0 && passes(tests, slot)) found.push(slot);
  }
  const beside = order.beside.filter((slot) => passes(tests, slot) && (!isAfter || isAfter(slot)));
  return beside.length === 0 ? found : [...found, ...beside].sort(ranking.compare).slice(0, wanted);
}

/** The first `wanted` in order: a short sorted list that better ones push through. */
function best(lots: Lots, slots: Int32Array, { ranking, isAfter }: Page, wanted: number): number[] {
  const list: number[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const slot of slots) {
    const isFull = list.length === wanted;
    // A double may say that it is worse; that it is better only the exact order says.
    if (isFull && ranking.keyOf(slot) > worst) continue;
    if (isAfter && !isAfter(slot)) continue;
    if (isFull && ranking.compare(slot, list[wanted - 1]!) >= 0) continue;
    if (isFull) list.pop();
    insert(list, slot, ranking);
    if (list.length === wanted) worst = loosely(ranking.keyOf(list[wanted - 1]!));
  }
  return list;
}

function insert(list: number[], slot: number, ranking: Ranking): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranking.compare(slot, list[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  list.splice(low, 0, slot);
}

/** A little more than `key`: what is above it is worse, whatever the last bits of a double say. */
function loosely(key: number): number {
  return key + Math.abs(key) * 1e-10;
}

let list = new Int32Array(1_024);
let bits = new Uint32Array(33);
/** One list for all searches: each is done before the next begins. */
function scratch(length: number): Int32Array {
  if (list.length < length) {
    list = new Int32Array(Math.max(length, 2 * list.length));
    bits = new Uint32Array((list.length >>> 5) + 1);
  }
  return list;
}
