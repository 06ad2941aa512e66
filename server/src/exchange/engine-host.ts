/**
 * Leads one shard: runs the engine and holds its answers back until the journal has them.
 *
 * Order of a batch: stamp, deadlines, step, append, release. While one batch is appended the next is
 * decided. Nobody outside sees an outcome, accept or reject, before the append that holds it has been
 * answered. When an append fails, memory is ahead of the disk and is thrown away: a new epoch fences the
 * old statement, the journal is replayed, and then what it knows is answered and the rest decided anew.
 * Another leader's epoch ends it all (`onFenced`); a broken journal halts the shard (`onHalted`).
 */
import { type AnchoredClock, type MachineClock, type Timers } from './clock.ts';
import { anchorClock, breath, machineClock, machineTimers, pause } from './clock.ts';
import { GENESIS } from './chain.ts';
import type { Fingerprint } from './command-index.ts';
import { CommandMemory } from './command-memory.ts';
import { type Batch, Decider, type Draft, EngineBroke } from './decider.ts';
import { assertDurable } from './durability.ts';
import type { HostOptions } from './host-options.ts';
import { type HostPhase, hasEnded } from './host-phase.ts';
export type { HostOptions } from './host-options.ts';
import { Flight } from './flight.ts';
import { Fenced, type Journal } from './journal.ts';
import { LEASE_TTL_MS, NOT_LEADING_RETRY_AFTER_MS, OVERLOAD_RETRY_AFTER_MS } from './limits.ts';
import { COMMAND_PATIENCE_MS, RETRY_CEILING_MS, RETRY_FIRST_MS, SNAPSHOT_EVERY_ENTRIES } from './limits.ts';
import { type Pending, commandHash, pend } from './pending.ts';
import { PendingTable } from './pending-table.ts';
import { loadQuarantine, writeQuarantine } from './quarantine.ts';
import { recover } from './recovery.ts';
import { mayPass, refused, splitByAge } from './refusing.ts';
import { Sequencer } from './sequencer.ts';
import { saveSnapshot, takeSnapshot } from './snapshots.ts';
import { type JournalEntry, type Outcome, outcomeOf } from './types.ts';
import type { Submission } from './types.ts';

/** Of the negative control. */
const WRITE_BEHIND_MS = 20;

/** What is committed and may be shown. */
type Published = {
  readonly entry: JournalEntry;
  readonly body: string;
  readonly hash: string;
  readonly fingerprint?: Fingerprint | undefined;
};

type Term<State> = {
  readonly journal: Journal;
  readonly clock: AnchoredClock;
  readonly decider: Decider<State>;
  readonly flight: Flight;
};

export class EngineHost<State> {
  readonly #options: HostOptions<State>;
  readonly #clock: MachineClock;
  readonly #timers: Timers;
  readonly #queue: Sequencer<Pending>;
  readonly #commands = new CommandMemory();
  readonly #pending = new PendingTable();
  readonly #quarantined = new Set<string>();
  #phase: HostPhase = 'idle';
  #phaseChanged = Promise.withResolvers<void>();
  #stopping = false;
  #running: Promise<void> = Promise.resolve();
  /** Of the term before: taken from the queue, decided, and not known to be committed. */
  #inFlight: Pending[] = [];
  #published = 0;
  /** Of the chain at `#published`: what was shown once must be there after every takeover. */
  #publishedHash = GENESIS;
  #led = false;
  #snapshotSeq = 0;
  #retryMs = RETRY_FIRST_MS;
  #ended: Error | undefined;
  #anchored: AnchoredClock | undefined;

  constructor(options: HostOptions<State>) {
    this.#options = options;
    this.#clock = options.clock ?? machineClock;
    this.#timers = options.timers ?? machineTimers;
    this.#queue = new Sequencer(options.queueLimit, this.#timers);
  }

  get phase(): HostPhase {
    return this.#phase;
  }

  /** Highest seq that is committed and shown. */
  get publishedSeq(): number {
    return this.#published;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** The market's time: PostgreSQL's clock, or the machine's while the shard is not led. */
  now(): number {
    try {
      return this.#anchored?.now() ?? this.#clock.wallMs();
    } catch {
      return this.#clock.wallMs();
    }
  }

  start(): void {
    if (this.#phase !== 'idle') throw new Error('a host starts once');
    this.#setPhase('waiting');
    this.#running = this.#run();
  }

  /** Resolves when the shard is led; rejects when it never will be. */
  async leading(): Promise<void> {
    while (this.#phase !== 'leading') {
      if (hasEnded(this.#phase))
        throw new Error(`shard ${this.#options.shard} is ${this.#phase}`, { cause: this.#ended });
      await this.#phaseChanged.promise;
    }
  }

  /** Ends the term after the batch under way, gives the lease back, and refuses what waits. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue.wake();
    await this.#running;
  }

  /** Resolves with the outcome once the journal has it, or with a refusal; never rejects. */
  submit(submission: Submission): Promise<Outcome> {
    if (this.#phase !== 'leading' && this.#phase !== 'recovering') {
      return Promise.resolve(refused('not_leading', NOT_LEADING_RETRY_AFTER_MS));
    }
    const pending = pend(submission, this.#clock.monotonicMs());
    const earlier = this.#pending.get(pending);
    if (earlier?.text === pending.text) return earlier.settled;
    // Another command under the same id: which of the two the id belongs to is for the journal to say.
    if (earlier) return earlier.settled.then(() => this.submit(submission));
    if (!this.#queue.offer(pending)) return Promise.resolve(refused('overloaded', OVERLOAD_RETRY_AFTER_MS));
    this.#pending.add(pending);
    return pending.settled;
  }

  /** Looks at the clock again: for tests that turn it. */
  wake(): void {
    this.#queue.wake();
  }

  async #run(): Promise<void> {
    while (!this.#stopping && !hasEnded(this.#phase)) {
      const journal = this.#options.openJournal();
      try {
        await this.#term(journal);
      } catch (error) {
        await this.#afterFailure(error as Error);
      } finally {
        journal.destroy();
      }
    }
    this.#refuseAll(0);
    if (!hasEnded(this.#phase)) this.#setPhase('stopped');
  }

  /** One epoch, from taking the lead to losing it. */
  async #term(journal: Journal): Promise<void> {
    const { shard, rules, view, log } = this.#options;
    await assertDurable(journal.sql);
    const clock = await anchorClock(this.#clock, () => journal.databaseMs());
    this.#anchored = clock;
    const head = await journal.takeover();
    if (!head) return this.#standBy();
    this.#setPhase('recovering');
    const { state, base } = await recover(journal.sql, {
      rules,
      shard,
      head,
      view,
      log,
      commands: this.#commands,
      published: this.#published,
      publishedHash: this.#publishedHash,
      publish: (checked) => this.#publish(checked, { fresh: this.#led }),
      renew: () => journal.heartbeat(head.epoch, { serving: false }),
    });
    this.#published = head.lastSeq;
    this.#publishedHash = head.lastHash;
    this.#led = true;
    this.#snapshotSeq = base;
    for (const key of await loadQuarantine(journal.sql, shard)) this.#quarantined.add(key);
    this.#resume();
    log.info({ shard, epoch: head.epoch, seq: head.lastSeq }, 'leading');
    this.#setPhase('leading');
    this.#retryMs = RETRY_FIRST_MS;
    await this.#lead(journal, clock, new Decider({ rules, shard, state, head, upAt: clock.now() }));
  }

  async #lead(journal: Journal, clock: AnchoredClock, decider: Decider<State>): Promise<void> {
    const flight = new Flight(
      (batch) => this.#append(journal, batch),
      () => this.#queue.wake(),
    );
    try {
      await this.#decideAndAppend({ journal, clock, decider, flight });
    } catch (error) {
      await flight.landing;
      this.#inFlight = [...(flight.aboard?.drafts ?? []), ...decider.drafts].flatMap(
        ({ pending }) => pending ?? [],
      );
      // Whoever else leads by now matters more than what this process cannot decide.
      throw flight.failure ?? error;
    }
    await journal.release(decider.epoch);
  }

  async #decideAndAppend({ journal, clock, decider, flight }: Term<State>): Promise<void> {
    const heartbeatMs = (this.#options.leaseTtlMs ?? LEASE_TTL_MS) / 3;
    let renewed = this.#clock.monotonicMs();
    for (;;) {
      const committed = flight.collect();
      if (committed) {
        renewed = this.#clock.monotonicMs();
        // The next batch leaves first: the disk works on it while these outcomes are told.
        if (this.#depart(decider, flight)) await breath(this.#timers);
        this.#release(committed.drafts);
      }
      const held = this.#snapshotWhenDue(decider, flight);
      // What came together is decided together.
      await breath(this.#timers);
      if (!this.#stopping && !held) this.#decide(decider, clock.now());
      // It landed during a breath: its outcomes are told before anything else, above all before a stop.
      if (!flight.underWay && flight.aboard) continue;
      if (!flight.underWay) this.#depart(decider, flight);
      const idleMs = this.#clock.monotonicMs() - renewed;
      if (flight.underWay) {
        if (this.#stopping || held || !decider.hasRoom) await flight.landing;
        else await this.#queue.rest(Math.min(decider.restMs(clock.now()), heartbeatMs));
      } else if (this.#stopping) return;
      else if (idleMs >= heartbeatMs) {
        await journal.heartbeat(decider.epoch);
        renewed = this.#clock.monotonicMs();
      } else await this.#queue.rest(Math.min(decider.restMs(clock.now()), heartbeatMs - idleMs));
    }
  }

  /** @returns whether an append has begun. */
  #depart(decider: Decider<State>, flight: Flight): boolean {
    const batch = decider.take();
    if (batch) flight.start(batch);
    return batch !== undefined;
  }

  async #append(journal: Journal, { drafts, previous }: Batch): Promise<void> {
    if (this.#options.acknowledge === 'before_commit') await this.#settleTooEarly(drafts);
    await journal.append(
      drafts.map((draft) => draft.row),
      previous,
    );
  }

  #decide(decider: Decider<State>, now: number): void {
    decider.decide(now, this.#queue, (pending) => this.#intercept(pending));
  }

  /** Answers without a new entry: what the journal knows, and what must never be tried again. */
  #intercept(pending: Pending): boolean {
    if (this.#quarantined.size > 0 && this.#quarantined.has(commandHash(pending))) {
      this.#answer(pending, refused('quarantined'));
      return true;
    }
    if (pending.isNew) return false;
    const places = this.#commands.placesOf(pending);
    if (!places) return false;
    void this.#recall(pending, places);
    return true;
  }

  async #recall(pending: Pending, places: readonly number[]): Promise<void> {
    try {
      const { sql, shard } = this.#options;
      const recalled = await this.#commands.recall(sql, shard, { pending, places });
      if (recalled === 'none') {
        if (hasEnded(this.#phase))
          return this.#answer(pending, refused('not_leading', NOT_LEADING_RETRY_AFTER_MS));
        pending.isNew = true;
        this.#queue.putBack([pending]);
        this.#queue.wake();
      } else this.#answer(pending, recalled === 'other' ? refused('cmd_id_reused') : recalled);
    } catch (error) {
      this.#options.log.warn({ err: error, places }, 'recorded outcome could not be read');
      this.#answer(pending, refused('unknown', NOT_LEADING_RETRY_AFTER_MS));
    }
  }

  #release(drafts: readonly Draft[]): void {
    this.#settle(drafts);
    for (const { entry, row } of drafts) {
      const { body, hash, fingerprint } = row;
      this.#publish({ entry, body, hash, fingerprint }, { fresh: true });
    }
  }

  #settle(drafts: readonly Draft[]): void {
    for (const { entry, pending } of drafts) if (pending) this.#answer(pending, outcomeOf(entry));
  }

  /** What many systems do: answer now, write soon. Only for the test that must catch it. */
  async #settleTooEarly(drafts: readonly Draft[]): Promise<void> {
    this.#settle(drafts);
    await pause(this.#timers, WRITE_BEHIND_MS);
  }

  /** The history found at the start of the process is not news (`fresh`) to anybody. */
  #publish({ entry, body, hash, fingerprint }: Published, { fresh }: { fresh: boolean }): void {
    this.#commands.record({ entry, body }, fingerprint);
    this.#options.view.apply(entry);
    this.#published = entry.seq;
    this.#publishedHash = hash;
    if (fresh) this.#options.onEntry(entry);
  }

  #answer(pending: Pending, outcome: Outcome): void {
    this.#pending.delete(pending);
    pending.settle(outcome);
  }

  /** After a replay: what was in flight and is in the journal is answered, the rest waits its turn again. */
  #resume(): void {
    const undecided = this.#inFlight.filter((pending) => this.#pending.get(pending) === pending);
    this.#inFlight = [];
    this.#queue.putBack(undecided);
  }

  async #standBy(): Promise<void> {
    this.#setPhase('waiting');
    this.#refuseAll(0);
    await this.#queue.rest((this.#options.leaseTtlMs ?? LEASE_TTL_MS) / 3);
  }

  async #afterFailure(error: Error): Promise<void> {
    const { shard, log } = this.#options;
    this.#ended = error;
    if (error instanceof Fenced) {
      log.error({ shard, err: error }, 'fenced');
      this.#setPhase('fenced');
      this.#refuseAll(0);
      return this.#options.onFenced(error);
    }
    if (error instanceof EngineBroke && error.pending) return this.#quarantine(error.pending, error);
    if (!mayPass(error)) {
      log.error({ shard, err: error }, 'halted');
      this.#setPhase('halted');
      this.#refuseAll(0);
      return this.#options.onHalted(error);
    }
    if (this.#phase === 'leading') this.#setPhase('recovering');
    log.warn({ shard, err: error, retryMs: this.#retryMs }, 'not leading, trying again');
    this.#refuseAll(COMMAND_PATIENCE_MS);
    if (!this.#stopping) await pause(this.#timers, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_CEILING_MS);
  }

  async #quarantine(pending: Pending, error: EngineBroke): Promise<void> {
    const { shard, sql, log } = this.#options;
    this.#setPhase('recovering');
    log.error({ shard, err: error, command: pending.submission.body.type }, 'the engine broke on a command');
    this.#quarantined.add(commandHash(pending));
    this.#answer(pending, refused('quarantined'));
    await writeQuarantine(sql, { shard, pending, error }).catch((failure: unknown) => {
      log.error({ shard, err: failure }, 'quarantine not written');
    });
  }

  /** Refuses whatever has waited longer than `patienceMs`. What was in flight may have been committed. */
  #refuseAll(patienceMs: number): void {
    const latest = this.#clock.monotonicMs() - patienceMs;
    const [unknown, stillFlying] = splitByAge(this.#inFlight, latest);
    this.#inFlight = stillFlying;
    for (const pending of unknown) this.#answer(pending, refused('unknown', NOT_LEADING_RETRY_AFTER_MS));
    const [late, patient] = splitByAge(this.#queue.drain(), latest);
    this.#queue.putBack(patient);
    for (const pending of late) this.#answer(pending, refused('not_leading', NOT_LEADING_RETRY_AFTER_MS));
  }

  /** @returns true while decisions must wait: a snapshot is due, and shows only what is committed. */
  #snapshotWhenDue(decider: Decider<State>, flight: Flight): boolean {
    const { rules, shard, view, sql, log } = this.#options;
    if (decider.seq - this.#snapshotSeq < (this.#options.snapshotEvery ?? SNAPSHOT_EVERY_ENTRIES))
      return false;
    if (flight.aboard || decider.drafts.length > 0) return true;
    this.#snapshotSeq = decider.seq;
    const place = { shard, seq: decider.seq, journalHash: decider.hash, state: decider.state };
    saveSnapshot(sql, takeSnapshot(rules, { ...place, view: view.snapshot() })).catch((error: unknown) => {
      log.warn({ shard, err: error }, 'snapshot not written');
    });
    return false;
  }

  #setPhase(phase: HostPhase): void {
    this.#phase = phase;
    this.#phaseChanged.resolve();
    this.#phaseChanged = Promise.withResolvers<void>();
  }
}
