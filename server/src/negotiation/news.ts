/**
 * Who waits for a word in a talk. A request waits until the talk has more entries than its asker has seen; the
 * commit that writes one wakes it in every process, through the database. A missed message costs at most the
 * time of one wait: the answer always says how many entries there are now.
 *
 * Not a topic of the market's socket: its frames are numbered by the market's journal and heal from there,
 * while a talk is rows of a table, seen by two companies, with a word a minute at the most.
 */
import type { Sql } from 'postgres';
import type { Tx } from '../platform/db.ts';
import { NEWS_WAIT_MS, WAITING_MAX, WAITING_PER_PERSON_MAX } from './limits.ts';

const CHANNEL = 'negotiation_news';

/** Wakes whoever waits on this talk, when the transaction commits. */
export async function tellNews(tx: Tx, negotiationId: string): Promise<void> {
  await tx`select pg_notify(${CHANNEL}, ${negotiationId})`;
}

type Waiter = { readonly negotiationId: string; readonly personId: string; readonly wake: () => void };

export class News {
  readonly #sql: Sql;
  readonly #waitMs: number;
  readonly #waiters = new Set<Waiter>();
  #listening: Promise<() => Promise<void>> | undefined;
  #closed = false;

  constructor(sql: Sql, waitMs: number = NEWS_WAIT_MS) {
    this.#sql = sql;
    this.#waitMs = waitMs;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /**
   * Returns when there may be news: at once when `isNew` says so, or when too many wait already.
   * @param isNew asked after listening has begun, so that no word falls between.
   */
  async wait(of: {
    readonly negotiationId: string;
    readonly personId: string;
    readonly isNew: () => Promise<boolean>;
    readonly onGone: (stop: () => void) => void;
  }): Promise<void> {
    const { negotiationId, personId, isNew, onGone } = of;
    const own = [...this.#waiters].filter((waiter) => waiter.personId === personId).length;
    if (this.#closed || this.#waiters.size >= WAITING_MAX || own >= WAITING_PER_PERSON_MAX) return;
    await this.#listen();
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { negotiationId, personId, wake: () => resolve() };
    this.#waiters.add(waiter);
    const timer = setTimeout(resolve, this.#waitMs);
    onGone(() => resolve());
    try {
      if (!(await isNew())) await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.wake();
    const unlisten = await this.#listening;
    await unlisten?.();
  }

  async #listen(): Promise<void> {
    this.#listening ??= this.#sql
      .listen(CHANNEL, (negotiationId) => {
        for (const waiter of this.#waiters) if (waiter.negotiationId === negotiationId) waiter.wake();
      })
      .then(({ unlisten }) => unlisten);
    try {
      await this.#listening;
    } catch (error) {
      // The next one who waits tries again.
      this.#listening = undefined;
      throw error;
    }
  }
}
