/**
 * Turns a shard's entries into SQL views. Every registered projection and its checkpoint move in ONE
 * transaction per batch, in journal order, right after the commit and without holding up anybody's
 * answer. After a crash it goes on from the checkpoints; applying an entry twice is impossible.
 */
import type { Sql, TransactionSql } from 'postgres';
import { assert } from '../platform/fault.ts';
import { readJournal } from './journal-reader.ts';
import { PROJECTION_BATCH_ENTRIES, PROJECTION_QUEUE_ENTRIES, PROJECTION_WAIT_MS } from './limits.ts';
import { RETRY_CEILING_MS, RETRY_FIRST_MS } from './limits.ts';
import type { JournalEntry, Log } from './types.ts';

export type Projection = {
  /** Names the checkpoint. Another name starts from the journal's beginning. */
  readonly name: string;
  /** Sees every entry of every shard, in each shard's order. Deterministic; no effect but on `tx`. */
  apply(tx: TransactionSql, entry: JournalEntry): Promise<void>;
};

/** A view has not reached a place in time: the caller may answer without it or try again. */
export class ProjectionLate extends Error {
  override readonly name = 'ProjectionLate';
}

type Options = { sql: Sql; shard: number; projections: readonly Projection[]; log: Log };
type Waiter = { name: string; seq: number; resolve: () => void };

export class Projector {
  readonly #options: Options;
  readonly #positions = new Map<string, number>();
  #queue: JournalEntry[] = [];
  #waiters: Waiter[] = [];
  #stopping = false;
  #poked = true;
  #wake: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Why the last batch failed; undefined while all is well. */
  failure: Error | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  get positions(): ReadonlyMap<string, number> {
    return this.#positions;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#poke();
    await this.#running;
  }

  /** Hands over the next committed entry. */
  push(entry: JournalEntry): void {
    // What does not fit is read back from the journal.
    if (this.#queue.length < PROJECTION_QUEUE_ENTRIES) this.#queue.push(entry);
    this.#poke();
  }

  /**
   * Resolves when the view has applied `seq`, so that a caller reads its own write.
   * @throws ProjectionLate after `timeoutMs`, RangeError when there is no such projection.
   */
  async waitFor(name: string, seq: number, timeoutMs: number = PROJECTION_WAIT_MS): Promise<void> {
    if (!this.#options.projections.some((projection) => projection.name === name)) {
      throw new RangeError(`no projection ${name}`);
    }
    if ((this.#positions.get(name) ?? 0) >= seq) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { name, seq, resolve };
    this.#waiters.push(waiter);
    const timer = setTimeout(
      () => reject(new ProjectionLate(`${name} has not reached seq ${seq}`)),
      timeoutMs,
    );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  async #run(): Promise<void> {
    if (this.#options.projections.length === 0) return;
    let retryMs = RETRY_FIRST_MS;
    while (!this.#stopping) {
      try {
        this.#poked = false;
        if (this.#positions.size === 0) await this.#readCheckpoints();
        const batch = await this.#next();
        if (batch.length > 0) await this.#apply(batch);
        else if (!this.#poked) await this.#rest();
        retryMs = RETRY_FIRST_MS;
        this.failure = undefined;
      } catch (error) {
        this.failure = error as Error;
        this.#positions.clear();
        if (this.#stopping) return;
        this.#options.log.error(
          { shard: this.#options.shard, err: error },
          'projection failed, trying again',
        );
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(retryMs * 2, RETRY_CEILING_MS);
      }
    }
  }

  /** The next entries that some projection lacks: from memory when they are there, else from the journal. */
  async #next(): Promise<JournalEntry[]> {
    const { sql, shard } = this.#options;
    const after = Math.min(...this.#positions.values());
    this.#queue = this.#queue.filter((entry) => entry.seq > after);
    if (this.#queue[0]?.seq === after + 1) return this.#queue.slice(0, PROJECTION_BATCH_ENTRIES);
    const batch: JournalEntry[] = [];
    for await (const { entry } of readJournal(sql, shard, after)) {
      batch.push(entry);
      if (batch.length === PROJECTION_BATCH_ENTRIES) break;
    }
    return batch;
  }

  async #apply(batch: readonly JournalEntry[]): Promise<void> {
    const { sql, shard, projections } = this.#options;
    const positions = await sql.begin(async (tx) => {
      const rows = await tx<{ name: string; seq: string }[]>`
        select name, seq from projection_checkpoint
         where shard_id = ${shard} and name in ${tx(projections.map(({ name }) => name))}
         order by name for update`;
      const reached = new Map(rows.map((row) => [row.name, Number(row.seq)]));
      for (const entry of batch) {
        for (const projection of projections) {
          const position = reached.get(projection.name) ?? 0;
          if (entry.seq <= position) continue;
          assert(entry.seq === position + 1, `${projection.name} is at ${position}, next is ${entry.seq}`);
          await projection.apply(tx, entry);
          reached.set(projection.name, entry.seq);
        }
      }
      for (const [name, seq] of reached) {
        await tx`update projection_checkpoint set seq = ${seq} where shard_id = ${shard} and name = ${name}`;
      }
      return reached;
    });
    for (const [name, seq] of positions) this.#positions.set(name, seq);
    for (const { name, seq, resolve } of this.#waiters) if ((positions.get(name) ?? 0) >= seq) resolve();
  }

  async #readCheckpoints(): Promise<void> {
    const { sql, shard, projections } = this.#options;
    for (const { name } of projections) {
      await sql`insert into projection_checkpoint (name, shard_id) values (${name}, ${shard}) on conflict do nothing`;
    }
    const rows = await sql<{ name: string; seq: string }[]>`
      select name, seq from projection_checkpoint
       where shard_id = ${shard} and name in ${sql(projections.map(({ name }) => name))}`;
    for (const row of rows) this.#positions.set(row.name, Number(row.seq));
    const reached = this.#positions;
    for (const { name, seq, resolve } of this.#waiters) if ((reached.get(name) ?? 0) >= seq) resolve();
  }

  #poke(): void {
    this.#poked = true;
    this.#wake?.();
  }

  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
