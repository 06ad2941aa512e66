/**
 * The server's clock, as this machine can know it: the median of the last round trips, each read in
 * the middle of its way. One slow packet moves nothing; a clock that was set is noticed and measured
 * anew.
 */
import { CLOCK_JUMP_MS, CLOCK_SAMPLES } from './limits.ts';

type Sample = { readonly offsetMs: number; readonly roundTripMs: number };

export class ServerTime {
  #samples: Sample[] = [];
  #guessMs = 0;

  /** Server time minus this machine's, ms. */
  get offsetMs(): number {
    return this.#samples.length === 0 ? this.#guessMs : median(this.#samples.map((one) => one.offsetMs));
  }

  get roundTripMs(): number | null {
    return this.#samples.length === 0 ? null : median(this.#samples.map((one) => one.roundTripMs));
  }

  /** Enough round trips for a median worth its name. */
  get settled(): boolean {
    return this.#samples.length >= CLOCK_SAMPLES;
  }

  /** What a greeting tells, before the first round trip: late by one way of a packet. */
  guess(serverMs: number, wallMs: number): void {
    if (this.#samples.length === 0) this.#guessMs = serverMs - wallMs;
  }

  /** A round trip that came back just now. */
  add({ serverMs, wallMs, roundTripMs }: { serverMs: number; wallMs: number; roundTripMs: number }): void {
    const offsetMs = serverMs + roundTripMs / 2 - wallMs;
    const jumped =
      this.#samples.length > 0 && Math.abs(offsetMs - this.offsetMs) > CLOCK_JUMP_MS + roundTripMs;
    const kept = jumped ? [] : this.#samples.slice(1 - CLOCK_SAMPLES);
    this.#samples = [...kept, { offsetMs, roundTripMs }];
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
