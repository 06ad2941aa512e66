/** The lots around a point as bits, kept while the same circle is asked for and lots change. */
import { setBit } from './bits.ts';
import type { Distances } from './destination.ts';
import type { Lots } from './lots.ts';

export class Circle {
  readonly #lots: Lots;
  readonly #distances: Distances;
  readonly #radiusKm: number;
  #bits = new Uint32Array(0);
  #madeAt = -1;

  constructor(lots: Lots, distances: Distances, radiusKm: number) {
    this.#lots = lots;
    this.#distances = distances;
    this.#radiusKm = radiusKm;
  }

  /** A bit a slot, right as of now: handed over, or else mined, at most so far away. */
  bits(): Uint32Array {
    const { step, top } = this.#lots;
    if (step === this.#madeAt) return this.#bits;
    const changed = this.#madeAt < 0 ? undefined : this.#lots.changedSince(this.#madeAt);
    if (32 * this.#bits.length < top) {
      const longer = new Uint32Array(Math.max(32, 2 * this.#bits.length, (top + 31) >>> 5));
      longer.set(this.#bits);
      this.#bits = longer;
    }
    if (changed) for (const slot of changed) this.#set(slot);
    else for (let slot = 0; slot < top; slot += 1) this.#set(slot);
    this.#madeAt = step;
    return this.#bits;
  }

  /** What has left keeps its bit: it is not on the market. */
  #set(slot: number): void {
    setBit(this.#bits, slot, this.#distances.ofLot(slot) <= this.#radiusKm);
  }
}
