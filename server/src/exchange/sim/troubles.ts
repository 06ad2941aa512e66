/** Bad luck, by the seed: one fault after another until the calm begins, and one disaster at most. */
import { calmPg } from '@seam/testkit/sim';
import { UNTOUCHED } from './checker.ts';
import type { FaultKind } from './settings.ts';
import type { SimEngine } from './sim-engine.ts';
import type { World } from './world.ts';

export class Troubles {
  /** How often each kind happened. */
  readonly counts = new Map<string, number>();
  /** Sim ms of the last moment that was not calm. */
  lastMs = 0;
  readonly #world: World;
  readonly #engines: readonly SimEngine[];

  constructor(world: World, engines: readonly SimEngine[]) {
    this.#world = world;
    this.#engines = engines;
  }

  start(): void {
    const { settings, net, pg, clock, random, calmAt } = this.#world;
    net.faults = settings.net;
    pg.faults = settings.pg;
    this.#next();
    if (settings.disaster !== 'none') clock.after(random.between(calmAt / 3, calmAt), () => this.#disaster());
    clock.after(calmAt, () => this.#calm());
  }

  /** Troubles of the network and the database, and whatever an engine is still in. */
  #note(kind: string, lastsMs = 0): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.lastMs = Math.max(this.lastMs, this.#world.clock.now + lastsMs);
  }

  #next(): void {
    const { settings, clock, random, calmAt } = this.#world;
    if (settings.faults.length === 0) return;
    const wait = -Math.log(1 - random.next()) * settings.faultEveryMs;
    if (clock.now + wait >= calmAt) return;
    clock.after(wait, () => {
      this.#happen(random.pick(settings.faults));
      this.#next();
    });
  }

  #happen(kind: FaultKind): void {
    const { clock, net, pg, random, settings } = this.#world;
    const engine = random.pick(this.#engines);
    const { name } = engine.machine;
    this.#note(kind);
    clock.trace(`trouble: ${kind} ${name}`);
    switch (kind) {
      case 'kill':
        return engine.life?.process.killAfter(random.below(60));
      case 'power_loss':
        return engine.life?.process.kill({ powerLoss: true });
      case 'pause':
        return this.#pause(engine, random.pick([random.between(50, 500), random.between(500, 8_000)]));
      case 'part_database':
        net.part(name, 'pg');
        return this.#later(random.between(50, 6_000), () => net.heal(name, 'pg'));
      case 'part_clients':
        net.part(name, 'clients');
        return this.#later(random.between(50, 3_000), () => net.heal(name, 'clients'));
      case 'terminate': {
        const session = pg.sessions.at(random.below(Math.max(1, pg.sessions.length)));
        return session && pg.terminate(session, random.chance(0.8));
      }
      case 'restart_database':
        return pg.restart(random.between(20, 1_500));
      case 'outage':
        return pg.restart(random.between(8_000, 25_000));
      case 'late_commit':
        return pg.delayNextCommit(random.between(0, 2 * settings.leaseTtlMs + 500));
      case 'clock_jump':
        engine.machine.wallOffsetMs += random.pick([-3_600_000, -700, -300, 100, 600, 30_000, 3_600_000]);
        return this.#later(random.between(500, 4_000), () => {
          engine.machine.wallOffsetMs = random.between(-200, 200);
        });
      case 'kill_at_close':
        return this.#killAtClose();
    }
  }

  #later(ms: number, end: () => void): void {
    const { clock, calmAt } = this.#world;
    clock.after(Math.min(ms, calmAt - clock.now), end);
  }

  #pause(engine: SimEngine, ms: number): void {
    const process = engine.life?.process;
    process?.pause();
    this.#later(ms, () => process?.resume());
  }

  /** Kills whoever leads within 50 ms of the next close. */
  #killAtClose(): void {
    const { clock, pg, checker, random } = this.#world;
    const next = checker.nextClose();
    if (next === undefined) return;
    const { shard, at } = next;
    clock.after(at - pg.nowMs + random.between(-50, 50), () => {
      if (clock.now >= this.#world.calmAt) return;
      this.#note('killed_at_close');
      this.#engines.find((engine) => engine.leads(shard))?.life?.process.killAfter(random.below(20));
    });
  }

  #disaster(): void {
    const { settings, pg, checker, random, clock } = this.#world;
    clock.trace(`disaster: ${settings.disaster}`);
    this.#note(settings.disaster);
    if (settings.disaster === 'standby_lacks_commits') {
      pg.failover(1 + random.below(5));
      return checker.forget(settings.disaster);
    }
    if (settings.disaster === 'snapshot_changed') this.#changeSnapshots();
    else this.#changeJournal();
    for (const engine of this.#engines) engine.life?.process.kill();
  }

  #changeSnapshots(): void {
    const { pg, random } = this.#world;
    for (const snapshot of pg.tables.shards.flatMap(({ snapshots }) => snapshots)) {
      snapshot.state = Buffer.from(snapshot.state);
      snapshot.state[random.below(snapshot.state.length)]! ^= 1;
    }
  }

  /** A price in the part of the journal that a recovery reads becomes another one. */
  #changeJournal(): void {
    const { pg, random, checker, settings } = this.#world;
    const shards = pg.tables.shards.map(({ journal, snapshots, row: { epoch } }) => {
      const covered = Math.max(0, ...snapshots.map(({ seq }) => seq));
      const read = journal.filter(({ seq, body }) => seq > covered && body.includes('"price":'));
      if (read.length === 0) return UNTOUCHED;
      const row = random.pick(read);
      journal[row.seq - 1] = { ...row, body: row.body.replace('"price":', '"price":1') };
      return { lastEpoch: epoch, changedSeq: row.seq };
    });
    // A shard without such an entry is as good as before.
    if (shards.some((one) => one !== UNTOUCHED)) checker.disaster = { kind: settings.disaster, shards };
  }

  /** From here on nothing goes wrong. */
  #calm(): void {
    const { clock, net, pg } = this.#world;
    clock.trace('calm');
    net.healAll();
    pg.faults = calmPg;
    for (const engine of this.#engines) {
      engine.life?.process.resume();
      engine.machine.wallOffsetMs = 0;
      engine.start();
    }
    // Leases run out, lost connections are noticed.
    this.#note('calm', 25_000);
  }
}
