/**
 * Finds a page of lots. Where their order is known and sets of lots stand in it, it is read from the front.
 * Where they do not yet, the order is walked: what many lots fit is full after a few steps. Else the bits
 * say, thirty-two lots at a time, who may fit; then either the order is walked past all others, or those few
 * are looked at and the best are picked, whichever is the shorter. A way that turns out long is given up, so
 * no search costs much more than the shortest.
 */
import { type BitSet, countBits, hasBit, narrow, slotsOf } from './bits.ts';
import { type Test, cheapFirst, passes } from './filter.ts';
import { fromTheFront } from './first-places.ts';
import type { Lots } from './lots.ts';
import { GONE, type Order } from './order.ts';
import type { Ranking } from './ranking.ts';

/** How far an order is walked rather than do the other: in steps along it. */
export type Patience = {
  /** Rather than narrow thirty-two lots by all bits. */
  readonly ofAWord: number;
  /** Rather than look at one lot for its place in the order. */
  readonly ofALook: number;
  /** Rather than read a word of the whole: looks at lots of which bits say only that they may fit. */
  readonly ofAMiss: number;
};
/** As measured; tests have none, or much. */
export const PATIENCE: Patience = { ofAWord: 0.3, ofALook: 2, ofAMiss: 1 };

export type Found = { readonly slots: readonly number[]; readonly hasMore: boolean };

export type Page = {
  readonly tests: readonly Test[];
  /** Lots on the market. */
  readonly open: Uint32Array;
  readonly ranking: Ranking;
  /** Not yet made: then everything that fits is looked at. */
  readonly order: Order | undefined;
  /** Whether a lot comes behind the page before; undefined for the first page. */
  readonly isAfter: ((slot: number) => boolean) | undefined;
  readonly limit: number;
  readonly patience: Patience;
};

export function findPage(lots: Lots, page: Page): Found {
  const wanted = page.limit + 1;
  const slots = ahead(lots, page, wanted) ?? atOnce(lots, page, wanted) ?? narrowed(lots, page, wanted);
  return { slots: slots.slice(0, page.limit), hasMore: slots.length > page.limit };
}

/** By sets that stand in the order's own places. */
function ahead(lots: Lots, page: Page, wanted: number): number[] | undefined {
  const { order, isAfter, tests, open } = page;
  const missesMax = wordsOf(lots) * page.patience.ofAMiss;
  if (!order || missesMax === 0) return undefined;
  const from = isAfter ? order.firstAfter(isAfter) : 0;
  const found = fromTheFront({ tests, order, from, count: wanted, missesMax });
  return found && withBeside(page, { bits: open, count: 0, rest: tests }, found, wanted);
}

function atOnce(lots: Lots, page: Page, wanted: number): number[] | undefined {
  const steps = wordsOf(lots) * page.patience.ofAWord;
  return walk(page, { bits: page.open, count: 0, rest: cheapFirst(page.tests) }, wanted, steps);
}

function narrowed(lots: Lots, page: Page, wanted: number): number[] {
  const candidates = candidatesOf(lots, page.tests);
  const { order } = page;
  if (!order) return best(listed(lots, candidates), page, wanted);
  return (
    walk(page, candidates, wanted, candidates.count * page.patience.ofALook) ??
    withBeside(page, candidates, firstPlaces(order, listed(lots, candidates), page, wanted), wanted)
  );
}

/** The slots of everything that fits, in no order; valid until the next search. */
export function matching(lots: Lots, tests: readonly Test[]): Int32Array {
  return listed(lots, candidatesOf(lots, tests));
}

/** Who may fit as far as bits say, how many, and what is left to ask of each; valid until the next search. */
type Candidates = { readonly bits: Uint32Array; readonly count: number; readonly rest: readonly Test[] };

function candidatesOf(lots: Lots, tests: readonly Test[]): Candidates {
  const words = wordsOf(lots);
  makeRoom(lots.top);
  bits.fill(ALL, 0, words);
  narrow(bits, setsOf(tests), words);
  const rest = tests.filter(({ most, sure }) => most === undefined || most !== sure);
  return { bits, count: countBits(bits, words), rest: cheapFirst(rest) };
}

function setsOf(tests: readonly Test[]): BitSet[] {
  return tests.flatMap(({ most }) => most ?? []);
}

/** Who fits. Of many, each condition asks only those of whom its own bits are in doubt. */
function listed(lots: Lots, { bits: maybe, count, rest }: Candidates): Int32Array {
  const words = wordsOf(lots);
  const isMany = count > words * SETTLE_FROM;
  if (isMany) for (const test of rest) if (test.sure) settle(maybe, words, test);
  const asked = isMany ? rest.filter(({ sure }) => sure === undefined) : rest;
  const length = slotsOf(maybe, words, list);
  if (asked.length === 0) return list.subarray(0, length);
  let kept = 0;
  for (let at = 0; at < length; at += 1) {
    const slot = list[at]!;
    if (passes(asked, slot)) list[kept++] = slot;
  }
  return list.subarray(0, kept);
}

/** Strikes those who do not fit. Who fits for certain is not asked. */
function settle(maybe: Uint32Array, words: number, { fits, sure }: Test): void {
  const { yes, no } = sure!;
  for (let at = 0; at < words; at += 1) {
    const all = maybe[at]!;
    if (all === 0) continue;
    const certain = (yes ? yes[at]! : ALL) & ~(no ? no[at]! : 0);
    let left = all;
    for (let doubted = all & ~certain; doubted !== 0; doubted &= doubted - 1) {
      const lowest = doubted & -doubted;
      if (!fits((at << 5) + 31 - Math.clz32(lowest))) left &= ~lowest;
    }
    maybe[at] = left;
  }
}

function walk(page: Page, candidates: Candidates, wanted: number, steps: number): number[] | undefined {
  const { order, isAfter } = page;
  const { bits: maybe, rest } = candidates;
  if (!order || steps < wanted) return undefined;
  const found: number[] = [];
  const { length } = order;
  // Every lot that is found buys as many steps as the page can spend on one.
  const pace = steps / wanted;
  let place = isAfter ? order.firstAfter(isAfter) : 0;
  for (let last = place + pace; place < length && found.length < wanted; place += 1) {
    if (place > last) return undefined;
    const slot = order.slotAt(place);
    if (!hasBit(maybe, slot) || order.isStale(slot) || !passes(rest, slot)) continue;
    found.push(slot);
    last += pace;
  }
  return withBeside(page, candidates, found, wanted);
}

/** Lots that changed since the order was made stand beside it. */
function withBeside(
  { order, isAfter, ranking }: Page,
  { bits: maybe, rest }: Candidates,
  found: number[],
  wanted: number,
): number[] {
  const beside = order?.beside.filter(
    (slot) => hasBit(maybe, slot) && passes(rest, slot) && (!isAfter || isAfter(slot)),
  );
  return beside?.length ? [...found, ...beside].sort(ranking.compare).slice(0, wanted) : found;
}

/** The first `wanted` of those that stand in the order: a short sorted list that better ones push through. */
function firstPlaces(order: Order, slots: Int32Array, { isAfter }: Page, wanted: number): number[] {
  const { places } = order;
  const begin = isAfter ? order.firstAfter(isAfter) : 0;
  const sorted = new Int32Array(wanted).fill(GONE);
  let worst = GONE;
  for (let each = 0; each < slots.length; each += 1) {
    const slot = slots[each]!;
    const place = slot < places.length ? places[slot]! : GONE;
    if (place >= worst || place < begin) continue;
    let at = wanted - 1;
    for (; at > 0 && sorted[at - 1]! > place; at -= 1) sorted[at] = sorted[at - 1]!;
    sorted[at] = place;
    worst = sorted[wanted - 1]!;
  }
  return [...sorted].filter((place) => place !== GONE).map((place) => order.slotAt(place));
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

function wordsOf({ top }: Lots): number {
  return (top + 31) >>> 5;
}

const ALL = 0xffff_ffff;
/** With so many candidates a word, a pass of the bits for each condition costs less than to ask each lot all of them. */
const SETTLE_FROM = 0.5;
let list = new Int32Array(1_024);
let bits = new Uint32Array(33);
/** One list for all searches: each is done before the next begins. */
function makeRoom(length: number): void {
  if (list.length >= length) return;
  list = new Int32Array(Math.max(length, 2 * list.length));
  bits = new Uint32Array((list.length >>> 5) + 1);
}
