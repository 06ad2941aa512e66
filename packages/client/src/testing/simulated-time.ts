/** A clock that stands until it is told to go. Timers run in the order of their time. */
import type { Time } from '../time.ts';

type Timer = { readonly atMs: number; readonly order: number; readonly run: () => void };

export class SimulatedTime implements Time {
  #nowMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  /** Wall clock minus monotonic clock: set it to make this machine's clock wrong. */
  wallOffsetMs: number;

  constructor(wallOffsetMs = Date.parse('2026-11-23T00:00:00Z')) {
    this.wallOffsetMs = wallOffsetMs;
  }

  wallMs(): number {
    return this.#nowMs + this.wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, ms), order: (this.#order += 1), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.atMs > until) continue;
        const sooner =
          !next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order);
        if (sooner) next = timer;
      }
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = until;
  }
}
