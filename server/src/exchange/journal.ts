/**
 * The journal as its one writer sees it: take the lead, append, renew, give back.
 *
 * Promises: one dedicated connection that never reconnects by itself (a lost connection is the end of
 * this object); at most one statement in flight; an append either resolves, and then it is on the
 * disk, or its fate is unknown until a new epoch has been taken. A warning from PostgreSQL during an
 * append ("committed locally, not confirmed by the standby") counts as unknown.
 */
import net from 'node:net';
import postgres, { type Sql } from 'postgres';
import type { JournalRow } from './chain.ts';
import { packFingerprints } from './command-index.ts';
import { APPEND_STALL_MS, CONNECT_TIMEOUT_S, LEASE_TTL_MS, LOCK_TIMEOUT_MS } from './limits.ts';

/** Somebody else leads: whatever this process still holds in memory is worthless. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}
/** Committed or not: only a takeover and a look into the journal can tell. */
export class AppendUnknown extends Error {
  override readonly name = 'AppendUnknown';
}

/** The connection is gone; nothing was in flight on it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export type Head = {
  epoch: number;
  lastSeq: number;
  lastAt: number;
  lastHash: string;
  /** When the shard was last served, by PostgreSQL's clock in ms; 0 for never. */
  aliveAt: number;
};

export type Journal = {
  /** @returns undefined while another owner's lease runs. */
  takeover(): Promise<Head | undefined>;
  /** @throws Fenced, AppendUnknown. */
  append(rows: readonly JournalRow[], previous: string): Promise<void>;
  /**
   * @param options.serving false while the leader is still reading: the lease is renewed, and nothing else.
   * @throws Fenced, or whatever broke the connection.
   */
  heartbeat(epoch: number, options?: { serving: boolean }): Promise<void>;
  release(epoch: number): Promise<void>;
  /** PostgreSQL's clock in ms. */
  databaseMs(): Promise<number>;
  /** The connection, for reading right after a takeover. */
  readonly sql: Sql;
  /** Cuts the connection; statements in flight stay unknown. */
  destroy(): void;
};

type JournalOptions = {
  readonly url: string;
  readonly shard: number;
  /** Names this process start, so that it can take over from itself at once. */
  readonly owner: string;
  readonly leaseTtlMs?: number;
  readonly appendStallMs?: number;
};

type SocketOptions = { host: string[]; port: number[]; path?: string | undefined };

export function openJournal(options: JournalOptions): Journal {
  const { shard, owner } = options;
  const ttl = `${options.leaseTtlMs ?? LEASE_TTL_MS} milliseconds`;
  let socket: net.Socket | undefined;
  let dead: Error | undefined;
  let warned: string | undefined;

  const destroy = (): void => {
    dead ??= new ConnectionLost('journal connection destroyed');
    socket?.destroy();
    sql.end({ timeout: 0 }).catch(() => {});
  };
  const sql = postgres(options.url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: CONNECT_TIMEOUT_S,
    connection: { application_name: `seam journal ${shard}`, lock_timeout: LOCK_TIMEOUT_MS },
    onnotice(notice) {
      if (notice['severity'] === 'WARNING') warned = notice['message'];
    },
    onclose: () => {
      dead ??= new ConnectionLost('journal connection lost');
    },
    // The library sets no TCP_NODELAY, which costs a delayed acknowledgement on every append.
    async socket(parsed: SocketOptions) {
      socket = await dial(parsed);
      return socket;
    },
  } as postgres.Options<Record<string, never>>);

  const alive = (): void => {
    if (dead) throw dead;
  };

  return {
    sql,
    destroy,
    async takeover() {
      alive();
      const [row] = await sql<
        { epoch: string; last_seq: string; last_ts_ms: string; last_hash: Buffer; alive_ms: string }[]
      >`
        select * from shard_takeover(${shard}, ${owner}, ${ttl}::interval)`;
      return (
        row && {
          epoch: Number(row.epoch),
          lastSeq: Number(row.last_seq),
          lastAt: Number(row.last_ts_ms),
          lastHash: row.last_hash.toString('hex'),
          aliveAt: Number(row.alive_ms),
        }
      );
    },
    async append(rows, previous) {
      const [first] = rows;
      if (!first) return;
      alive();
      warned = undefined;
      const last = rows[rows.length - 1]!;
      const bodies = rows.map((row) => row.body).join('\n');
      const hashes = rows.map((row) => row.hash).join('');
      const commands = packFingerprints(rows.map((row) => row.fingerprint)).toString('hex');
      const statement = sql`select journal_append(${shard}, ${first.epoch}, ${first.seq - 1}, ${previous},
        ${rows.length}, ${first.at}, ${last.at}, ${bodies}, ${hashes}, ${commands}, ${ttl}::interval)`;
      await answered(statement, options.appendStallMs ?? APPEND_STALL_MS).catch((error: unknown) => {
        destroy();
        throw (error as { code?: string }).code === 'CX001' ? fenced(error) : unknownFate(error);
      });
      if (warned !== undefined) {
        destroy();
        throw new AppendUnknown(`not confirmed: ${warned}`);
      }
    },
    async heartbeat(epoch, { serving } = { serving: true }) {
      alive();
      const statement = sql`select shard_heartbeat(${shard}, ${epoch}, ${ttl}::interval, ${serving})`;
      await answered(statement, options.appendStallMs ?? APPEND_STALL_MS).catch((error: unknown) => {
        throw (error as { code?: string }).code === 'CX001' ? fenced(error) : error;
      });
    },
    async release(epoch) {
      alive();
      await sql`select shard_release(${shard}, ${epoch})`;
    },
    async databaseMs() {
      alive();
      const [row] = await sql<{ ms: number }[]>`
        select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
      return row?.ms ?? Number.NaN;
    },
  };
}

const fenced = (cause: unknown): Fenced => new Fenced('another epoch leads this shard', { cause });
const unknownFate = (cause: unknown): AppendUnknown =>
  new AppendUnknown(`append not answered: ${(cause as Error).message}`, { cause });

async function answered<T>(statement: PromiseLike<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([statement, stalled]);
  } finally {
    clearTimeout(timer);
  }
}

async function dial(to: SocketOptions): Promise<net.Socket> {
  const socket = to.path
    ? net.connect(to.path)
    : net.connect({
        host: to.host[0] ?? 'localhost',
        port: to.port[0] ?? 5432,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 5_000,
      });
  // TLS, where the URL asks for it, takes its server name from here.
  if (!to.path) Object.assign(socket, { host: to.host[0], port: to.port[0] });
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(CONNECT_TIMEOUT_S * 1000, () =>
      socket.destroy(new ConnectionLost('connection timed out')),
    );
    socket.once('connect', resolve).once('error', reject);
  });
  socket.setTimeout(0);
  socket.removeAllListeners();
  return socket;
}
