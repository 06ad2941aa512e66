/**
 * The outside of a simulated process: whatever its code asks of the world goes through here, so the
 * process can die between any two of those calls, stand still, or be cut off, like a real one.
 */
import type { PgSession, SimClock, SimPg, Work } from '@seam/testkit/sim';
import type { MachineClock, Timers } from '../clock.ts';
import type { Line } from './sim-journal.ts';

/** The machine a process runs on: its clock survives the process. */
export type Machine = { readonly name: string; wallOffsetMs: number };

const never = <T>(): Promise<T> => new Promise<T>(() => {});

export class SimProcess {
  readonly machine: Machine;
  readonly timers: Timers;
  readonly clock: MachineClock;
  #isAlive = true;
  #isPaused = false;
  #backlog: (() => void)[] = [];
  #callsLeft = Infinity;
  readonly #sim: SimClock;
  readonly #pg: SimPg;
  readonly #sessions: PgSession[] = [];
  readonly #onDeath: () => void;

  constructor(world: { clock: SimClock; pg: SimPg }, machine: Machine, onDeath: () => void) {
    this.machine = machine;
    this.#sim = world.clock;
    this.#pg = world.pg;
    this.#onDeath = onDeath;
    this.timers = {
      after: (ms, run) => {
        if (!this.touch()) return () => {};
        return this.#sim.after(ms, () => this.deliver(run));
      },
    };
    this.clock = {
      monotonicMs: () => {
        this.touch();
        return this.#sim.now;
      },
      wallMs: () => this.#pg.nowMs + machine.wallOffsetMs,
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Every call to the world comes by here; the fatal one and all after it have no effect. */
  touch(): boolean {
    if (!this.#isAlive) return false;
    this.#callsLeft -= 1;
    if (this.#callsLeft < 0) this.kill();
    return this.#isAlive;
  }

  /** Something from outside reaches the process: at once, when it goes on, or never. */
  deliver(run: () => void): void {
    if (!this.#isAlive) return;
    if (this.#isPaused) this.#backlog.push(run);
    else run();
  }

  /** Dies at the nth call to the world from now: between any two awaits, or in the midst of answers. */
  killAfter(calls: number): void {
    this.#callsLeft = Math.min(this.#callsLeft, calls);
  }

  /** kill -9. The machine closes its connections; what the database does for it goes on. */
  kill({ powerLoss = false } = {}): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#backlog = [];
    this.#sim.trace(`${this.machine.name} ${powerLoss ? 'loses power' : 'killed'}`);
    for (const session of this.#sessions) {
      if (powerLoss) session.vanish();
      else session.destroy();
    }
    this.#onDeath();
  }

  /** SIGSTOP. */
  pause(): void {
    this.#isPaused = true;
    this.#sim.trace(`${this.machine.name} stands still`);
  }

  /** SIGCONT: everything that came meanwhile, in its order. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#sim.trace(`${this.machine.name} goes on`);
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const run of backlog) this.#sim.after(0, () => this.deliver(run));
  }

  /** A new connection to the database. */
  connect(options: { lockTimeoutMs?: number } = {}): Line {
    const session = this.#pg.connect(this.machine.name, options);
    this.#sessions.push(session);
    const line: Line = {
      onWarning: () => {},
      onClose: () => {},
      query: <T>(work: Work<T>) => {
        if (!this.touch()) return never<T>();
        return new Promise<T>((resolve, reject) => {
          session.query(work).then(
            (value) => this.deliver(() => resolve(value)),
            (error: Error) => this.deliver(() => reject(error)),
          );
        });
      },
      destroy: () => {
        if (this.touch()) session.destroy();
      },
    };
    session.onWarning = (message) => this.deliver(() => line.onWarning(message));
    session.onClose = () => this.deliver(() => line.onClose());
    return line;
  }
}
