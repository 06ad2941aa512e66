/**
 * Memory for resting orders: eight 32-bit fields an order, one array for all, a free list through NEXT.
 *
 * A slot is the offset of an order's first field, so no multiplication stands between a link and the
 * order. Slot 0 is nobody. The array doubles when full; slots keep their numbers.
 */
export const SLOT = 8;
export const NEXT = 0;
export const PREV = 1;
export const LEFT = 2;
export const AT = 3;
export const ID = 4;
/** Bit 0: side. FLAG.CREDIT: settles on a credit line. */
export const KIND = 5;
export const ACCOUNT = 6;
export const GROUP = 7;

export class Pool {
  data: Int32Array;
  /** How many orders live here. */
  live = 0;
  #free = 0;
  #unused = SLOT;

  constructor(capacity: number) {
    this.data = new Int32Array((Math.max(1, capacity) + 1) * SLOT);
  }

  take(): number {
    this.live++;
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.data[slot + NEXT]!;
      return slot;
    }
    if (this.#unused === this.data.length) this.#grow();
    const fresh = this.#unused;
    this.#unused = fresh + SLOT;
    return fresh;
  }

  give(slot: number): void {
    this.live--;
    this.data[slot + NEXT] = this.#free;
    this.#free = slot;
  }

  #grow(): void {
    const larger = new Int32Array(this.data.length * 2);
    larger.set(this.data);
    this.data = larger;
  }
}
