/**
 * Prices traded within the last so many ms of the market's own time, as far as they matter: the lowest and the
 * highest. A price is forgotten once a later one is at least as extreme or the window has passed it.
 *
 * Each list holds strictly rising (or falling) prices of one window, and a window in which prices differ by more
 * than the rule allows ends in a pause: the lists stay as short as the rule is wide, in ticks.
 */
import type { Instant, Ticks } from '@seam/units';
import { BASIS_POINTS_MAX } from '../limits.ts';

export type PriceAt = { readonly at: Instant; readonly price: Ticks };

export class PriceWindow {
  readonly #windowMs: number;
  /** Rising, oldest first: the first one within the window is the lowest. */
  lows: PriceAt[] = [];
  /** Falling, oldest first. */
  highs: PriceAt[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** The earlier price from which `price` is `basisPoints` or more away, or null. Changes nothing. */
  moved(price: Ticks, at: Instant, basisPoints: number): Ticks | null {
    const low = this.lows.find((entry) => this.#holds(entry, at))?.price ?? price;
    const high = this.highs.find((entry) => this.#holds(entry, at))?.price ?? price;
    if ((price - low) * BASIS_POINTS_MAX >= low * basisPoints) return low;
    return (high - price) * BASIS_POINTS_MAX >= high * basisPoints ? high : null;
  }

  add(price: Ticks, at: Instant): void {
    for (let last = this.lows.at(-1); last && last.price >= price; last = this.lows.at(-1)) this.lows.pop();
    for (let last = this.highs.at(-1); last && last.price <= price; last = this.highs.at(-1))
      this.highs.pop();
    for (let [first] = this.lows; first && !this.#holds(first, at); [first] = this.lows) this.lows.shift();
    for (let [first] = this.highs; first && !this.#holds(first, at); [first] = this.highs) this.highs.shift();
    this.lows.push({ at, price });
    this.highs.push({ at, price });
  }

  /** A call has found a new price: what was before does not count against it. */
  clear(): void {
    this.lows = [];
    this.highs = [];
  }

  #holds(entry: PriceAt, at: Instant): boolean {
    return entry.at >= at - this.#windowMs;
  }
}
