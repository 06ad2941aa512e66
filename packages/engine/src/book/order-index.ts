/**
 * Order id → slot, in flat arrays: ids are dense and mostly recent, so they index pages of 1,024.
 *
 * A page without a living order goes back to the free list. Memory for a market living years: 4 bytes per
 * 1,024 ids ever used (a billion orders: 4 MB), and 4 KB for each run of 1,024 ids with an order still
 * alive in it, so at worst 4 KB a living order.
 */
const PAGE_BITS = 10;
const PAGE = 1 << PAGE_BITS;
const WITHIN = PAGE - 1;

export class OrderIndex {
  /** Page number → offset of its entries; 0: no page. */
  #directory = new Int32Array(256);
  /** Entries, page after page. The first page is never given out and stays empty. */
  #slots = new Int32Array(PAGE * 2);
  /** Living orders of each page, by offset / PAGE. */
  #living = new Int32Array(2);
  /** Free pages, a stack of offsets. Their entries are all zero. */
  #spare = new Int32Array(2);
  #spares = 0;
  #unused = PAGE;

  /** The slot of `id`, 0 when it does not rest here. Any number may be asked for. */
  get(id: number): number {
    const page = id >>> PAGE_BITS;
    if (page >= this.#directory.length) return 0;
    return this.#slots[this.#directory[page]! + (id & WITHIN)]!;
  }

  /** `id` is in 1..2^31-1 and not here yet. */
  set(id: number, slot: number): void {
    const page = id >>> PAGE_BITS;
    if (page >= this.#directory.length) this.#directory = grown(this.#directory, page + 1);
    let offset = this.#directory[page]!;
    if (offset === 0) offset = this.#open(page);
    this.#slots[offset + (id & WITHIN)] = slot;
    this.#living[offset >>> PAGE_BITS]!++;
  }

  /** `id` is here. */
  delete(id: number): void {
    const page = id >>> PAGE_BITS;
    const offset = this.#directory[page]!;
    this.#slots[offset + (id & WITHIN)] = 0;
    const living = this.#living[offset >>> PAGE_BITS]! - 1;
    this.#living[offset >>> PAGE_BITS] = living;
    if (living !== 0) return;
    this.#directory[page] = 0;
    this.#spare[this.#spares++] = offset;
  }

  /** Bytes held: what the promise above is measured by. */
  get bytes(): number {
    const all = [this.#directory, this.#slots, this.#living, this.#spare];
    return all.reduce((sum, array) => sum + array.byteLength, 0);
  }

  #open(page: number): number {
    let offset: number;
    if (this.#spares > 0) offset = this.#spare[--this.#spares]!;
    else {
      offset = this.#unused;
      this.#unused += PAGE;
      if (this.#unused > this.#slots.length) {
        this.#slots = grown(this.#slots, this.#unused);
        this.#living = grown(this.#living, this.#slots.length / PAGE);
        this.#spare = grown(this.#spare, this.#slots.length / PAGE);
      }
    }
    this.#directory[page] = offset;
    return offset;
  }
}

function grown(array: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  let length = array.length;
  while (length < least) length *= 2;
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
