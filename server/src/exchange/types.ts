/** The words the files of the hot path share. Times are ms since the epoch, seq is per shard. */
import type { Command, CommandBody, Event, Outage, Rejection } from '@seam/engine';

/**
 * The rules as the host sees them: pure and deterministic, state mutated in place.
 * `step` decides, `apply` repeats what was decided; both leave the same state.
 */
export type EngineRules<State> = {
  /** Changes whenever a decision could differ; snapshots of another version are not used. */
  readonly version: string;
  create(): State;
  step(state: State, command: Command): readonly Event[];
  apply(state: State, command: Command, events: readonly Event[]): void;
  /** Commands of all deadlines at or before `at`, in (deadline, id) order, each with its `deadline`. */
  dueTimers(state: State, at: number): readonly TimerCommand[];
  /** What auctions are owed after an outage; executed before any deadline that came due meanwhile. */
  outageCommands(state: State, outage: Outage): readonly CommandBody[];
  /** Null when nothing is waiting. */
  nextDeadline(state: State): number | null;
  /** Hash of everything that later decisions depend on. */
  stateHash(state: State): string;
  snapshot(state: State): string;
  restore(snapshot: string): State;
};

type TimerCommand = CommandBody & { readonly deadline: number };

/** The account of a company in the market's journal, whichever way its commands come in. */
export const memberActor = (organisationId: string): string => `org:${organisationId}`;

/** A command as a gateway hands it in. `(actor, cmdId)` names it for ever. */
export type Submission = {
  /** Who answers for the command: a company (`memberActor`), or a part of the exchange itself. */
  readonly actor: string;
  /** Chosen by the client, kept across retries. */
  readonly cmdId: string;
  readonly body: CommandBody;
};

/** One row of the journal, checked and decoded. */
export type JournalEntry = {
  readonly shard: number;
  readonly seq: number;
  readonly epoch: number;
  readonly at: number;
  readonly actor: string | null;
  readonly cmdId: string | null;
  readonly command: Command;
  readonly events: readonly Event[];
};

/** In the journal, for ever. */
export type Recorded =
  | { status: 'accepted'; shard: number; seq: number; at: number; events: readonly Event[] }
  | { status: 'rejected'; shard: number; seq: number; at: number; rejection: Rejection };

/**
 * Not in the journal by this call. `unknown` is honest: retry with the same id to learn the outcome.
 * `quarantined`: this very command broke the engine before and is never tried again.
 */
export type RefusalCode = 'overloaded' | 'not_leading' | 'cmd_id_reused' | 'unknown' | 'quarantined';
export type Refused = { status: 'refused'; code: RefusalCode; retryAfterMs?: number };

export type Outcome = Recorded | Refused;

/** @returns what the journal says about the command of `entry`. */
export function outcomeOf(entry: JournalEntry): Recorded {
  const { shard, seq, at, events } = entry;
  const [first] = events;
  if (first?.type === 'command_rejected') {
    return { status: 'rejected', shard, seq, at, rejection: first.rejection };
  }
  return { status: 'accepted', shard, seq, at, events };
}

/** Where problems are told. The production logger fits; tests collect. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
