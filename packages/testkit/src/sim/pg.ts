/**
 * A simulated PostgreSQL: sessions that run one statement at a time, row locks with a queue, commits
 * that take time, and every way in which a client can be left not knowing: committed and silent,
 * aborted and silent, committed long after the client gave up, stalled, restarted, failed over to a
 * standby that lacks the newest commits.
 *
 * What it promises is what PostgreSQL promises at READ COMMITTED: a statement that waited for a row
 * sees the row as the one before it left it; what is committed survives a restart; a statement whose
 * client is gone still runs to its end.
 */
import type { SimClock } from './clock.ts';
import type { SimNet, Stream } from './net.ts';
import { PgConnectionLost, PgError } from './pg-error.ts';
import { PgTables } from './pg-tables.ts';
import type { Random } from './random.ts';

export type WorkContext = {
  readonly tables: PgTables;
  /** By the server's clock. */
  readonly nowMs: number;
  readonly session: number;
  readonly isAlive: (session: number) => boolean;
};

/** One statement. `run` decides with the lock held; `commit` happens later, all at once or never. */
export type Work<T> = {
  readonly name: string;
  /** Shard whose row it locks. */
  readonly lock?: number;
  run(context: WorkContext): { readonly result: T; readonly commit?: () => void };
};

export type PgFaults = {
  readonly stall: number;
  readonly stallMsMax: number;
  readonly slowCommit: number;
  readonly slowCommitMsMax: number;
  readonly silentCommit: number;
  readonly silentAbort: number;
  /** "Committed locally, not confirmed by the standby." */
  readonly warn: number;
};

export const calmPg: PgFaults = {
  stall: 0,
  stallMsMax: 0,
  slowCommit: 0,
  slowCommitMsMax: 0,
  silentCommit: 0,
  silentAbort: 0,
  warn: 0,
};

type Options = {
  readonly clock: SimClock;
  readonly net: SimNet;
  readonly random: Random;
  readonly shards: number;
  /** Ms since 1970 at the start, by the server's clock. */
  readonly startMs: number;
  readonly onCommit?: (work: string) => void;
};

/** A lost connection that nobody reports is noticed by keepalive after this. */
const KEEPALIVE_MS = 20_000;

export class SimPg {
  faults: PgFaults = calmPg;
  readonly tables: PgTables;
  readonly clock: SimClock;
  readonly net: SimNet;
  readonly random: Random;
  readonly onCommit: (work: string) => void;
  #sessions = new Map<number, PgSession>();
  #locks = new Map<number, { holder: PgSession; waiting: { session: PgSession; go: () => void }[] }>();
  #made = 0;
  #nextCommitMs: number | undefined;
  /** Sim ms until which nobody is served. */
  #downUntil = 0;
  readonly #startMs: number;

  constructor(options: Options) {
    this.clock = options.clock;
    this.net = options.net;
    this.random = options.random;
    this.tables = new PgTables(options.shards);
    this.onCommit = options.onCommit ?? (() => {});
    this.#startMs = options.startMs;
  }

  get nowMs(): number {
    return this.#startMs + this.clock.now;
  }

  /** @param from who connects: its way to `pg` may be parted. */
  connect(from: string, options: { lockTimeoutMs?: number } = {}): PgSession {
    this.#made += 1;
    return new PgSession(this, { id: this.#made, from, ...options });
  }

  isAlive(session: number): boolean {
    return this.#sessions.has(session);
  }

  /** @returns false while the server is down. */
  admit(session: PgSession): boolean {
    const isUp = this.clock.now >= this.#downUntil;
    if (isUp) this.#sessions.set(session.id, session);
    return isUp;
  }

  forget(session: PgSession): void {
    this.#sessions.delete(session.id);
    for (const [shard, lock] of this.#locks) {
      lock.waiting = lock.waiting.filter((waiter) => waiter.session !== session);
      if (lock.holder === session) this.unlock(shard, session);
    }
  }

  /** The sessions a client has open, oldest first. */
  sessionsOf(from: string): PgSession[] {
    return [...this.#sessions.values()].filter((session) => session.from === from);
  }

  get sessions(): readonly PgSession[] {
    return [...this.#sessions.values()];
  }

  /** `pg_terminate_backend`. @param told whether the client hears of it. */
  terminate(session: PgSession, told = true): void {
    this.clock.trace(`pg: session ${session.id} of ${session.from} terminated`);
    session.kill(told);
  }

  /** A crash: what is not committed is gone, and every session with it. */
  restart(downMs: number): void {
    this.clock.trace(`pg: restart, down ${downMs.toFixed(0)} ms`);
    this.#downUntil = Math.max(this.#downUntil, this.clock.now + downMs);
    for (const session of this.sessions) session.kill(true);
    this.#locks.clear();
  }

  /** An asynchronous standby becomes the server: the newest commits never happened. */
  failover(lostCommits: number): void {
    this.restart(100);
    this.tables.lose(lostCommits);
    this.clock.trace(`pg: failed over, ${lostCommits} commits lost`);
  }

  /** The next statement that writes to a shard takes this long to commit. */
  delayNextCommit(ms: number): void {
    this.#nextCommitMs = ms;
  }

  commitMs(): number {
    const { slowCommit, slowCommitMsMax } = this.faults;
    const delayed = this.#nextCommitMs;
    this.#nextCommitMs = undefined;
    if (delayed !== undefined) return delayed;
    return this.random.chance(slowCommit)
      ? this.random.between(0, slowCommitMsMax)
      : this.random.between(0.3, 2);
  }

  lock(shard: number, session: PgSession, granted: () => void): void {
    const lock = this.#locks.get(shard);
    if (!lock) {
      this.#locks.set(shard, { holder: session, waiting: [] });
      return granted();
    }
    lock.waiting.push({ session, go: granted });
  }

  /** Gives up waiting. */
  withdraw(shard: number, session: PgSession): void {
    const lock = this.#locks.get(shard);
    if (lock) lock.waiting = lock.waiting.filter((waiter) => waiter.session !== session);
  }

  unlock(shard: number, session: PgSession): void {
    const lock = this.#locks.get(shard);
    if (lock?.holder !== session) return;
    const next = lock.waiting.shift();
    if (!next) return void this.#locks.delete(shard);
    lock.holder = next.session;
    this.clock.after(0, next.go);
  }
}

type Asked = { work: Work<unknown>; resolve: (value: unknown) => void; reject: (error: Error) => void };

export class PgSession {
  readonly id: number;
  readonly from: string;
  /** Told when PostgreSQL sends a warning. */
  onWarning: (message: string) => void = () => {};
  onClose: () => void = () => {};
  readonly #pg: SimPg;
  readonly #up: Stream;
  readonly #down: Stream;
  readonly #lockTimeoutMs: number;
  readonly #open = new Set<Asked>();
  #queue: Asked[] = [];
  #busy = false;
  #phase: 'new' | 'open' | 'ended' = 'new';
  #clientGone = false;

  constructor(pg: SimPg, options: { id: number; from: string; lockTimeoutMs?: number }) {
    this.#pg = pg;
    this.id = options.id;
    this.from = options.from;
    this.#lockTimeoutMs = options.lockTimeoutMs ?? Infinity;
    this.#up = pg.net.stream(options.from, 'pg');
    this.#down = pg.net.stream(options.from, 'pg');
  }

  /** @throws PgError, PgConnectionLost. May never answer: a fault can be silent. */
  query<T>(work: Work<T>): Promise<T> {
    if (this.#clientGone) return Promise.reject(new PgConnectionLost('connection closed'));
    return new Promise((resolve, reject) => {
      const asked = { work, resolve, reject } as Asked;
      this.#open.add(asked);
      this.#up.send(() => this.#arrive(asked));
    });
  }

  /** The client hangs up. What the server is doing for it goes on to its end. */
  destroy(): void {
    if (this.#clientGone) return;
    this.#clientGone = true;
    for (const { reject } of this.#open) reject(new PgConnectionLost('connection destroyed'));
    this.#open.clear();
    this.#up.send(() => this.#endWhenIdle());
  }

  /** The client's machine lost power: the server hears nothing, and finds out by keepalive. */
  vanish(): void {
    this.#clientGone = true;
    this.#open.clear();
    this.#pg.clock.after(KEEPALIVE_MS, () => this.#endWhenIdle());
  }

  /** The server ends the session; what it has not committed is rolled back. */
  kill(told: boolean): void {
    if (this.#phase === 'ended') return;
    this.#end();
    this.#pg.clock.after(told ? 0 : KEEPALIVE_MS, () => this.#down.send(() => this.#lost()));
  }

  #arrive(asked: Asked): void {
    if (this.#phase === 'new' && this.#pg.admit(this)) this.#phase = 'open';
    if (this.#phase !== 'open') {
      this.#end();
      return this.#down.send(() => this.#lost());
    }
    this.#queue.push(asked);
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const asked = this.#queue.shift();
    this.#busy = asked !== undefined;
    if (!asked) {
      if (this.#clientGone) this.#end();
      return;
    }
    const { faults, random, clock } = this.#pg;
    const wait = random.chance(faults.stall)
      ? random.between(0, faults.stallMsMax)
      : random.between(0.02, 0.2);
    clock.after(wait, () => this.#begin(asked));
  }

  #begin(asked: Asked): void {
    if (this.#phase !== 'open') return;
    const { lock } = asked.work;
    if (lock === undefined) return this.#execute(asked);
    let given = false;
    this.#pg.lock(lock, this, () => {
      given = true;
      if (this.#phase === 'open') this.#execute(asked);
    });
    if (given || this.#lockTimeoutMs === Infinity) return;
    this.#pg.clock.after(this.#lockTimeoutMs, () => {
      if (given || this.#phase !== 'open') return;
      this.#pg.withdraw(lock, this);
      this.#answer(asked, () =>
        asked.reject(new PgError('55P03', 'canceling statement due to lock timeout')),
      );
    });
  }

  #execute(asked: Asked): void {
    const { tables, nowMs, clock, random, faults } = this.#pg;
    const { work } = asked;
    try {
      const isAlive = (session: number): boolean => this.#pg.isAlive(session);
      const { result, commit } = work.run({ tables, nowMs, session: this.id, isAlive });
      if (!commit) return this.#done(asked, () => asked.resolve(result));
      if (random.chance(faults.silentAbort)) {
        clock.trace(`pg: ${work.name} aborted`);
        return this.kill(random.chance(0.5));
      }
      clock.after(this.#pg.commitMs(), () => this.#commit(asked, commit, result));
    } catch (error) {
      this.#done(asked, () => asked.reject(error as Error));
    }
  }

  #commit(asked: Asked, commit: () => void, result: unknown): void {
    const { clock, random, faults } = this.#pg;
    if (this.#phase !== 'open') return;
    commit();
    clock.trace(`pg: ${asked.work.name}`);
    this.#pg.onCommit(asked.work.name);
    if (random.chance(faults.silentCommit)) return this.kill(random.chance(0.5));
    const warned = random.chance(faults.warn);
    this.#done(asked, () => {
      if (warned)
        this.onWarning('the transaction has already committed locally, but might not be replicated');
      asked.resolve(result);
    });
  }

  #done(asked: Asked, deliver: () => void): void {
    if (asked.work.lock !== undefined) this.#pg.unlock(asked.work.lock, this);
    this.#answer(asked, deliver);
  }

  #answer(asked: Asked, deliver: () => void): void {
    this.#down.send(() => {
      if (this.#open.delete(asked)) deliver();
    });
    this.#next();
  }

  #lost(): void {
    if (this.#clientGone) return;
    this.#clientGone = true;
    for (const { reject } of this.#open) reject(new PgConnectionLost('connection reset'));
    this.#open.clear();
    this.onClose();
  }

  #endWhenIdle(): void {
    if (!this.#busy) this.#end();
  }

  #end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#queue = [];
    this.#pg.forget(this);
  }
}
