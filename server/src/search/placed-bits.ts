/**
 * Sets of lots in the order of their places instead of their slots: whoever wants the first few that fit reads
 * words from the front and stops. A set is wanted when it was asked for twice, and made between two searches,
 * one at a time. It stays right while lots change: the places of those that changed are stale in their order.
 */
import { PLACED_BYTES_MAX } from './limits.ts';

type Make = () => void;

export class PlacedBits {
  readonly #later: (make: Make) => void;
  readonly #slots: () => Int32Array;
  /** By the set itself; undefined: asked for, and not yet made. The last asked for is last. */
  readonly #made = new Map<Uint32Array, Uint32Array | undefined>();

  /** @param slots by place, as they are when a set is made. */
  constructor(slots: () => Int32Array, later: (make: Make) => void) {
    this.#slots = slots;
    this.#later = later;
  }

  /** @returns undefined when it is not made: then every way but this one is open. */
  of(bits: Uint32Array): Uint32Array | undefined {
    const isAsked = this.#made.has(bits);
    const known = this.#made.get(bits);
    if (isAsked) this.#made.delete(bits);
    this.#made.set(bits, known);
    if (known || !isAsked) {
      if (!isAsked) this.#forgetOldest();
      return known;
    }
    this.#later(() => {
      if (this.#made.has(bits)) this.#made.set(bits, this.#made.get(bits) ?? inPlaces(bits, this.#slots()));
    });
    return this.#made.get(bits);
  }

  /** The places are others now. */
  clear(): void {
    this.#made.clear();
  }

  #forgetOldest(): void {
    const bytes = (this.#slots().length + 7) >>> 3;
    if (this.#made.size * bytes > PLACED_BYTES_MAX) this.#made.delete(this.#made.keys().next().value!);
  }
}

function inPlaces(bits: Uint32Array, slots: Int32Array): Uint32Array {
  const placed = new Uint32Array((slots.length + 31) >>> 5);
  for (let at = 0, place = 0; at < placed.length; at += 1) {
    const end = Math.min(place + 32, slots.length);
    let word = 0;
    for (let bit = 0; place < end; bit += 1, place += 1) {
      const slot = slots[place]!;
      word |= ((bits[slot >>> 5]! >>> (slot & 31)) & 1) << bit;
    }
    placed[at] = word;
  }
  return placed;
}
