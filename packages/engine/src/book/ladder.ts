/**
 * One side of the book: a queue of orders at each price, the best first.
 *
 * Prices are turned into keys of which the lower is the better on either side (a buy's key is its
 * negative), so there is one direction to search. A window of keys has a level each; three layers of
 * bitmaps find the next level that is not empty. The window moves and doubles to cover what rests, so
 * its memory follows the range of prices in use and not the width of the band.
 */
import { AT, ID, LEFT, NEXT, PREV, type Pool } from './pool.ts';
import { BUY, type Level, SPAN_MAX, type Side } from './types.ts';

/** HEAD, TAIL and COUNT of a level; the fourth field makes the stride a shift. */
const LEVEL_BITS = 2;
const TAIL = 1;
const COUNT = 2;
const WINDOW_MIN = 1_024;

export class Ladder {
  readonly side: Side;
  readonly #pool: Pool;
  /** Key of index 0. */
  base = 0;
  width = WINDOW_MIN;
  /** HEAD, TAIL, COUNT by index. */
  levels = new Int32Array(WINDOW_MIN << LEVEL_BITS);
  /** Total lots by index: sums of 32-bit quantities, exact in a double. */
  totals = new Float64Array(WINDOW_MIN);
  /** Index of the best level; `width` when the side is empty. */
  best = WINDOW_MIN;
  #bits = new Int32Array(WINDOW_MIN >>> 5);
  #words = new Int32Array(1);
  #blocks = new Int32Array(1);

  constructor(side: Side, pool: Pool) {
    this.side = side;
    this.#pool = pool;
  }

  get empty(): boolean {
    return this.best === this.width;
  }

  key(price: number): number {
    return this.side === BUY ? 0 - price : price;
  }

  /** Price of the level at `index`. */
  price(index: number): number {
    return this.side === BUY ? 0 - (this.base + index) : this.base + index;
  }

  head(index: number): number {
    return this.levels[index << LEVEL_BITS]!;
  }

  level(index: number): Level {
    const orders = this.levels[(index << LEVEL_BITS) + COUNT]!;
    return { price: this.price(index), quantity: this.totals[index]!, orders };
  }

  /** Index of `price` when a level of the window has it, else -1. */
  find(price: number): number {
    const index = this.key(price) - this.base;
    return index >= 0 && index < this.width && this.head(index) !== 0 ? index : -1;
  }

  /** The next level that is not empty after `index` (worse), `width` when there is none. */
  next(index: number): number {
    let word = index >>> 5;
    let bits = this.#bits[word]! & (-2 << (index & 31));
    if (bits !== 0) return (word << 5) + lowest(bits);
    let block = word >>> 5;
    bits = this.#words[block]! & (-2 << (word & 31));
    if (bits === 0) {
      block = this.#nextBlock(block);
      if (block < 0) return this.width;
      bits = this.#words[block]!;
    }
    word = (block << 5) + lowest(bits);
    return (word << 5) + lowest(this.#bits[word]!);
  }

  #nextBlock(block: number): number {
    let top = block >>> 5;
    let bits = this.#blocks[top]! & (-2 << (block & 31));
    while (bits === 0) {
      if (++top >= this.#blocks.length) return -1;
      bits = this.#blocks[top]!;
    }
    return (top << 5) + lowest(bits);
  }

  /**
   * Makes room for `price`. False, with nothing changed, when what rests would then span more than SPAN_MAX:
   * a question of what rests, never of where the window happens to be.
   */
  reach(price: number): boolean {
    const index = this.key(price) - this.base;
    return (index >= 0 && index < this.width && this.width <= SPAN_MAX) || this.#move(this.key(price));
  }

  /** Lowest and highest price that `reach` can make room for. */
  reachable(): { low: number; high: number } {
    if (this.empty) return { low: -Infinity, high: Infinity };
    const a = this.price(this.best);
    const b = this.price(this.#worst());
    return { low: Math.max(a, b) - SPAN_MAX + 1, high: Math.min(a, b) + SPAN_MAX - 1 };
  }

  /** Puts an order, whose fields but the links are set, at the end of its price's queue. Room is made. */
  append(slot: number): void {
    const pool = this.#pool.data;
    const index = this.key(pool[slot + AT]!) - this.base;
    const at = index << LEVEL_BITS;
    const levels = this.levels;
    const tail = levels[at + TAIL]!;
    pool[slot + NEXT] = 0;
    pool[slot + PREV] = tail;
    if (tail === 0) {
      levels[at] = slot;
      this.#mark(index);
      if (index < this.best) this.best = index;
    } else pool[tail + NEXT] = slot;
    levels[at + TAIL] = slot;
    levels[at + COUNT]!++;
    this.totals[index]! += pool[slot + LEFT]!;
  }

  /** Takes an order with what is left of it out of its queue. */
  unlink(slot: number): void {
    const pool = this.#pool.data;
    const index = this.key(pool[slot + AT]!) - this.base;
    this.totals[index]! -= pool[slot + LEFT]!;
    this.detach(slot, index);
    if (this.head(index) === 0) this.clear(index);
  }

  /** Takes some of what is left of an order, not all, in its place. */
  lower(slot: number, quantity: number): void {
    const pool = this.#pool.data;
    pool[slot + LEFT]! -= quantity;
    this.totals[this.key(pool[slot + AT]!) - this.base]! -= quantity;
  }

  /** Takes an order out of the queue at `index`, leaving totals and an emptied level to the caller. */
  detach(slot: number, index: number): void {
    const pool = this.#pool.data;
    const levels = this.levels;
    const at = index << LEVEL_BITS;
    const next = pool[slot + NEXT]!;
    const prev = pool[slot + PREV]!;
    if (prev === 0) levels[at] = next;
    else pool[prev + NEXT] = next;
    if (next === 0) levels[at + TAIL] = prev;
    else pool[next + PREV] = prev;
    levels[at + COUNT]!--;
  }

  /** Forgets the level at `index`, which has just lost its last order. */
  clear(index: number): void {
    const word = index >>> 5;
    const bits = (this.#bits[word]! &= ~(1 << (index & 31)));
    if (bits === 0) {
      const block = word >>> 5;
      const words = (this.#words[block]! &= ~(1 << (word & 31)));
      if (words === 0) this.#blocks[block >>> 5]! &= ~(1 << (block & 31));
    }
    if (index === this.best) this.best = this.next(index);
  }

  #mark(index: number): void {
    const word = index >>> 5;
    const block = word >>> 5;
    this.#bits[word]! |= 1 << (index & 31);
    this.#words[block]! |= 1 << (word & 31);
    this.#blocks[block >>> 5]! |= 1 << (block & 31);
  }

  /** Index of the worst level of a side that is not empty. */
  #worst(): number {
    let top = this.#blocks.length - 1;
    while (this.#blocks[top] === 0) top--;
    const block = (top << 5) + highest(this.#blocks[top]!);
    const word = (block << 5) + highest(this.#words[block]!);
    return (word << 5) + highest(this.#bits[word]!);
  }

  /**
   * Moves the window so that it covers what rests and `key`, twice as wide as that needs. Costs a few
   * steps a level; memory is taken only when the window must be wider than it has ever been.
   */
  #move(key: number): boolean {
    const first = this.empty ? key : Math.min(key, this.base + this.best);
    const last = this.empty ? key : Math.max(key, this.base + this.#worst());
    const span = last - first + 1;
    if (span > SPAN_MAX) return false;
    if (first >= this.base && last < this.base + this.width) return true;
    const kept = Array.from(this.indexes(), (index) => {
      const at = index << LEVEL_BITS;
      return { key: this.base + index, total: this.totals[index]!, fields: this.levels.slice(at, at + 3) };
    });
    for (const level of kept) this.#wipe(level.key - this.base);
    let width = this.width;
    while (width < span * 2) width *= 2;
    if (width > this.width) this.#widen(width);
    this.base = first - ((width - span) >>> 1);
    this.best = width;
    for (const level of kept) {
      const index = level.key - this.base;
      this.levels.set(level.fields, index << LEVEL_BITS);
      this.totals[index] = level.total;
      this.#mark(index);
      if (index < this.best) this.best = index;
    }
    return true;
  }

  #wipe(index: number): void {
    this.levels.fill(0, index << LEVEL_BITS, (index + 1) << LEVEL_BITS);
    this.totals[index] = 0;
    this.#bits[index >>> 5] = 0;
    this.#words[index >>> 10] = 0;
    this.#blocks[index >>> 15] = 0;
  }

  #widen(width: number): void {
    this.width = width;
    this.levels = new Int32Array(width << LEVEL_BITS);
    this.totals = new Float64Array(width);
    this.#bits = new Int32Array(width >>> 5);
    this.#words = new Int32Array(Math.max(1, width >>> 10));
    this.#blocks = new Int32Array(Math.max(1, width >>> 15));
  }

  /** Every level, best first. */
  *indexes(): Generator<number> {
    for (let index = this.best; index < this.width; index = this.next(index)) yield index;
  }

  /** Slots of the orders at `index`, first in time first. */
  *slots(index: number): Generator<number> {
    for (let slot = this.head(index); slot !== 0; slot = this.#pool.data[slot + NEXT]!) yield slot;
  }

  /** Ids at `index` in order: for reading, not for the hot path. */
  ids(index: number): number[] {
    return Array.from(this.slots(index), (slot) => this.#pool.data[slot + ID]!);
  }
}

/** Number of the lowest bit set. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & (0 - bits));
}

/** Number of the highest bit set. */
function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}
