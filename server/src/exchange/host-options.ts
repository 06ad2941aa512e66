/** What a host is told when it is made. */
import type { Sql } from 'postgres';
import type { MachineClock, Timers } from './clock.ts';
import type { Journal } from './journal.ts';
import type { LiveView } from './recovery.ts';
import type { EngineRules, JournalEntry, Log } from './types.ts';

export type HostOptions<State> = {
  readonly shard: number;
  readonly rules: EngineRules<State>;
  /** A new connection each time: one term of leading lives and dies with it. */
  readonly openJournal: () => Journal;
  /** For reads and snapshots beside the journal's own connection. */
  readonly sql: Sql;
  readonly view: LiveView;
  /** Told of every entry committed since this process first led, once, in order, after its outcome. */
  readonly onEntry: (entry: JournalEntry) => void;
  readonly log: Log;
  readonly clock?: MachineClock;
  readonly timers?: Timers;
  /** The process must end: another one leads. */
  readonly onFenced: (error: Error) => void;
  /** The shard stands still until a person has looked; the others go on. */
  readonly onHalted: (error: Error) => void;
  readonly leaseTtlMs?: number;
  readonly queueLimit?: number;
  readonly snapshotEvery?: number;
  /** The negative control of the crash test: answers are lost in a crash. Never read from settings. */
  readonly acknowledge?: 'after_commit' | 'before_commit';
};
