/**
 * The bounded queue in front of a shard's engine: first come, first served, and the place where
 * overload is refused. Also what the engine sleeps on between commands.
 */
import { type Timers, machineTimers } from './clock.ts';
import { QUEUE_COMMANDS_MAX } from './limits.ts';

export class Sequencer<Item> {
  #items: Item[] = [];
  #head = 0;
  #wake: (() => void) | undefined;
  #poked = false;
  readonly #limit: number;
  readonly #timers: Timers;

  constructor(limit: number = QUEUE_COMMANDS_MAX, timers: Timers = machineTimers) {
    this.#limit = limit;
    this.#timers = timers;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** @returns false when the queue is full: nothing was taken. */
  offer(item: Item): boolean {
    if (this.size >= this.#limit) return false;
    this.#items.push(item);
    this.wake();
    return true;
  }

  peek(): Item | undefined {
    return this.#items[this.#head];
  }

  take(): Item | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Puts back what was taken and has no outcome yet, ahead of everything, in its order. */
  putBack(items: readonly Item[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  drain(): Item[] {
    const rest = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return rest;
  }

  /** Ends a `rest` that is under way, or the next one. */
  wake(): void {
    this.#poked = true;
    this.#wake?.();
  }

  /** Resolves when something was offered, `wake` was called, or `ms` have passed. One waiter. */
  async rest(ms: number): Promise<void> {
    if (!this.#poked && this.size === 0) {
      await new Promise<void>((resolve) => {
        // Longer timeouts than 2^31 ms would fire at once.
        const cancel = this.#timers.after(Math.min(Math.max(1, Math.ceil(ms)), 2 ** 31 - 1), resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#poked = false;
  }
}
