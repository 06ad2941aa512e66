/** The one append that may be under way, and what it carries until its outcomes are told. */
import type { Batch } from './decider.ts';

export class Flight {
  readonly #append: (batch: Batch) => Promise<void>;
  readonly #landed: () => void;
  #batch: Batch | undefined;
  #underWay = false;
  /** Resolves when nothing is under way; never rejects. */
  landing: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  /** @param landed called when an append has ended, either way. */
  constructor(append: (batch: Batch) => Promise<void>, landed: () => void) {
    this.#append = append;
    this.#landed = landed;
  }

  get underWay(): boolean {
    return this.#underWay;
  }

  /** Sent, and its outcomes not yet told: also after a failure. */
  get aboard(): Batch | undefined {
    return this.#batch;
  }

  start(batch: Batch): void {
    this.#batch = batch;
    this.#underWay = true;
    this.landing = this.#fly(batch);
  }

  /** The batch that has been committed, once. @throws what the append failed with. */
  collect(): Batch | undefined {
    if (this.failure) throw this.failure;
    if (this.#underWay) return undefined;
    const batch = this.#batch;
    this.#batch = undefined;
    return batch;
  }

  async #fly(batch: Batch): Promise<void> {
    try {
      await this.#append(batch);
    } catch (error) {
      this.failure = error as Error;
    }
    this.#underWay = false;
    this.#landed();
  }
}
