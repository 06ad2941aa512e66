/**
 * Postings of many callers in one statement: what arrives while one is on its way to the disk goes together
 * in the next. Group commit without timers, so an account that everybody uses is locked once a batch, not
 * once a transfer.
 *
 * Promises: every caller has its own answer, given after the commit; a refusal, a mistake or a malformed
 * posting of one is nobody else's; an account that another transaction holds delays only those who need it.
 * After a lost connection the same postings go again: their effect keys let nothing happen twice, so that a
 * caller may read `exists` for what it asked for once.
 *
 * For transfers that stand alone: moves of standing deposits. What must commit with rows of the caller's own goes
 * through `post` (docs/decisions/0007).
 */
import type { Posting } from '@seam/ledger';
import type { Sql } from 'postgres';
import { Fault } from '../../platform/fault.ts';
import { type Answer, type PostOutcome, encode, outcomeOf } from './wire.ts';

/** Groups in one statement: about 20 ms of the database's time. */
const BATCH_MAX = 500;
/** Callers who wait at most; beyond that the next one is told to come later. */
const WAITING_MAX = 20_000;
/** Rounds in which a group is passed over for a held account before it waits for it in a lane of its own. */
const PASSED_OVER_MAX = 3;
/** Pauses before what got no answer is asked again. */
const RETRY_MS = [10, 50, 200, 500, 1_000, 2_000] as const;
const RETRY_AFTER_MS = 1_000;

/** The connection or the server went, or two waited for each other: the same postings may go again. */
const TRANSIENT = /^(08...|57P0.|40001|40P01|53300|CONNECT.*|CONNECTION_.*|ECONN.*|EPIPE|55P03)$/;

type Waiting = {
  /** Of one caller: applied wholly or not at all. */
  readonly encoded: string;
  readonly resolve: (outcome: PostOutcome) => void;
  readonly reject: (error: Error) => void;
  passedOver: number;
};

export class LedgerPoster {
  readonly #sql: Sql;
  readonly #limits: { batchMax: number; waitingMax: number };
  #main: Waiting[] = [];
  #held: Waiting[] = [];
  #mainRuns: Promise<void> | undefined;
  #heldRuns: Promise<void> | undefined;
  #waiting = 0;
  #stopped = false;

  /** @param sql a pool with two connections to spare. */
  constructor(sql: Sql, limits: { batchMax?: number; waitingMax?: number } = {}) {
    this.#sql = sql;
    this.#limits = { batchMax: BATCH_MAX, waitingMax: WAITING_MAX, ...limits };
  }

  /**
   * Applies one or more postings, all or none, and answers once they are on the disk.
   * @throws LedgerMistake as `post`; Fault `service.overloaded` when too many wait, nothing was taken;
   *   the database's error when it stays away: then the same call may be made again.
   */
  async post(postings: Posting | readonly Posting[]): Promise<PostOutcome> {
    const list: readonly Posting[] = 'legs' in postings ? [postings] : postings;
    if (list.length === 0) return { ok: true, outcomes: [] };
    if (this.#stopped || this.#waiting >= this.#limits.waitingMax) {
      throw new Fault('service.overloaded', 'the ledger', { retryAfterMs: RETRY_AFTER_MS });
    }
    this.#waiting += 1;
    const encoded = encode(list);
    const answered = new Promise<PostOutcome>((resolve, reject) => {
      this.#main.push({ encoded, resolve, reject, passedOver: 0 });
    });
    this.#mainRuns ??= this.#runMain();
    try {
      return await answered;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Takes nothing more; resolves when everything taken has its answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#mainRuns ?? this.#heldRuns) await Promise.all([this.#mainRuns, this.#heldRuns]);
  }

  async #runMain(): Promise<void> {
    // Callers of the same turn of the event loop go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#main.length > 0) {
      const batch = this.#main.splice(0, this.#limits.batchMax);
      const passedOver = await this.#decide(batch, { wait: false });
      for (const one of passedOver) {
        one.passedOver += 1;
        (one.passedOver < PASSED_OVER_MAX ? this.#main : this.#held).push(one);
      }
      if (this.#held.length > 0) this.#heldRuns ??= this.#runHeld();
    }
    this.#mainRuns = undefined;
  }

  async #runHeld(): Promise<void> {
    while (this.#held.length > 0) {
      await this.#decide(this.#held.splice(0, this.#limits.batchMax), { wait: true });
    }
    this.#heldRuns = undefined;
  }

  /** @returns those that were passed over. */
  async #decide(batch: readonly Waiting[], how: { wait: boolean }): Promise<Waiting[]> {
    let answers: readonly Answer[];
    try {
      answers = await this.#ask(batch, how);
    } catch (error) {
      if (batch.length === 1) {
        batch[0]!.reject(error as Error);
        return [];
      }
      // Something among them that the ledger cannot even read: it fails alone.
      if (!isTransient(error)) return (await inTurn(batch, (one) => this.#decide([one], how))).flat();
      for (const one of batch) one.reject(error as Error);
      return [];
    }
    const passedOver: Waiting[] = [];
    for (const [n, one] of batch.entries()) {
      const answer = answers[n]!;
      if (answer.busy) passedOver.push(one);
      else give(one, answer);
    }
    return passedOver;
  }

  async #ask(batch: readonly Waiting[], { wait }: { wait: boolean }): Promise<readonly Answer[]> {
    const sql = this.#sql;
    const groups = `[${batch.map((one) => one.encoded).join(',')}]`;
    for (let tried = 0; ; tried += 1) {
      try {
        const [row] = await sql<{ answers: Answer[] }[]>`
          select ledger_post_each(${groups}::text::jsonb, ${wait}) as answers`;
        return row!.answers;
      } catch (error) {
        const pause = RETRY_MS[tried];
        if (pause === undefined || !isTransient(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

function give(one: Waiting, answer: Answer): void {
  try {
    one.resolve(outcomeOf(answer));
  } catch (mistake) {
    one.reject(mistake as Error);
  }
}

function isTransient(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && TRANSIENT.test(code);
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
