/**
 * What one call to the book did, in the order it happened: six 32-bit fields an event in one array that
 * is overwritten by the next call. Read `data` up to `count * EVENT_STRIDE`; the array may be replaced
 * by a larger one, so do not keep it.
 */
import { EVENT_STRIDE, INFO } from './types.ts';

/** Constants of this file, for speed: see layout.ts. */
const STRIDE = EVENT_STRIDE;
const AT_INFO = INFO;

export class EventBuffer {
  data = new Int32Array(STRIDE * 256);
  count = 0;

  /** Begins a new call with this event. */
  first(type: number, order: number, other: number, price: number, quantity: number, info: number): void {
    const { data } = this;
    data[0] = type;
    data[1] = order;
    data[2] = other;
    data[3] = price;
    data[4] = quantity;
    data[5] = info;
    this.count = 1;
  }

  push(type: number, order: number, other: number, price: number, quantity: number, info: number): void {
    const at = this.count++ * STRIDE;
    if (at === this.data.length) this.#grow();
    const data = this.data;
    data[at] = type;
    data[at + 1] = order;
    data[at + 2] = other;
    data[at + 3] = price;
    data[at + 4] = quantity;
    data[at + 5] = info;
  }

  /** Says at the end what an event at the start could not know yet. */
  inform(event: number, info: number): void {
    this.data[event * STRIDE + AT_INFO] = info;
  }

  #grow(): void {
    const larger = new Int32Array(this.data.length * 2);
    larger.set(this.data);
    this.data = larger;
  }
}
