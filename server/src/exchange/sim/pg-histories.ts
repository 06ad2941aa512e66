/**
 * Holds the simulated PostgreSQL against a real one: random histories of takeovers, appends, heartbeats,
 * releases and lost sessions, one to three statements at once. What the real server answers, and what it
 * then holds, must be what the simulated one gives in some order of the statements that ran together.
 */
import {
  PgError,
  PgTables,
  type Random,
  type Work,
  journalAppend,
  seededRandom,
  shardHeartbeat,
  shardRelease,
  shardTakeover,
} from '@seam/testkit/sim';
import postgres, { type Sql } from 'postgres';
import { canonicalJson } from '../canonical.ts';
import { GENESIS, type JournalRow, chainHash } from '../chain.ts';
import { packFingerprints } from '../command-index.ts';

export type Difference = {
  readonly history: number;
  readonly step: string;
  readonly real: string;
  readonly simulated: string;
};

type Session = { readonly id: number; readonly owner: string; readonly sql: Sql };
type Op =
  | { readonly kind: 'takeover'; readonly session: Session; readonly ttlMs: number }
  | { readonly kind: 'append'; readonly session: Session; readonly ttlMs: number; readonly append: Rows }
  | {
      readonly kind: 'heartbeat' | 'release';
      readonly session: Session;
      readonly ttlMs: number;
      readonly epoch: number;
    };
type Rows = {
  readonly epoch: number;
  readonly previousSeq: number;
  readonly previousHash: string;
  readonly rows: readonly JournalRow[];
};
/** A state the real server may be in, by the simulated one. */
type Possible = PgTables;

const STEPS = 12;
const NOW_MS = 1_000_000;
/** A lease either runs all through a history, or is over at once. */
const TTLS_MS = [3_600_000, -1_000];

/** @param url a migrated database that nobody else uses. @returns the first difference of each history. */
export async function comparePgHistories(of: {
  url: string;
  histories: number;
  seed: number;
}): Promise<Difference[]> {
  const admin = postgres(of.url, { max: 1, onnotice: () => {} });
  const differences: Difference[] = [];
  const random = seededRandom(of.seed);
  // Shared by all histories: connecting costs more than a history.
  const sessions: Session[] = [];
  try {
    for (let history = 0; history < of.histories; history += 1) {
      const one = new History({ url: of.url, admin, history, sessions, random: random.fork(`${history}`) });
      const difference = await one.play();
      if (difference) differences.push(difference);
    }
  } finally {
    await Promise.all([admin, ...sessions.map(({ sql }) => sql)].map((sql) => sql.end({ timeout: 1 })));
  }
  return differences;
}

type Around = { url: string; admin: Sql; history: number; sessions: Session[]; random: Random };

let made = 0;

class History {
  readonly #around: Around;
  /** Each history has a shard of its own. */
  readonly #shard: number;
  #possible: Possible[] = [new PgTables(1)];

  constructor(around: Around) {
    this.#around = around;
    this.#shard = 1_000 + around.history;
  }

  async play(): Promise<Difference | undefined> {
    const { admin, random, history } = this.#around;
    await admin`insert into shard (shard_id) values (${this.#shard})`;
    for (let i = 0; i < STEPS; i += 1) {
      while (this.#around.sessions.length < 3) this.#connect();
      if (random.chance(0.05)) {
        await this.#drop();
        continue;
      }
      const ops = this.#draw();
      const real = await Promise.all(ops.map((op) => this.#ask(op)));
      const before = this.#possible;
      this.#possible = this.#explain(ops, real);
      if (this.#possible.length > 0) continue;
      const simulated = before.map((tables) => canonical(this.#serve(tables, ops).answers)).join(' or ');
      return { history, step: ops.map(nameOf).join(' | '), real: canonical(real), simulated };
    }
    const real = await this.#held();
    const held = this.#possible.map(holds);
    if (held.includes(real)) return undefined;
    return { history, step: 'what is held at the end', real, simulated: held.join(' or ') };
  }

  #connect(): void {
    const { url, random } = this.#around;
    made += 1;
    const sql = postgres(url, { max: 1, idle_timeout: 0, onnotice: () => {} });
    this.#around.sessions.push({ id: made, owner: random.pick(['a', 'b', 'c']), sql });
  }

  /** A session ends, and the server has noticed. */
  async #drop(): Promise<void> {
    const { admin, random } = this.#around;
    const session = this.#around.sessions.splice(random.below(this.#around.sessions.length), 1)[0];
    if (!session) return;
    const [row] = await session.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await session.sql.end();
    for (;;) {
      const [left] = await admin`select 1 from pg_stat_activity where pid = ${row?.pid ?? 0}`;
      if (!left) return;
    }
  }

  #draw(): Op[] {
    const { random } = this.#around;
    const free = [...this.#around.sessions];
    const ops: Op[] = [];
    for (let left = random.pick([1, 1, 2, 3]); left > 0; left -= 1) {
      const session = free.splice(random.below(free.length), 1)[0];
      if (session) ops.push(this.#op(session));
    }
    return ops;
  }

  /** Mostly what a good writer would send, sometimes what a stale or confused one would. */
  #op(session: Session): Op {
    const { random } = this.#around;
    const { row } = random.pick(this.#possible).shard(0);
    const ttlMs = random.pick(TTLS_MS);
    const off = (): number => random.pick([0, 0, 0, 0, 0, -1, 1]);
    const kind = random.pick(['takeover', 'append', 'append', 'append', 'heartbeat', 'release'] as const);
    if (kind === 'takeover') return { kind, session, ttlMs };
    const epoch = row.epoch + off();
    if (kind !== 'append') return { kind, session, ttlMs, epoch };
    const previousSeq = Math.max(0, row.lastSeq + off());
    const previousHash = random.chance(0.9) ? row.lastHash : chainHash(GENESIS, 'other');
    const count = 1 + random.below(3);
    const rows: JournalRow[] = [];
    let hash = previousHash;
    for (let i = 1; i <= count; i += 1) {
      const seq = previousSeq + i;
      const at = Math.max(0, row.lastAt + i + random.pick([0, 0, 0, -5]));
      const body = canonicalJson({ actor: null, cmd_id: null, epoch, nonce: random.below(1e9), seq, ts: at });
      hash = chainHash(hash, body);
      rows.push({ seq, epoch, at, actor: null, cmdId: null, body, hash, fingerprint: undefined });
    }
    return { kind, session, ttlMs, append: { epoch, previousSeq, previousHash, rows } };
  }

  /** What the real server answers. */
  async #ask(op: Op): Promise<unknown> {
    const { sql, owner } = op.session;
    const [shard, ttl] = [this.#shard, `${op.ttlMs} milliseconds`];
    try {
      if (op.kind === 'takeover') {
        const [row] = await sql`select epoch::float8 as epoch, last_seq::float8 as last_seq,
          last_ts_ms::float8 as last_ts_ms, encode(last_hash, 'hex') as last_hash
          from shard_takeover(${shard}, ${owner}, ${ttl}::interval)`;
        return row
          ? {
              epoch: row['epoch'],
              lastSeq: row['last_seq'],
              lastAt: row['last_ts_ms'],
              lastHash: row['last_hash'],
            }
          : null;
      }
      if (op.kind === 'append') {
        const { epoch, previousSeq, previousHash, rows } = op.append;
        const bodies = rows.map(({ body }) => body).join('\n');
        const hashes = rows.map(({ hash }) => hash).join('');
        const commands = packFingerprints(rows.map(({ fingerprint }) => fingerprint)).toString('hex');
        const [row] = await sql`select journal_append(${shard}, ${epoch}, ${previousSeq}, ${previousHash},
          ${rows.length}, ${rows[0]!.at}, ${rows.at(-1)!.at}, ${bodies}, ${hashes}, ${commands},
          ${ttl}::interval)::float8 as seq`;
        return row?.['seq'];
      }
      if (op.kind === 'heartbeat') await sql`select shard_heartbeat(${shard}, ${op.epoch}, ${ttl}::interval)`;
      else await sql`select shard_release(${shard}, ${op.epoch})`;
      return null;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }

  /** The states that some order of `ops` leads to, with these very answers. */
  #explain(ops: readonly Op[], real: readonly unknown[]): Possible[] {
    const wanted = canonical(real);
    const found = new Map<string, Possible>();
    for (const tables of this.#possible) {
      for (const order of orders(ops.length)) {
        const { answers, after } = this.#serve(tables, ops, order);
        if (canonical(answers) !== wanted) continue;
        const { owner, session, leaseUntil } = after.shard(0).row;
        found.set(`${owner} ${session} ${leaseUntil} ${holds(after)}`, after);
      }
    }
    return [...found.values()];
  }

  #serve(
    tables: Possible,
    ops: readonly Op[],
    order: readonly number[] = ops.map((_, i) => i),
  ): { answers: unknown[]; after: Possible } {
    const after = copy(tables);
    const answers: unknown[] = [];
    for (const i of order) answers[i] = this.#simulate(after, ops[i]!);
    return { answers, after };
  }

  #simulate(tables: PgTables, op: Op): unknown {
    const isAlive = (id: number): boolean => this.#around.sessions.some((session) => session.id === id);
    try {
      const context = { tables, nowMs: NOW_MS, session: op.session.id, isAlive };
      const { result, commit } = workOf(op).run(context) as {
        result?: number | { aliveAt?: number };
        commit?: () => void;
      };
      commit?.();
      // When a shard was last served is a time, and two servers have two clocks.
      const { aliveAt: _, ...told } = (typeof result === 'object' ? result : null) ?? {};
      return typeof result === 'object' ? told : (result ?? null);
    } catch (error) {
      if (error instanceof PgError) return error.code;
      throw error;
    }
  }

  async #held(): Promise<string> {
    const { admin } = this.#around;
    const [row] =
      await admin`select epoch::float8 as epoch, last_seq::float8 as seq, last_ts_ms::float8 as at,
      encode(last_hash, 'hex') as hash from shard where shard_id = ${this.#shard}`;
    const rows =
      await admin`select seq::float8 as seq, epoch::float8 as epoch, body, encode(hash, 'hex') as hash
      from journal where shard_id = ${this.#shard} order by seq`;
    return canonical({ row, rows: [...rows] });
  }
}

function holds(tables: PgTables): string {
  const { row, journal } = tables.shard(0);
  return canonical({
    row: { epoch: row.epoch, seq: row.lastSeq, at: row.lastAt, hash: row.lastHash },
    rows: journal.map(({ seq, epoch, body, hash }) => ({ seq, epoch, body, hash })),
  });
}

function workOf(op: Op): Work<unknown> {
  const { ttlMs, session } = op;
  const shard = 0;
  if (op.kind === 'takeover') return shardTakeover({ shard, owner: session.owner, ttlMs });
  if (op.kind === 'append') return journalAppend({ shard, ...op.append, ttlMs });
  return op.kind === 'heartbeat'
    ? shardHeartbeat({ shard, epoch: op.epoch, ttlMs })
    : shardRelease({ shard, epoch: op.epoch });
}

function copy(tables: PgTables): PgTables {
  const other = new PgTables(1);
  const { row, journal } = tables.shard(0);
  Object.assign(other.shard(0).row, row);
  other.shard(0).journal.push(...journal);
  return other;
}

function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(at, 0, count - 1)),
  );
}

const canonical = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)));

const nameOf = (op: Op): string =>
  `${op.kind} by ${op.session.id}${op.session.owner}, ttl ${op.ttlMs}${op.kind === 'takeover' ? '' : `, epoch ${op.kind === 'append' ? op.append.epoch : op.epoch}`}`;
