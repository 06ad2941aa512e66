/**
 * Who trades in the book: dense account numbers with an owner group, an exposure and credit lines.
 *
 * Exposure is counted in tick-lots: every lot an account has bound itself to, open or executed, at the
 * limit price of its own order. Executing therefore changes nothing; placing adds, cancelling and reducing
 * subtract, and `release` subtracts what has been settled or secured elsewhere. All are integers below
 * 2^53, so the sums are exact in any order.
 */
import { assert } from '../assert.ts';
import { AMOUNT_MAX, NO_GROUP } from './types.ts';

export class Accounts {
  count = 0;
  /** Owner group of each account. */
  groups = new Int32Array(64);
  exposures = new Float64Array(64);
  limits = new Float64Array(64);
  /** Credit lines granted by an account, a bit for each other account. */
  readonly #granted: Int32Array[] = [];
  /** Lines that both have granted. */
  readonly #mutual: Int32Array[] = [];

  readonly #limitAtFirst: number;

  /** `limit`: of each account until it is given one. Infinity: exposure need not be exact, nothing asks for it. */
  constructor(limit: number) {
    this.#limitAtFirst = limit;
  }

  /**
   * Registers the next account, numbers 0, 1, 2 …, without a limit of its own.
   * `group`: accounts with the same positive number never trade with each other.
   */
  open(group: number): number {
    assert(Number.isInteger(group) && group >= NO_GROUP && group < 2 ** 31, `owner group ${group}`);
    const account = this.count++;
    if (account === this.groups.length) this.#grow();
    this.groups[account] = group;
    this.limits[account] = this.#limitAtFirst;
    this.#granted.push(EMPTY);
    this.#mutual.push(EMPTY);
    return account;
  }

  has(account: number): boolean {
    return account >= 0 && account < this.count;
  }

  /** Largest exposure that a new order may lead to, tick-lots. What is already there stays. */
  setLimit(account: number, limit: number): void {
    assert(this.has(account) && Number.isInteger(limit), `exposure limit ${limit} of ${account}`);
    assert(limit >= 0 && limit <= AMOUNT_MAX, `exposure limit ${limit} out of range`);
    this.limits[account] = limit;
  }

  limit(account: number): number {
    return this.limits[account]!;
  }

  /** What an account is bound to, tick-lots. */
  exposure(account: number): number {
    return this.exposures[account]!;
  }

  /** Adds what an account is bound to (recovery) or, negative, gives back what is settled elsewhere. */
  expose(account: number, amount: number): void {
    const exposure = this.exposures[account]! + amount;
    assert(this.has(account) && Number.isSafeInteger(exposure), `exposure ${exposure} of ${account}`);
    assert(exposure >= 0, `exposure ${exposure} of ${account}`);
    this.exposures[account] = exposure;
  }

  /** `from` grants or withdraws its line for `to`. They trade on credit only while both have granted. */
  setCreditLine(from: number, to: number, granted: boolean): void {
    assert(this.has(from) && this.has(to), `credit line ${from} to ${to}`);
    setBit(this.#granted, from, to, granted);
    const mutual = granted && bit(this.#granted[to]!, from);
    setBit(this.#mutual, from, to, mutual);
    setBit(this.#mutual, to, from, mutual);
  }

  hasCreditLine(from: number, to: number): boolean {
    return bit(this.#granted[from]!, to);
  }

  /** Accounts that `account` grants a line to, rising. */
  lines(account: number): number[] {
    const all = Array.from({ length: this.count }, (_, other) => other);
    return all.filter((other) => bit(this.#granted[account]!, other));
  }

  /** The accounts that `account` may trade with on credit: ask `bit`. */
  partners(account: number): Int32Array {
    return this.#mutual[account]!;
  }

  #grow(): void {
    const length = this.groups.length * 2;
    this.groups = copied(new Int32Array(length), this.groups);
    this.exposures = copied(new Float64Array(length), this.exposures);
    this.limits = copied(new Float64Array(length), this.limits);
  }
}

const EMPTY = new Int32Array(0);

export function bit(row: Int32Array, place: number): boolean {
  const word = place >>> 5;
  return word < row.length && ((row[word]! >>> (place & 31)) & 1) === 1;
}

function setBit(rows: Int32Array[], row: number, place: number, on: boolean): void {
  let words = rows[row]!;
  const word = place >>> 5;
  if (word >= words.length) {
    if (!on) return;
    words = copied(new Int32Array(Math.max(word + 1, words.length * 2)), words);
    rows[row] = words;
  }
  if (on) words[word]! |= 1 << (place & 31);
  else words[word]! &= ~(1 << (place & 31));
}

function copied<Array extends Int32Array | Float64Array>(to: Array, from: Array): Array {
  to.set(from);
  return to;
}
