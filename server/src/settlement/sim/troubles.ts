/** What goes wrong around the work, by the seed: workers, the queue's memory, and the bank as a whole. */
import { type Random, seededRandom } from '@seam/testkit/sim';
import type { Bank } from './bank.ts';
import type { OwnRedis } from './redis.ts';
import { LEASE_MS } from './settings.ts';
import type { Workers } from './workers.ts';

export const FLUSHES = 10;
const REST_MS = { least: 1_500, most: 5_000 };
/** Longer than a row and a wake-up belong to a worker. */
const HELD_MS = { least: LEASE_MS + 500, most: LEASE_MS + 3_000 };
/** Of the payments that are ordered, so many at a time find a bank that dies over them. */
const CRASH_CHANCE = 0.08;

export class Troubles {
  flushes = 0;
  readonly #of: { workers: Workers; redis: OwnRedis | undefined; bank: Bank };
  readonly #random: Random;
  readonly #running: Promise<void>;
  readonly #background = new Set<Promise<void>>();
  #ended = false;

  constructor(of: { workers: Workers; redis: OwnRedis | undefined; bank: Bank; seed: number }) {
    this.#of = of;
    this.#random = seededRandom(of.seed, 'troubles');
    this.#running = this.#run();
  }

  /** As many as belong to this part of the work. @param share 0 to 1 of all trades that have come to rest. */
  async flushUpTo(share: number): Promise<void> {
    const { redis } = this.#of;
    while (redis && this.flushes < Math.min(FLUSHES, Math.floor(share * (FLUSHES + 1)))) {
      await redis.flush();
      this.flushes += 1;
    }
  }

  async #run(): Promise<void> {
    const { workers, bank } = this.#of;
    while (!this.#ended) {
      await pause(this.#random.between(REST_MS.least, REST_MS.most));
      if (this.#ended) break;
      const n = this.#random.below(workers.count);
      if (this.#random.chance(CRASH_CHANCE)) await bank.world.arm('crash_after_debit').catch(() => {});
      if (this.#random.chance(0.5)) await workers.kill(n);
      else this.#beside(workers.pause(n, this.#random.between(HELD_MS.least, HELD_MS.most)));
    }
  }

  #beside(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
    await Promise.all(this.#background);
  }
}

export const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
