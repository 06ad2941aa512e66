/**
 * The journal as its one writer sees it, on the simulated PostgreSQL: the same promises, the same
 * errors and the same patience as `openJournal` has on a real one.
 */
import {
  type Append,
  type Work,
  journalAppend,
  shardHeartbeat,
  shardRelease,
  shardTakeover,
} from '@seam/testkit/sim';
import type { Timers } from '../clock.ts';
import { AppendUnknown, ConnectionLost, Fenced, type Journal } from '../journal.ts';
import { APPEND_STALL_MS } from '../limits.ts';
import { type Query, simSql } from './sim-sql.ts';

/** A connection as the engine's process sees it. */
export type Line = {
  readonly query: Query;
  readonly destroy: () => void;
  onWarning: (message: string) => void;
  onClose: () => void;
};

export type SimJournalOptions = {
  readonly line: Line;
  readonly timers: Timers;
  readonly shard: number;
  readonly owner: string;
  readonly leaseTtlMs: number;
  /** The append statement; a broken one for the simulator to catch. */
  readonly append?: (append: Append) => Work<number>;
};

export function openSimJournal(options: SimJournalOptions): Journal {
  const { line, timers, shard, owner, leaseTtlMs: ttlMs } = options;
  let dead: Error | undefined;
  let warned: string | undefined;
  line.onWarning = (message) => {
    warned = message;
  };
  line.onClose = () => {
    dead ??= new ConnectionLost('journal connection lost');
  };
  const destroy = (): void => {
    dead ??= new ConnectionLost('journal connection destroyed');
    line.destroy();
  };
  const ask: Query = async (work) => {
    if (dead) throw dead;
    return line.query(work);
  };
  const answered: Query = (work) =>
    new Promise((resolve, reject) => {
      const cancel = timers.after(APPEND_STALL_MS, () =>
        reject(new ConnectionLost(`no answer within ${APPEND_STALL_MS} ms`)),
      );
      ask(work).then(resolve, reject).finally(cancel);
    });

  return {
    sql: simSql(ask),
    destroy,
    takeover: () => ask(shardTakeover({ shard, owner, ttlMs })),
    async append(rows, previousHash) {
      const [first] = rows;
      if (!first) return;
      if (dead) throw dead;
      warned = undefined;
      const { epoch, seq } = first;
      const append = { shard, epoch, previousSeq: seq - 1, previousHash, rows, ttlMs };
      await answered((options.append ?? journalAppend)(append)).catch((error: unknown) => {
        destroy();
        throw isFence(error)
          ? fenced(error)
          : new AppendUnknown(`append not answered: ${(error as Error).message}`, { cause: error });
      });
      if (warned !== undefined) {
        destroy();
        throw new AppendUnknown(`not confirmed: ${warned}`);
      }
    },
    async heartbeat(epoch, { serving } = { serving: true }) {
      await answered(shardHeartbeat({ shard, epoch, ttlMs, serving })).catch((error: unknown) => {
        throw isFence(error) ? fenced(error) : error;
      });
    },
    release: (epoch) => ask(shardRelease({ shard, epoch })),
    databaseMs: () => ask({ name: 'clock', run: ({ nowMs }) => ({ result: nowMs }) }),
  };
}

const isFence = (error: unknown): boolean => (error as { code?: unknown }).code === 'CX001';
const fenced = (cause: unknown): Fenced => new Fenced('another epoch leads this shard', { cause });
