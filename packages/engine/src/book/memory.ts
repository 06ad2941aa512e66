/**
 * Everything that rests, in flat arrays of one object, so that the hot path loads little and calls less.
 *
 * Orders: eight 32-bit fields each, at an offset called slot; slot 0 is nobody; free slots are chained by NEXT.
 *
 * Levels: a queue of orders for each price of a window, half a cache line each. A price becomes a key of which
 * the lower is the better on either side (a buy's key is its negative), so there is one direction to search. Buys have
 * levels 0..width-1, sells width..2·width-1, by rising key. Three layers of bitmaps find the next that is not empty.
 * The window moves and doubles to cover what rests (window.ts): memory follows the prices in use, not the band.
 *
 * Ids: pages of entries for runs of ids, given back when no order of a run lives (pages.ts).
 */
import { LEVEL_FIELD, ORDER_FIELD } from './layout.ts';
import { PAGE, PAGE_BITS, closePage, openPage } from './pages.ts';
import type { Side } from './types.ts';
import { moveWindow } from './window.ts';

const { NEXT, PREV, LEFT, AT, ID, KIND, ACCOUNT, GROUP, STRIDE } = ORDER_FIELD;
const { BITS: LEVEL_BITS, HEAD, TAIL, COUNT, TOTAL_BITS, TOTAL } = LEVEL_FIELD;

const WINDOW_MIN = 1_024;
const [BITS_OF_PAGE, WITHIN_PAGE] = [PAGE_BITS, PAGE - 1];
/** Pages the index starts with. */
const PAGES = 64;

export class Memory {
  orders: Int32Array;
  /** How many orders live here. */
  live = 0;
  free = 0;
  unused = STRIDE;

  width = WINDOW_MIN;
  levels = new Int32Array((2 * WINDOW_MIN) << LEVEL_BITS);
  /** The same bytes, for TOTAL. */
  totals = new Float64Array(this.levels.buffer);
  bits = new Int32Array((2 * WINDOW_MIN) >>> 5);
  words = new Int32Array((2 * WINDOW_MIN) >>> 10);
  blocks = new Int32Array(1);
  /** Best level of each side; one past its last, or more, when it is empty. */
  readonly best = new Int32Array([WINDOW_MIN, 2 * WINDOW_MIN]);
  /** What to add to a key of each side to have its level. */
  readonly origin = new Int32Array([0, WINDOW_MIN]);

  /** Page number → offset of its entries; 0: no page. The first page is never given out and stays empty. */
  directory = new Int32Array(PAGES);
  /** Slots by id, page after page. */
  entries = new Int32Array(PAGES * PAGE);
  /** Living orders of each page, by offset / PAGE. */
  living = new Int32Array(PAGES);
  /** Offsets of pages given back: a stack. */
  spare = new Int32Array(PAGES);
  spares = 0;
  pagesUsed = 1;

  constructor(capacity: number) {
    this.orders = new Int32Array((Math.max(1, capacity) + 1) * STRIDE);
  }

  /** The slot of `id`, a positive 32-bit integer; 0 when it does not rest. */
  find(id: number): number {
    const page = id >>> BITS_OF_PAGE;
    if (page >= this.directory.length) return 0;
    return this.entries[this.directory[page]! + (id & WITHIN_PAGE)]!;
  }

  /** Level of a price, in the window or not. */
  level(side: Side, price: number): number {
    const sign = side - 1;
    return (price ^ sign) - sign + this.origin[side]!;
  }

  price(side: Side, level: number): number {
    const sign = side - 1;
    return ((level - this.origin[side]!) ^ sign) - sign;
  }

  /** One past the last level of a side. */
  end(side: Side): number {
    return (side + 1) * this.width;
  }

  /** Makes room for an order to rest at `price`; false when what rests would then span more than SPAN_MAX. */
  reach(side: Side, price: number): boolean {
    const place = this.level(side, price) - side * this.width;
    return (place >= 0 && place < this.width) || moveWindow(this, side, price);
  }

  /** Puts an order at the end of the queue of its price, for which there is room. */
  enter(id: number, account: number, group: number, kind: number, price: number, quantity: number): void {
    const slot = this.free !== 0 ? this.free : this.#fresh();
    const { orders, levels } = this;
    this.free = orders[slot + NEXT]!;
    const level = this.level((kind & 1) as Side, price);
    const at = level << LEVEL_BITS;
    const tail = levels[at + TAIL]!;
    orders[slot + NEXT] = 0;
    orders[slot + PREV] = tail;
    orders[slot + LEFT] = quantity;
    orders[slot + AT] = price;
    orders[slot + ID] = id;
    orders[slot + KIND] = kind;
    orders[slot + ACCOUNT] = account;
    orders[slot + GROUP] = group;
    if (tail !== 0) orders[tail + NEXT] = slot;
    else {
      levels[at + HEAD] = slot;
      this.mark(level);
      if (level < this.best[kind & 1]!) this.best[kind & 1] = level;
    }
    levels[at + TAIL] = slot;
    levels[at + COUNT]!++;
    this.totals[(level << TOTAL_BITS) + TOTAL]! += quantity;
    this.live++;
    const page = id >>> BITS_OF_PAGE;
    let offset = page < this.directory.length ? this.directory[page]! : 0;
    if (offset === 0) offset = openPage(this, page);
    this.entries[offset + (id & WITHIN_PAGE)] = slot;
    this.living[offset >>> BITS_OF_PAGE]!++;
  }

  /** Takes an order with what is left of it out of its queue and forgets it. */
  leave(slot: number): void {
    const { orders } = this;
    const side = (orders[slot + KIND]! & 1) as Side;
    const level = this.level(side, orders[slot + AT]!);
    this.totals[(level << TOTAL_BITS) + TOTAL]! -= orders[slot + LEFT]!;
    this.detach(slot, level);
    if (this.levels[level << LEVEL_BITS] === 0) this.clear(level, side);
  }

  /** As `leave`, with the level's total, and the level when that was its last order, left to the caller. */
  detach(slot: number, level: number): void {
    const { orders, levels } = this;
    const at = level << LEVEL_BITS;
    const next = orders[slot + NEXT]!;
    const prev = orders[slot + PREV]!;
    if (prev === 0) levels[at + HEAD] = next;
    else orders[prev + NEXT] = next;
    if (next === 0) levels[at + TAIL] = prev;
    else orders[next + PREV] = prev;
    levels[at + COUNT]!--;
    const id = orders[slot + ID]!;
    const page = id >>> BITS_OF_PAGE;
    const offset = this.directory[page]!;
    this.entries[offset + (id & WITHIN_PAGE)] = 0;
    const living = this.living[offset >>> BITS_OF_PAGE]! - 1;
    this.living[offset >>> BITS_OF_PAGE] = living;
    if (living === 0) closePage(this, page);
    orders[slot + NEXT] = this.free;
    this.free = slot;
    this.live--;
  }

  /** Takes some of what is left of an order, not all, in its place. */
  lower(slot: number, quantity: number): void {
    const { orders } = this;
    orders[slot + LEFT]! -= quantity;
    const level = this.level((orders[slot + KIND]! & 1) as Side, orders[slot + AT]!);
    this.totals[(level << TOTAL_BITS) + TOTAL]! -= quantity;
  }

  mark(level: number): void {
    const word = level >>> 5;
    const bits = this.bits[word]!;
    this.bits[word] = bits | (1 << (level & 31));
    if (bits !== 0) return;
    const block = word >>> 5;
    this.words[block]! |= 1 << (word & 31);
    this.blocks[block >>> 5]! |= 1 << (block & 31);
  }

  /** Forgets a level that has just lost its last order. */
  clear(level: number, side: Side): void {
    const word = level >>> 5;
    const bits = this.bits[word]! & ~(1 << (level & 31));
    this.bits[word] = bits;
    if (bits === 0) {
      const block = word >>> 5;
      const words = this.words[block]! & ~(1 << (word & 31));
      this.words[block] = words;
      if (words === 0) this.blocks[block >>> 5]! &= ~(1 << (block & 31));
    }
    if (level === this.best[side]) this.best[side] = this.next(level);
  }

  /** The next level after `level` that is not empty, of whichever side; past the last of all when there is none. */
  next(level: number): number {
    let word = level >>> 5;
    let bits = this.bits[word]! & (-2 << (level & 31));
    if (bits === 0) {
      let block = word >>> 5;
      bits = this.words[block]! & (-2 << (word & 31));
      if (bits === 0) {
        block = this.#nextBlock(block);
        if (block < 0) return 2 * this.width;
        bits = this.words[block]!;
      }
      word = (block << 5) + lowest(bits);
      bits = this.bits[word]!;
    }
    return (word << 5) + lowest(bits);
  }

  #nextBlock(block: number): number {
    const { blocks } = this;
    let top = block >>> 5;
    let bits = blocks[top]! & (-2 << (block & 31));
    while (bits === 0) {
      if (++top >= blocks.length) return -1;
      bits = blocks[top]!;
    }
    return (top << 5) + lowest(bits);
  }

  /** A slot never used, chained as if it were the only free one. Doubles the array when it is full. */
  #fresh(): number {
    if (this.unused === this.orders.length) {
      const larger = new Int32Array(this.orders.length * 2);
      larger.set(this.orders);
      this.orders = larger;
    }
    const slot = this.unused;
    this.unused += STRIDE;
    return slot;
  }
}

/** Number of the lowest bit set. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & (0 - bits));
}
