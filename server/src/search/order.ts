/**
 * All lots in one order, kept while lots change. The array is made once; a lot that changed since is skipped
 * in it and stands in a small list beside it, in order too. When that list has grown, the two become one.
 */
import type { Lots } from './lots.ts';
import { PlacedBits } from './placed-bits.ts';
import type { Ranking } from './ranking.ts';
import { sortSlots } from './sort-slots.ts';

/** Changes kept beside: looking through them costs less than a page; one merge is spread over so many. */
const BESIDE_MAX = 1_024;

/** Behind every place. */
export const GONE = 0x7fff_ffff;

export class Order {
  readonly ranking: Ranking;
  readonly #lots: Lots;
  #slots: Int32Array;
  /** By slot, its place in `#slots`. */
  #places: Int32Array;
  /** Slots that changed after this step are not what `#slots` thinks. */
  #madeAt: number;
  #seenAt: number;
  #beside = new Set<number>();
  #besideSorted: number[] = [];

  readonly #placed: PlacedBits;

  /**
   * @param inOrderOfId all lots, so that equal ones come out by id without being compared.
   * @param later when sets of lots are brought into this order.
   */
  constructor(lots: Lots, ranking: Ranking, inOrderOfId: Int32Array, later: (make: () => void) => void) {
    this.#lots = lots;
    this.#placed = new PlacedBits(() => this.#slots, later);
    this.ranking = ranking;
    this.#slots = sortSlots(inOrderOfId, ranking.keyOf, ranking.compare);
    this.#places = placesOf(this.#slots, lots.top);
    this.#madeAt = lots.step;
    this.#seenAt = lots.step;
  }

  /** Takes in what changed. @returns false when too much did: then this order has to be made anew. */
  catchUp(): boolean {
    const { step } = this.#lots;
    if (step === this.#seenAt) return true;
    const changed = this.#lots.changedSince(this.#seenAt);
    if (!changed) return false;
    for (const slot of changed) {
      this.#beside.add(slot);
      if (slot < this.#places.length) this.#places[slot] = GONE;
    }
    this.#seenAt = step;
    this.#besideSorted = [...this.#beside]
      .filter((slot) => this.#isOccupied(slot))
      .sort(this.ranking.compare);
    if (this.#beside.size > BESIDE_MAX) this.#merge();
    return true;
  }

  get length(): number {
    return this.#slots.length;
  }

  /** The slot at a place of the array; a stale one is not what stands there any more. */
  slotAt(place: number): number {
    return this.#slots[place]!;
  }

  /** By slot; GONE of one that changed since the array was made. Slots it does not reach are new. */
  get places(): Int32Array {
    return this.#places;
  }

  /** A set of slots that only changes where a lot does, by place; undefined until it was asked for some times. */
  placed(bits: Uint32Array): Uint32Array | undefined {
    return this.#placed.of(bits);
  }

  isStale(slot: number): boolean {
    return this.#lots.changed[slot]! > this.#madeAt;
  }

  /** Lots that changed since the array was made, in order. */
  get beside(): readonly number[] {
    return this.#besideSorted;
  }

  /** All lots, the array and what is beside it. */
  all(): Int32Array {
    this.#merge();
    return this.#slots;
  }

  /** The first place whose lot, or the next that still stands, is `after`; all behind it are too. */
  firstAfter(isAfter: (slot: number) => boolean): number {
    let low = 0;
    let high = this.#slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      let at = middle;
      while (at < high && this.isStale(this.slotAt(at))) at += 1;
      if (at === high || isAfter(this.slotAt(at))) high = middle;
      else low = at + 1;
    }
    return low;
  }

  #isOccupied(slot: number): boolean {
    return this.#lots.ids[slot] !== '';
  }

  #merge(): void {
    if (this.#beside.size === 0) return;
    const merged = new Int32Array(this.#slots.length + this.#besideSorted.length);
    let length = 0;
    let next = 0;
    for (let place = 0; place < this.#slots.length; place += 1) {
      const slot = this.slotAt(place);
      if (this.isStale(slot)) continue;
      while (next < this.#besideSorted.length && this.ranking.compare(this.#besideSorted[next]!, slot) < 0)
        merged[length++] = this.#besideSorted[next++]!;
      merged[length++] = slot;
    }
    while (next < this.#besideSorted.length) merged[length++] = this.#besideSorted[next++]!;
    this.#slots = merged.slice(0, length);
    this.#placed.clear();
    this.#places = placesOf(this.#slots, this.#lots.top);
    this.#madeAt = this.#seenAt;
    this.#beside = new Set();
    this.#besideSorted = [];
  }
}

function placesOf(slots: Int32Array, top: number): Int32Array {
  const places = new Int32Array(top).fill(GONE);
  for (let place = 0; place < slots.length; place += 1) places[slots[place]!] = place;
  return places;
}
