/** The lots on the market at a moment as bits: those that are there and have not ended. */
import { setBit } from './bits.ts';

export class OpenLots {
  #bits: Uint32Array;
  /** The bits are right from `#from` until one of them ends at `#until`. */
  #from = Number.NEGATIVE_INFINITY;
  #until = Number.POSITIVE_INFINITY;

  constructor(capacity: number) {
    this.#bits = new Uint32Array(Math.ceil(capacity / 32));
  }

  grow(capacity: number): void {
    const grown = new Uint32Array(Math.ceil(capacity / 32));
    grown.set(this.#bits);
    this.#bits = grown;
  }

  /** @param expires when the lot ends; -Infinity when it has left. */
  set(slot: number, expires: number): void {
    setBit(this.#bits, slot, expires > this.#from);
    if (expires > this.#from) this.#until = Math.min(this.#until, expires);
  }

  /** @param expires of all slots, `top` of them. */
  at(now: number, expires: Float64Array, top: number): Uint32Array {
    if (now >= this.#from && now < this.#until) return this.#bits;
    // A lot ended, or the clock was put back.
    this.#from = now;
    this.#until = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < top; slot += 1) this.set(slot, expires[slot]!);
    return this.#bits;
  }
}
