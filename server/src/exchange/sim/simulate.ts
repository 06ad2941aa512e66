/**
 * One seed, one market, one bad day: the real hosts with the real rules on a simulated clock, network
 * and PostgreSQL. The same seed gives the same run to the last byte of its trace.
 */
import { SimClock, SimNet, SimPg, seededRandom } from '@seam/testkit/sim';
import { Checker, type Violation } from './checker.ts';
import { checkEnd } from './end.ts';
import { type MutantName, mutants } from './mutants.ts';
import { SimSettlement } from './settlement.ts';
import { type Settings, settingsOf } from './settings.ts';
import { SimEngine } from './sim-engine.ts';
import { Traffic } from './traffic.ts';
import { Troubles } from './troubles.ts';
import { START_MS, type World } from './world.ts';

export type SimOptions = {
  readonly seed: number;
  readonly mutant?: MutantName;
  /** Called with each line of what happens. */
  readonly print?: (line: string) => void;
};

export type SimReport = {
  readonly seed: number;
  readonly settings: Settings;
  readonly violation: Violation | undefined;
  readonly traceHash: string;
  readonly simulatedMs: number;
  readonly events: number;
  readonly entries: number;
  readonly answers: number;
  readonly resent: number;
  /** Epochs taken, all shards. */
  readonly takeovers: number;
  /** Extensions for an outage. */
  readonly outages: number;
  readonly troubles: Readonly<Record<string, number>>;
};

/** After the last fault every command has its outcome within this. */
const PATIENCE_MS = 60_000;
/** A resumed auction goes on for five minutes at least, one after an outage for fifteen, and is extended. */
const AUCTIONS_END_MS = 3_600_000;

export async function simulate(options: SimOptions): Promise<SimReport> {
  const mutant = mutants[options.mutant ?? 'none'];
  return mutant.around(() => run(options));
}

async function run({ seed, mutant = 'none', print }: SimOptions): Promise<SimReport> {
  const random = seededRandom(seed);
  const settings = { ...settingsOf(seed, random.fork('settings')), ...mutants[mutant].settings };
  const clock = new SimClock(print);
  clock.trace(JSON.stringify(settings));
  const net = new SimNet(clock, random.fork('net'));
  const checker: Checker = new Checker(settings.shards, {
    tables: () => pg.tables,
    nowMs: () => pg.nowMs,
    simMs: () => clock.now,
    lastTroubleMs: () => (clock.now < settings.troubleMs ? clock.now : troubles.lastMs),
  });
  const pg = new SimPg({
    clock,
    net,
    random: random.fork('pg'),
    shards: settings.shards,
    startMs: START_MS,
    onCommit: () => checker.committed(),
  });
  const world: World = {
    clock,
    net,
    pg,
    random: random.fork('world'),
    checker,
    settings,
    mutant: mutants[mutant],
    calmAt: settings.troubleMs,
  };
  const engines = Array.from({ length: settings.engines }, (_, i) => new SimEngine(world, `engine${i}`));
  const traffic = new Traffic(world, engines);
  const troubles = new Troubles(world, engines);
  troubles.start();
  traffic.start(new SimSettlement(world, traffic.client('settlement')));

  const isBroken = (): boolean => checker.violation !== undefined;
  await clock.run(settings.troubleMs, isBroken);
  const isAnswered = (): boolean => isBroken() || traffic.isDone;
  await clock.run(settings.troubleMs + PATIENCE_MS, isAnswered);
  await checkEnd({ world, engines, traffic, limitMs: clock.now + AUCTIONS_END_MS });
  return {
    seed,
    settings,
    violation: checker.violation,
    traceHash: clock.traceHash,
    simulatedMs: Math.round(clock.now),
    events: clock.events,
    entries: checker.allEntries.length,
    answers: checker.answers,
    resent: traffic.clients.reduce((sum, { resent }) => sum + resent, 0),
    takeovers: pg.tables.shards.reduce((sum, { row }) => sum + row.epoch, 0),
    outages: checker.outages,
    troubles: Object.fromEntries(troubles.counts),
  };
}
