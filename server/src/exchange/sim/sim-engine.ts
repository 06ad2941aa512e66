/** One engine's machine: the real hosts behind the real gateway, started again whenever they end. */
import type { EngineState } from '@seam/engine';
import { EngineHost } from '../engine-host.ts';
import { createGateway } from '../gateway.ts';
import { LiveAuctions } from '../live-view.ts';
import { type JournalEntry, type Outcome, type Submission, silentLog } from '../types.ts';
import { openSimJournal } from './sim-journal.ts';
import { type Machine, SimProcess } from './sim-process.ts';
import { simSql } from './sim-sql.ts';
import type { World } from './world.ts';

/** One life of an engine: a process and what runs in it. */
export type Life = {
  readonly name: string;
  readonly process: SimProcess;
  readonly hosts: readonly EngineHost<EngineState>[];
  readonly views: readonly LiveAuctions[];
  /** Entries shown to the outside, by shard. */
  readonly shown: readonly JournalEntry[][];
  submit(submission: Submission): Promise<Outcome>;
};

export class SimEngine {
  readonly machine: Machine;
  readonly #world: World;
  #life: Life | undefined;
  #lives = 0;
  #halted = false;

  constructor(world: World, name: string) {
    this.#world = world;
    this.machine = { name, wallOffsetMs: world.random.between(-200, 200) };
    this.start();
  }

  get life(): Life | undefined {
    return this.#life?.process.isAlive ? this.#life : undefined;
  }

  /** Stands still until a person has looked. */
  get isHalted(): boolean {
    return this.#halted;
  }

  leads(shard: number): boolean {
    return this.life?.hosts[shard]?.phase === 'leading';
  }

  /** A message from the network: answered through `reply` once the market has an outcome. */
  receive(submission: Submission, reply: (outcome: Outcome) => void): void {
    const life = this.life;
    if (!life) return;
    life.process.deliver(() => {
      void life.submit(submission).then((outcome) => {
        if (!life.process.touch()) return;
        this.#world.checker.answered(life.name, submission, outcome);
        reply(outcome);
      });
    });
  }

  start(): void {
    if (this.life || this.#halted) return;
    this.#lives += 1;
    this.#life = this.#begin(`${this.machine.name}.${this.#lives}`);
    this.#world.clock.trace(`${this.#life.name} starts`);
    for (const host of this.#life.hosts) host.start();
  }

  #begin(name: string): Life {
    const { clock, pg, settings, random } = this.#world;
    const process = new SimProcess({ clock, pg }, this.machine, () => {
      clock.after(random.between(20, 1_000), () => this.start());
    });
    const pool = simSql((work) => process.connect().query(work));
    const views: LiveAuctions[] = [];
    const shown: JournalEntry[][] = [];
    const hosts = Array.from({ length: settings.shards }, (_, shard) => {
      shown[shard] = [];
      views[shard] = this.#view(name, process);
      return this.#host({ name, shard, process, pool, view: views[shard], shown: shown[shard] });
    });
    const gateway = createGateway(hosts);
    return { name, process, hosts, views, shown, submit: (submission) => gateway.submit(submission) };
  }

  #host(of: {
    name: string;
    shard: number;
    process: SimProcess;
    pool: ReturnType<typeof simSql>;
    view: LiveAuctions;
    shown: JournalEntry[];
  }): EngineHost<EngineState> {
    const { name, shard, process, pool, view, shown } = of;
    const { settings, checker, mutant } = this.#world;
    const { leaseTtlMs, snapshotEvery, queueLimit } = settings;
    return new EngineHost<EngineState>({
      shard,
      rules: mutant.rules(process),
      openJournal: () =>
        mutant.journal(
          openSimJournal({
            line: process.connect({ lockTimeoutMs: 1_000 }),
            timers: process.timers,
            shard,
            owner: name,
            leaseTtlMs,
            ...(mutant.append && { append: mutant.append }),
          }),
          { shard, answer: (submission, outcome) => checker.answered(name, submission, outcome) },
        ),
      sql: pool,
      view,
      onEntry: (entry) => {
        if (!process.touch()) return;
        checker.shown(name, entry, shown.at(-1));
        shown.push(entry);
      },
      log: silentLog,
      clock: mutant.clock(process),
      timers: process.timers,
      onFenced: () => process.kill(),
      onHalted: (error) => this.#halt(name, shard, error),
      leaseTtlMs,
      snapshotEvery,
      queueLimit,
      ...(mutant.acknowledge && { acknowledge: mutant.acknowledge }),
    });
  }

  /** The real view; what it is told must be committed. */
  #view(name: string, process: SimProcess): LiveAuctions {
    const view = new LiveAuctions();
    const apply = view.apply.bind(view);
    view.apply = (entry) => {
      if (!process.touch()) return;
      this.#world.checker.viewed(name, entry);
      apply(entry);
    };
    return view;
  }

  #halt(name: string, shard: number, error: Error): void {
    this.#world.clock.trace(`${name} halts shard ${shard}: ${error.message}`);
    this.#halted = true;
    this.#world.checker.halted(name, error);
  }
}
