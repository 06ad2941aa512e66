/**
 * Turns queued commands and due deadlines into the next batch: stamp, deadlines first, step, encode.
 *
 * The state held here is ahead of the disk, by the batch that is being appended and the one that is
 * being filled meanwhile. It is never read by anybody else, and is thrown away when an append fails.
 */
import type { Command, CommandBody } from '@seam/engine';
import { instant } from '@seam/units';
import { assert } from '../platform/fault.ts';
import { type JournalRow, commandText, encodeEntry } from './chain.ts';
import type { Head } from './journal.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from './limits.ts';
import type { Pending } from './pending.ts';
import type { Sequencer } from './sequencer.ts';
import type { EngineRules, JournalEntry } from './types.ts';

export type Draft = {
  readonly entry: JournalEntry;
  readonly row: JournalRow;
  readonly pending: Pending | undefined;
};

/** What one append writes: it continues the chain that ended in `previous`. */
export type Batch = { readonly drafts: readonly Draft[]; readonly previous: string };

/** The rules threw: the state is worthless. `pending` is absent when the clock's command did it. */
export class EngineBroke extends Error {
  override readonly name = 'EngineBroke';
  readonly pending: Pending | undefined;
  constructor(pending: Pending | undefined, cause: unknown) {
    super(`the engine broke: ${(cause as Error).message}`, { cause });
    this.pending = pending;
  }
}

type Options<State> = { rules: EngineRules<State>; shard: number; state: State; head: Head; upAt: number };

export class Decider<State> {
  readonly #rules: EngineRules<State>;
  readonly #shard: number;
  readonly epoch: number;
  readonly state: State;
  #seq: number;
  #at: number;
  #hash: string;
  /** The chain's hash before the first of `#drafts`. */
  #previous: string;
  /** What the auctions are owed for the time before this term. */
  #owed: readonly CommandBody[];
  #drafts: Draft[] = [];
  #bytes = 0;

  constructor(options: Options<State>) {
    this.#rules = options.rules;
    this.#shard = options.shard;
    this.state = options.state;
    this.epoch = options.head.epoch;
    this.#seq = options.head.lastSeq;
    this.#at = options.head.lastAt;
    this.#hash = options.head.lastHash;
    this.#previous = this.#hash;
    const { aliveAt } = options.head;
    const outage = { downFrom: instant(aliveAt), downUntil: instant(Math.max(aliveAt, options.upAt)) };
    this.#owed = aliveAt === 0 ? [] : this.#rules.outageCommands(this.state, outage);
  }

  /** Place and time of the last entry decided, committed or not. */
  get seq(): number {
    return this.#seq;
  }

  get at(): number {
    return this.#at;
  }

  /** What was decided and not yet taken. */
  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  get hash(): string {
    return this.#hash;
  }

  /** Ms until a deadline is due; Infinity when none is waiting. */
  restMs(now: number): number {
    const next = this.#rules.nextDeadline(this.state);
    return next === null ? Infinity : next - now;
  }

  /** The batch that is to be appended next, if anything was decided. */
  take(): Batch | undefined {
    if (this.#drafts.length === 0) return undefined;
    const batch = { drafts: this.#drafts, previous: this.#previous };
    this.#drafts = [];
    this.#bytes = 0;
    this.#previous = this.#hash;
    return batch;
  }

  /**
   * Decides what waits, up to a full batch.
   * @param intercept answers a command that needs no entry (known or quarantined); true when it did.
   * @throws EngineBroke.
   */
  decide(now: number, queue: Sequencer<Pending>, intercept: (pending: Pending) => boolean): void {
    const at = Math.max(this.#at, now);
    if (!this.#giveTimeBack(at)) return;
    // A command may only be decided when every deadline at or before its time is behind it.
    if (!this.#passDeadlines(at)) return;
    while (this.hasRoom) {
      const pending = queue.take();
      if (!pending) break;
      if (intercept(pending)) continue;
      this.#step(pending.submission.body, at, pending);
      if (!this.#passDeadlines(at)) break;
    }
  }

  get hasRoom(): boolean {
    return this.#drafts.length < BATCH_ENTRIES_MAX && this.#bytes < BATCH_BYTES_MAX;
  }

  /**
   * Extends what an outage cut short, before any deadline may close it.
   * @returns false when the batch is full before all is given back.
   */
  #giveTimeBack(at: number): boolean {
    while (this.#owed.length > 0) {
      if (!this.hasRoom) return false;
      const [body, ...rest] = this.#owed;
      this.#owed = rest;
      if (body) this.#step(body, at, undefined);
    }
    return true;
  }

  /** @returns false when the batch is full before all deadlines up to `at` have fired. */
  #passDeadlines(at: number): boolean {
    for (;;) {
      if (this.restMs(at) > 0) return true;
      const due = this.#rules.dueTimers(this.state, at);
      if (due.length === 0) return true;
      for (const { deadline, ...rest } of due) {
        // Firing one may have made an earlier one due: (deadline, id) order holds over both.
        const next = this.#rules.nextDeadline(this.state);
        if (next !== null && next < deadline) break;
        if (!this.hasRoom) return false;
        const command = { ...rest, deadline } as CommandBody;
        const events = this.#step(command, Math.max(this.#at, deadline), undefined);
        if (events[0]?.type === 'command_rejected') {
          throw new EngineBroke(undefined, new Error(`deadline refused: ${events[0].rejection.code}`));
        }
      }
    }
  }

  #step(body: CommandBody, at: number, pending: Pending | undefined): JournalEntry['events'] {
    const seq = this.#seq + 1;
    const command: Command = { ...body, seq, at: instant(at) };
    try {
      const events = this.#rules.step(this.state, command);
      assert(events.length > 0, `seq ${seq} has no event`);
      const entry: JournalEntry = {
        shard: this.#shard,
        seq,
        epoch: this.epoch,
        at,
        actor: pending?.submission.actor ?? null,
        cmdId: pending?.submission.cmdId ?? null,
        command,
        events,
      };
      const row = encodeEntry(entry, {
        previous: this.#hash,
        command: pending?.text ?? commandText(body),
        fingerprint: pending?.fingerprint,
        engineVersion: this.#rules.version,
      });
      this.#drafts.push({ entry, row, pending });
      this.#bytes += row.body.length;
      this.#seq = seq;
      this.#at = at;
      this.#hash = row.hash;
      return events;
    } catch (error) {
      throw new EngineBroke(pending, error);
    }
  }
}
