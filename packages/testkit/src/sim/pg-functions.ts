/**
 * The journal's SQL functions (migrations 0002, 0012 and 0016), as the simulated server runs them. Held
 * against a real PostgreSQL by random histories: `sim-pg.pg.test.ts` in the exchange.
 */
import type { Work } from './pg.ts';
import type { JournalRowOnDisk } from './pg-tables.ts';
import { PgError } from './pg-error.ts';

export type Append = {
  readonly shard: number;
  readonly epoch: number;
  readonly previousSeq: number;
  readonly previousHash: string;
  readonly rows: readonly JournalRowOnDisk[];
  readonly ttlMs: number;
};

export type TakenOver = { epoch: number; lastSeq: number; lastAt: number; lastHash: string; aliveAt: number };

const fenced = (shard: number): PgError => new PgError('CX001', `shard ${shard} has moved on`);

/** One compare-and-append: the shard's row is locked, compared and moved with the rows it covers. */
export function journalAppend(append: Append): Work<number> {
  const { shard, epoch, previousSeq, previousHash, rows, ttlMs } = append;
  return {
    name: `append ${shard} e${epoch} ${previousSeq + 1}+${rows.length}`,
    lock: shard,
    run({ tables, nowMs }) {
      const { row } = tables.shard(shard);
      const fits =
        row.epoch === epoch &&
        row.lastSeq === previousSeq &&
        row.lastHash === previousHash &&
        row.lastAt <= rows[0]!.at;
      if (!fits) throw fenced(shard);
      return {
        result: previousSeq + rows.length,
        commit: () => {
          tables.remember(shard);
          const last = rows.at(-1)!;
          Object.assign(tables.shard(shard).row, {
            lastSeq: previousSeq + rows.length,
            lastHash: last.hash,
            lastAt: last.at,
            leaseUntil: nowMs + ttlMs,
          });
          insert(tables.shard(shard), rows, previousSeq);
        },
      };
    },
  };
}

/** Takes the lead where the lease is over, the owner is the same, or the owner's session is gone. */
export function shardTakeover(by: {
  shard: number;
  owner: string;
  ttlMs: number;
}): Work<TakenOver | undefined> {
  const { shard, owner, ttlMs } = by;
  return {
    name: `takeover ${shard} by ${owner}`,
    lock: shard,
    run({ tables, nowMs, session, isAlive }) {
      const { row } = tables.shard(shard);
      const free =
        row.leaseUntil < nowMs || row.owner === owner || row.session === null || !isAlive(row.session);
      if (!free) return { result: undefined };
      const { lastSeq, lastAt, lastHash } = row;
      const epoch = row.epoch + 1;
      return {
        result: { epoch, lastSeq, lastAt, lastHash, aliveAt: Math.max(lastAt, Math.floor(row.aliveAt)) },
        commit: () => {
          tables.remember(shard);
          Object.assign(tables.shard(shard).row, { epoch, owner, session, leaseUntil: nowMs + ttlMs });
        },
      };
    },
  };
}

export function shardHeartbeat(of: {
  shard: number;
  epoch: number;
  ttlMs: number;
  serving?: boolean;
}): Work<void> {
  return {
    name: `heartbeat ${of.shard} e${of.epoch}`,
    lock: of.shard,
    run({ tables, nowMs }) {
      if (tables.shard(of.shard).row.epoch !== of.epoch) throw fenced(of.shard);
      return {
        result: undefined,
        commit: () => {
          const { row } = tables.shard(of.shard);
          row.leaseUntil = nowMs + of.ttlMs;
          if (of.serving ?? true) row.aliveAt = nowMs;
        },
      };
    },
  };
}

export function shardRelease(of: { shard: number; epoch: number }): Work<void> {
  return {
    name: `release ${of.shard} e${of.epoch}`,
    lock: of.shard,
    run: ({ tables, nowMs }) => ({
      result: undefined,
      commit: () => {
        const { row } = tables.shard(of.shard);
        if (row.epoch === of.epoch) Object.assign(row, { leaseUntil: -Infinity, aliveAt: nowMs });
      },
    }),
  };
}

/**
 * A broken journal, for the simulator to catch: the epoch is read without a lock, and the rows go in
 * later, at whatever place is then free.
 */
export function appendWithUnlockedEpoch(append: Append): Work<number> {
  const { shard, epoch, rows, ttlMs } = append;
  return {
    name: `unlocked append ${shard} e${epoch} +${rows.length}`,
    run({ tables, nowMs }) {
      if (tables.shard(shard).row.epoch !== epoch) throw fenced(shard);
      return {
        result: 0,
        commit: () => {
          const { row } = tables.shard(shard);
          tables.remember(shard);
          const previousSeq = row.lastSeq;
          const last = rows.at(-1)!;
          Object.assign(row, {
            lastSeq: previousSeq + rows.length,
            lastHash: last.hash,
            lastAt: last.at,
            leaseUntil: nowMs + ttlMs,
          });
          insert(tables.shard(shard), rows, previousSeq);
        },
      };
    },
  };
}

function insert(
  shard: { journal: JournalRowOnDisk[] },
  rows: readonly JournalRowOnDisk[],
  previousSeq: number,
): void {
  for (const [index, entry] of rows.entries()) {
    shard.journal.push({ ...entry, seq: previousSeq + 1 + index });
  }
}
