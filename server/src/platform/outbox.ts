/**
 * Work to do after a commit, exactly once in effect.
 *
 * The row is written in the caller's transaction; a worker claims it under a lease, and marks it done
 * in the same transaction as its effect. A worker that stalled past its lease finds its epoch gone and
 * rolls back. After ATTEMPTS_MAX failures the row is parked for a human, never dropped.
 */
import type { Sql } from 'postgres';
import { type Connection, type Tx, transaction } from './db.ts';

export type Work = {
  /** Unique for ever: asking twice for the same effect changes nothing. */
  readonly effectKey: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
  readonly notBefore?: Date;
};

export type WorkItem = {
  readonly id: string;
  readonly effectKey: string;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly leaseEpoch: number;
  readonly attempts: number;
};

/**
 * How a topic is handled. `run` does whatever needs the outside world and gives back what to write;
 * the writing and the mark "done" are one transaction. Work without outside effects only has `write`.
 */
export type WorkHandler = {
  readonly topic: string;
  run?(item: WorkItem): Promise<(tx: Tx) => Promise<void>>;
  write?(tx: Tx, item: WorkItem): Promise<void>;
};

/** A worker that has not ended by then has lost the row to the next one. */
export const LEASE_MS = 60_000;
const ATTEMPTS_MAX = 12;
/** 1 s, 2 s, 4 s … capped: twelve tries span about half an hour. */
const BACKOFF_MAX_S = 300;

/** Adds work inside the caller's transaction. */
export async function enqueue(tx: Connection, work: Work): Promise<void> {
  await tx`insert into outbox (effect_key, topic, payload, not_before)
    values (${work.effectKey}, ${work.topic}, ${tx.json(work.payload)}, ${work.notBefore ?? tx`now()`})
    on conflict (effect_key) do nothing`;
}

/** Ids of rows that are due, oldest first: what the sweeper wakes. */
export async function dueWork(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from outbox
    where done_at is null and parked_at is null and not_before <= now() and leased_until < clock_timestamp()
    order by not_before, id limit ${limit}`;
  return rows.map((row) => row.id);
}

async function claim(sql: Sql, id: string, leaseMs: number): Promise<WorkItem | undefined> {
  const [row] = await sql<WorkItem[]>`
    update outbox set lease_epoch = lease_epoch + 1, attempts = attempts + 1,
           leased_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
     where id = (select id from outbox where id = ${id} and done_at is null and parked_at is null
                   and not_before <= now() and leased_until < clock_timestamp() for update skip locked)
    returning id, effect_key as "effectKey", topic, payload, lease_epoch as "leaseEpoch", attempts`;
  return row;
}

export type WorkResult = 'done' | 'nothing' | 'failed' | 'parked';

/**
 * Claims and does one row. Claiming nothing is normal: another worker has it, or it is done.
 * @returns 'done' | 'nothing' | 'failed' (kept for a later try) | 'parked' (waits for a human).
 */
export async function doWork(
  sql: Sql,
  handlers: ReadonlyMap<string, WorkHandler>,
  id: string,
  leaseMs = LEASE_MS,
): Promise<WorkResult> {
  const item = await claim(sql, id, leaseMs);
  if (!item) return 'nothing';
  try {
    const handler = handlers.get(item.topic);
    if (!handler) throw new Error(`no handler for topic ${item.topic}`);
    const write = handler.run ? await handler.run(item) : async (tx: Tx) => handler.write?.(tx, item);
    await transaction(sql, async (tx) => {
      await write(tx);
      const { count } = await tx`update outbox set done_at = now(), last_error = null
        where id = ${id} and lease_epoch = ${item.leaseEpoch} and done_at is null`;
      if (count === 0) throw new Error('lease lost to another worker');
    });
    return 'done';
  } catch (error) {
    const parked = item.attempts >= ATTEMPTS_MAX;
    const text = error instanceof Error ? error.message : String(error);
    const wait = Math.min(2 ** (item.attempts - 1), BACKOFF_MAX_S);
    await sql`update outbox set last_error = ${text.slice(0, 500)}, leased_until = '-infinity',
        not_before = now() + make_interval(secs => ${wait}), parked_at = ${parked ? sql`now()` : null}
      where id = ${id} and lease_epoch = ${item.leaseEpoch} and done_at is null`;
    return parked ? 'parked' : 'failed';
  }
}
