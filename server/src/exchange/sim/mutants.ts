/**
 * Broken markets, each with one promise taken out: what the simulator must catch to be worth anything.
 * They are built around the real code from outside; the product has no switch for them but the one
 * that the crash test also uses (`acknowledge`).
 */
import { type Event, type EngineState } from '@seam/engine';
import { type Append, type Work, appendWithUnlockedEpoch } from '@seam/testkit/sim';
import { CommandMemory } from '../command-memory.ts';
import { GENESIS, type JournalRow, chainHash, decodeBody } from '../chain.ts';
import type { MachineClock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { marketRules } from '../rules.ts';
import { type EngineRules, type Outcome, type Submission, outcomeOf } from '../types.ts';
import type { Settings } from './settings.ts';
import type { SimProcess } from './sim-process.ts';

export type MutantName =
  | 'none'
  | 'ack_before_commit'
  | 'early_rejects'
  | 'no_dedup'
  | 'unlocked_epoch'
  | 'wall_clock_timers'
  | 'events_by_object_keys'
  | 'skipped_hash_check'
  | 'release_before_engine'
  | 'forgotten_outage';

type Around = { readonly shard: number; readonly answer: (to: Submission, outcome: Outcome) => void };

export type Mutant = {
  readonly name: MutantName;
  readonly rules: (process: SimProcess) => EngineRules<EngineState>;
  readonly clock: (process: SimProcess) => MachineClock;
  readonly journal: (honest: Journal, around: Around) => Journal;
  readonly append?: (append: Append) => Work<number>;
  readonly acknowledge?: 'before_commit';
  /** The settlement's worker frees a bidder's money by its own clock, not by the engine's release. */
  readonly releasesEarly?: true;
  /** What a day must bring for the missing promise to be missed. */
  readonly settings?: Partial<Settings>;
  /** Runs `during` with the mutant's changes to shared classes. */
  readonly around: <T>(during: () => Promise<T>) => Promise<T>;
};

const honest: Mutant = {
  name: 'none',
  rules: () => marketRules,
  clock: (process) => process.clock,
  journal: (journal) => journal,
  around: (during) => during(),
};

export const mutants: Readonly<Record<MutantName, Mutant>> = {
  none: honest,
  ack_before_commit: { ...honest, name: 'ack_before_commit', acknowledge: 'before_commit' },
  early_rejects: { ...honest, name: 'early_rejects', journal: rejectEarly },
  no_dedup: {
    ...honest,
    name: 'no_dedup',
    around: forgetful,
  },
  unlocked_epoch: {
    ...honest,
    name: 'unlocked_epoch',
    append: appendWithUnlockedEpoch,
    settings: { faults: ['late_commit'], leaseTtlMs: 500 },
  },
  wall_clock_timers: { ...honest, name: 'wall_clock_timers', clock: wallClock },
  events_by_object_keys: { ...honest, name: 'events_by_object_keys', rules: keyOrder },
  skipped_hash_check: {
    ...honest,
    name: 'skipped_hash_check',
    journal: trusting,
    settings: { disaster: 'journal_changed' },
  },
  release_before_engine: { ...honest, name: 'release_before_engine', releasesEarly: true },
  forgotten_outage: {
    ...honest,
    name: 'forgotten_outage',
    rules: () => ({ ...marketRules, outageCommands: () => [] }),
    settings: { faults: ['outage'], faultEveryMs: 4_000 },
  },
};

export const mutantNames = Object.keys(mutants).filter((name) => name !== 'none') as MutantName[];

/** "Too low" is told before the price it was too low against is on the disk. */
function rejectEarly(journal: Journal, { answer }: Around): Journal {
  return {
    ...journal,
    async append(rows, previous) {
      for (const { body } of rows) {
        const entry = decodeBody(body);
        const { actor, cmdId, command } = entry;
        if (entry.events[0]?.type === 'command_rejected' && actor !== null && cmdId !== null)
          answer({ actor, cmdId, body: command }, outcomeOf(entry));
      }
      return journal.append(rows, previous);
    },
  };
}

/** The market does not know which commands it has executed. */
async function forgetful<T>(during: () => Promise<T>): Promise<T> {
  const { placesOf } = CommandMemory.prototype;
  CommandMemory.prototype.placesOf = () => undefined;
  try {
    return await during();
  } finally {
    CommandMemory.prototype.placesOf = placesOf;
  }
}

/** The market's time is whatever the machine's wall clock says: no jump is ever seen. */
function wallClock(process: SimProcess): MachineClock {
  const { wallMs } = process.clock;
  return { wallMs, monotonicMs: wallMs };
}

/** Releases come in the order of an object's keys, which is not the order they were decided in. */
function keyOrder(process: SimProcess): EngineRules<EngineState> {
  const step: EngineRules<EngineState>['step'] = (state, command) => {
    const events = marketRules.step(state, command);
    const isRelease = (event: Event): boolean => event.type === 'bid_security_released';
    const byKey: Record<string, Event> = {};
    // As if the keys had gone into a map that is seeded anew by each process.
    const salt = process.machine.name.length + events.length;
    for (const [index, event] of events.entries()) byKey[String((index * 7 + salt) % 11)] = event;
    const released = Object.values(byKey).filter(isRelease);
    let next = 0;
    return events.map((event) => (isRelease(event) ? (released[next++] ?? event) : event));
  };
  return { ...marketRules, step };
}

/**
 * Believes whatever the journal's table holds: it reads bodies, makes the hashes fit, and writes its
 * own rows with the hashes that the table expects.
 */
function trusting(journal: Journal): Journal {
  let expected = GENESIS;
  let believed = GENESIS;
  const sql = trustingSql(journal, (hash) => {
    believed = hash;
  });
  return {
    ...journal,
    sql,
    async takeover() {
      const head = await journal.takeover();
      if (!head) return undefined;
      expected = head.lastHash;
      believed = GENESIS;
      // Filled in while the journal is read; the host compares it afterwards.
      return {
        ...head,
        get lastHash() {
          return believed;
        },
      };
    },
    async append(rows, previous) {
      let hash = previous === believed ? expected : previous;
      const fitted = rows.map((row): JournalRow => {
        hash = chainHash(hash, row.body);
        return { ...row, hash };
      });
      await journal.append(fitted, previous === believed ? expected : previous);
      expected = hash;
      believed = rows.at(-1)?.hash ?? believed;
    },
  };
}

/** Rows come with hashes that fit their bodies, counted on from wherever the reading begins. */
function trustingSql(journal: Journal, believe: (hash: string) => void): Journal['sql'] {
  type Row = { first_seq?: string; bodies?: string; hash?: string };
  let last = GENESIS;
  const fit = (text: string, rows: Row[]): Row[] => {
    const begins = text.startsWith("select encode(hash, 'hex') as hash from journal_entry");
    if (!begins && !text.includes('as hashes from journal_batch')) return rows;
    return rows.map((row) => {
      if (row.first_seq === '1') last = GENESIS;
      last = begins ? (row.hash ?? GENESIS) : chainHash(last, row.bodies ?? '');
      believe(last);
      return begins ? { ...row, hash: last } : { ...row, hashes: last };
    });
  };
  const ask = journal.sql as unknown as (...all: unknown[]) => Promise<Row[]>;
  const sql = (first: readonly string[], ...rest: unknown[]): unknown => {
    const asked = ask(first, ...rest);
    if (!('raw' in first)) return asked;
    const text = first.join('?').replaceAll(/\s+/g, ' ').trim();
    const then = (resolve: (rows: unknown) => unknown, reject: (error: unknown) => unknown) =>
      asked.then((rows) => resolve(fit(text, rows)), reject);
    // oxlint-disable-next-line unicorn/no-thenable -- the driver's queries are thenables too
    return Object.assign({}, asked, { then });
  };
  return Object.assign(sql, { begin: journal.sql.begin }) as unknown as Journal['sql'];
}
