/**
 * Finds a page of lots. First the bits: thirty-two lots at a time, words and the edges of ranges say who may
 * fit. Where many do and their order is known, it is walked until the page is full; where few do, they are
 * looked at one by one and the best are picked. A walk that turns out long is given up for the scan, so no
 * search costs more than both.
 */
import { type Test, countBits, hasBit, intersect, isDecided, passes, slotsOf, strike } from './filter.ts';
import type { Lots } from './lots.ts';
import type { Order } from './order.ts';
import type { Ranking } from './ranking.ts';

/** Enough to tell one in ten from one in fifty. */
const SAMPLE = 64;
/** Looking at a lot for its cost takes about as long as so many steps along an order. */
export const STEPS_OF_A_LOOK = 5;

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
    readonly stepsOfALook: number;
  },
): Found {
  const wanted = of.limit + 1;
  const candidates = candidatesOf(lots, of.tests);
  const affordable = Math.ceil(candidates.length * of.stepsOfALook);
  const share = candidates.length === 0 ? 0 : sampled(candidates) / Math.max(1, lots.top);
  const walk =
    of.order && share * affordable >= wanted
      ? walkOrder(of.order, candidates, of, wanted, affordable)
      : undefined;
  const slots = walk ?? best(listed(candidates), of, wanted);
  return { slots: slots.slice(0, of.limit), hasMore: slots.length > of.limit };
}

/** The slots of everything that fits, in no order; valid until the next search. */
export function matching(lots: Lots, tests: readonly Test[]): Int32Array {
  return listed(candidatesOf(lots, tests));
}

/** Who may fit as far as bits say, and what is left to ask of each; valid until the next search. */
type Candidates = {
  readonly bits: Uint32Array;
  readonly words: number;
  readonly length: number;
  readonly rest: readonly Test[];
};

function candidatesOf(lots: Lots, tests: readonly Test[]): Candidates {
  makeRoom(lots.top);
  const words = intersect(tests, lots.bitmaps.live, lots.top, bits);
  return { bits, words, length: countBits(bits, words), rest: cheapFirst(tests) };
}

/** Costs are worked out and names are looked up: last. */
const ASKED: readonly Test['kind'][] = ['whole', 'real', 'text', 'cost'];

function cheapFirst(tests: readonly Test[]): readonly Test[] {
  const rest = tests.filter((test) => !isDecided(test));
  return rest.sort((a, b) => ASKED.indexOf(a.kind) - ASKED.indexOf(b.kind));
}

/** About how many candidates meet the rest too, from a few of them spread evenly. */
function sampled({ bits: maybe, words, length, rest }: Candidates): number {
  if (rest.length === 0) return length;
  const stride = Math.max(1, Math.floor(words / SAMPLE));
  let asked = 0;
  let met = 0;
  for (let at = 0; at < words && asked < SAMPLE; at += stride) {
    const word = maybe[at]!;
    if (word === 0) continue;
    asked += 1;
    met += Number(passes(rest, (at << 5) + 31 - Math.clz32(word & -word)));
  }
  return asked === 0 ? length : (length * met) / asked;
}

function listed({ bits: maybe, words, rest }: Candidates): Int32Array {
  let length = slotsOf(maybe, words, list);
  for (const test of rest) length = strike(test, list, length);
  return list.subarray(0, length);
}

type Page = { readonly ranking: Ranking; readonly isAfter: ((slot: number) => boolean) | undefined };

/** @returns undefined when the page is not full after `affordable` lots. */
function walkOrder(
  order: Order,
  { bits: maybe, rest }: Candidates,
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
    const slot = order.slotAt(place);
    if (hasBit(maybe, slot) && !order.isStale(slot) && passes(rest, slot)) found.push(slot);
  }
  const beside = order.beside.filter(
    (slot) => hasBit(maybe, slot) && passes(rest, slot) && (!isAfter || isAfter(slot)),
  );
  return beside.length === 0 ? found : [...found, ...beside].sort(ranking.compare).slice(0, wanted);
}

/** The first `wanted` in order: a short sorted list that better ones push through. */
function best(slots: Int32Array, { ranking, isAfter }: Page, wanted: number): number[] {
  const sorted: number[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const slot of slots) {
    const isFull = sorted.length === wanted;
    // A double may say that it is worse; that it is better only the exact order says.
    if (isFull && ranking.keyOf(slot) > worst) continue;
    if (isAfter && !isAfter(slot)) continue;
    if (isFull && ranking.compare(slot, sorted[wanted - 1]!) >= 0) continue;
    if (isFull) sorted.pop();
    insert(sorted, slot, ranking);
    if (sorted.length === wanted) worst = loosely(ranking.keyOf(sorted[wanted - 1]!));
  }
  return sorted;
}

function insert(sorted: number[], slot: number, ranking: Ranking): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranking.compare(slot, sorted[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, slot);
}

/** A little more than `key`: what is above it is worse, whatever the last bits of a double say. */
function loosely(key: number): number {
  return key + Math.abs(key) * 1e-10;
}

let list = new Int32Array(1_024);
let bits = new Uint32Array(33);
/** One list for all searches: each is done before the next begins. */
function makeRoom(length: number): void {
  if (list.length >= length) return;
  list = new Int32Array(Math.max(length, 2 * list.length));
  bits = new Uint32Array((list.length >>> 5) + 1);
}
