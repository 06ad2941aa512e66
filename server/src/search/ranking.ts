/** The orders a search can be in. Each is total: what is equal in it is ordered by id. */
import { compare, rational } from '@seam/coal';
import { type Destination, type Distances, isClear } from './destination.ts';
import type { Lots } from './lots.ts';

export type Ranking = {
  /** The same name is the same order. */
  readonly name: string;
  /** Not negative; Infinity for lots that have no such value, which are last. */
  readonly keyOf: (slot: number) => number;
  readonly compare: (a: number, b: number) => number;
  /** The value of a lot, exactly, as a page mark keeps it; '' for lots without one. */
  readonly markOf: (slot: number) => string;
  /** Whether a lot comes behind the one of that mark and id; undefined for a mark that is none of ours. */
  readonly after: (mark: string, id: string) => ((slot: number) => boolean) | undefined;
};

/** Ids rise in time. */
export function byNewest(lots: Lots): Ranking {
  return {
    name: 'newest',
    keyOf: (slot) => ID_KEY_MAX - idKey(lots.ids[slot]!),
    compare: (a, b) => -byId(lots.ids[a]!, lots.ids[b]!),
    markOf: () => '',
    after: (mark, id) => (mark === '' ? (slot) => lots.ids[slot]! < id : undefined),
  };
}

/** Lots without a price of this currency last. */
export function byPrice(lots: Lots, currency: string): Ranking {
  const keyOf = (slot: number): number => {
    const price = lots.real.price[slot]!;
    const isIt = lots.words.currency.values[lots.whole.currency[slot]!] === currency;
    return isIt && !Number.isNaN(price) ? price : Number.POSITIVE_INFINITY;
  };
  return simple(lots, `price.${currency}`, keyOf);
}

/** Lots without coordinates last. */
export function byDistance(lots: Lots, name: string, distances: Distances): Ranking {
  const keyOf = (slot: number): number => {
    const km = distances.ofLot(slot);
    return Number.isNaN(km) ? Number.POSITIVE_INFINITY : km;
  };
  return simple(lots, `distance.${name}`, keyOf);
}

export function byLandedCost(lots: Lots, name: string, destination: Destination): Ranking {
  return {
    name: `landed.${name}`,
    keyOf: (slot) => destination.perGigajoule(slot),
    compare: (a, b) => destination.compare(a, b) || byId(lots.ids[a]!, lots.ids[b]!),
    markOf: (slot) => {
      const cost = destination.exact(slot)?.perGigajoule;
      return cost ? `${cost.numerator}/${cost.denominator}` : '';
    },
    after: (mark, id) => afterCost(lots, destination, mark, id),
  };
}

/** Whole numbers, which doubles hold exactly. */
function simple(lots: Lots, name: string, keyOf: (slot: number) => number): Ranking {
  return {
    name,
    keyOf,
    compare: (a, b) => {
      const [left, right] = [keyOf(a), keyOf(b)];
      return left === right ? byId(lots.ids[a]!, lots.ids[b]!) : left < right ? -1 : 1;
    },
    markOf: (slot) => (Number.isFinite(keyOf(slot)) ? String(keyOf(slot)) : ''),
    after: (mark, id) => {
      if (!/^\d{0,16}$/.test(mark)) return undefined;
      const key = mark === '' ? Number.POSITIVE_INFINITY : Number(mark);
      return (slot) => keyOf(slot) > key || (keyOf(slot) === key && lots.ids[slot]! > id);
    },
  };
}

function afterCost(
  lots: Lots,
  destination: Destination,
  mark: string,
  id: string,
): ((slot: number) => boolean) | undefined {
  const isBehindId = (slot: number): boolean => lots.ids[slot]! > id;
  if (mark === '')
    return (slot) => destination.perGigajoule(slot) === Number.POSITIVE_INFINITY && isBehindId(slot);
  const [, numerator, denominator] = /^(\d{1,60})\/([1-9]\d{0,60})$/.exec(mark) ?? [];
  if (numerator === undefined || denominator === undefined) return undefined;
  const cost = rational(BigInt(numerator), BigInt(denominator));
  const near = Number(cost.numerator) / Number(cost.denominator);
  return (slot) => {
    const own = destination.perGigajoule(slot);
    if (isClear(own, near)) return own > near;
    const order = compare(destination.exact(slot)!.perGigajoule, cost);
    return order > 0 || (order === 0 && isBehindId(slot));
  };
}

export function byId(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const ALPHABET = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const DIGIT = new Int8Array(128);
[...ALPHABET].forEach((character, digit) => (DIGIT[character.charCodeAt(0)] = digit));
const ID_CHARACTERS = 8;
const ID_KEY_MAX = 64 ** ID_CHARACTERS;

/** Grows as ids do, as far as their first characters say. */
export function idKey(id: string): number {
  let key = 0;
  for (let at = 0; at < ID_CHARACTERS; at += 1)
    key = key * 64 + (at < id.length ? DIGIT[id.charCodeAt(at) & 127]! : 0);
  return key;
}
