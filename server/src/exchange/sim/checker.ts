/**
 * Watches one simulated market from outside and remembers the first promise it breaks.
 *
 * At every commit: seq gapless, chain whole, time and epoch never back (J1), one entry per command id
 * (J4), what was decided is what the rules decide (J5), no time from the future, security in the
 * engine never above its hold in the ledger (L10). At every output: it is committed, as it is (J2,
 * P10), each process's entries in order (J3), all answers to one command equal (P3).
 */
import type { CommandBody, EngineState } from '@seam/engine';
import type { PgTables, ShardRow } from '@seam/testkit/sim';
import { instant } from '@seam/units';
import { canonicalJson } from '../canonical.ts';
import { GENESIS, chainHash, decodeBody } from '../chain.ts';
import { commandKey } from '../pending.ts';
import { marketRules } from '../rules.ts';
import { type JournalEntry, type Outcome, type Submission, outcomeOf } from '../types.ts';
import { SecurityBook } from './security-book.ts';

/** A market may stamp an entry this much after the database's clock: an anchor is never exact. */
const FUTURE_MS_MAX = 750;
/** A close later than this, in a market without trouble, is late. */
const CLOSE_LATE_MS_MAX = 1_000;

type ShardTruth = {
  entries: JournalEntry[];
  hash: string;
  state: EngineState;
  /** The epoch in force, and when the shard was last served before it, until it has an entry. */
  epoch: number;
  downFrom: number | undefined;
  /** When that epoch was taken, by the database's clock. */
  takenAt: number;
  /** What the new leader has to write before anything else. */
  owed: readonly CommandBody[];
};

export type Violation = { readonly atMs: number; readonly promise: string; readonly detail: string };

type Surroundings = {
  readonly tables: () => PgTables;
  readonly nowMs: () => number;
  readonly simMs: () => number;
  /** Sim ms of the last trouble that could make something late. */
  readonly lastTroubleMs: () => number;
};

type Disaster = {
  readonly kind: string;
  readonly shards: readonly { readonly lastEpoch: number; readonly changedSeq: number }[];
};
export const UNTOUCHED = { lastEpoch: Infinity, changedSeq: 0 };

export class Checker {
  violation: Violation | undefined;
  answers = 0;
  commits = 0;
  /** Extensions for an outage. */
  outages = 0;
  /**
   * After a disaster the market may only stop: halts are right, and later epochs than `lastEpoch` may not write
   * where recovery reads the entry at `changedSeq`.
   */
  disaster: Disaster | undefined;
  readonly security = new SecurityBook();
  /** Accepted bids by auction. */
  readonly accepted = new Map<string, number>();
  readonly #around: Surroundings;
  readonly #shards: ShardTruth[];
  readonly #outcomes = new Map<string, string>();
  readonly #entryOf = new Map<string, JournalEntry>();
  readonly #listeners: ((entry: JournalEntry) => void)[] = [];

  constructor(shards: number, around: Surroundings) {
    this.#around = around;
    this.#shards = Array.from({ length: shards }, () => ({
      entries: [],
      hash: GENESIS,
      state: marketRules.create(),
      epoch: 0,
      downFrom: undefined,
      takenAt: 0,
      owed: [],
    }));
  }

  /** Told of each committed entry, at the commit. */
  onEntry(listener: (entry: JournalEntry) => void): void {
    this.#listeners.push(listener);
  }

  entries(shard: number): readonly JournalEntry[] {
    return this.#shards[shard]?.entries ?? [];
  }

  get allEntries(): readonly JournalEntry[] {
    return this.#shards.flatMap(({ entries }) => entries);
  }

  /** Looks at whatever a commit has added. */
  committed(): void {
    if (this.violation) return;
    this.commits += 1;
    for (const [shard, truth] of this.#shards.entries()) {
      const { journal, row } = this.#around.tables().shard(shard);
      this.#served(shard, truth, row);
      for (const raw of journal.slice(truth.entries.length)) {
        const place = `shard ${shard} seq ${raw.seq}`;
        this.#must(
          raw.seq === truth.entries.length + 1,
          'J1 seq is gapless',
          `${place} after ${truth.entries.length}`,
        );
        this.#must(chainHash(truth.hash, raw.body) === raw.hash, 'J1 the chain holds', place);
        if (this.violation) return;
        this.#entry(shard, truth, decodeBody(raw.body), raw.epoch);
        truth.hash = raw.hash;
      }
      this.#must(
        row.lastSeq === truth.entries.length && row.lastHash === truth.hash,
        'J1 the row is the head',
        `shard ${shard}`,
      );
    }
  }

  #entry(shard: number, truth: ShardTruth, entry: JournalEntry, epoch: number): void {
    const place = `shard ${shard} seq ${entry.seq}`;
    const last = truth.entries.at(-1);
    this.#must(
      entry.shard === shard && entry.seq === truth.entries.length + 1,
      'J1 the body names its place',
      place,
    );
    this.#must(entry.epoch === epoch && epoch >= (last?.epoch ?? 0), 'J1 epochs never fall', place);
    this.#must(entry.at >= (last?.at ?? 0), 'J1 time never falls', place);
    const ahead = entry.at - this.#around.nowMs();
    this.#must(
      ahead <= FUTURE_MS_MAX,
      'P12 no time from the future',
      `${place} is ${ahead.toFixed(0)} ms ahead`,
    );
    if (this.disaster) {
      const { lastEpoch, changedSeq } = this.disaster.shards[shard] ?? { lastEpoch: 0, changedSeq: 0 };
      // One that was on its way when the leader died, and whose leader knew the entry as it was.
      const isCovered = this.#around
        .tables()
        .shard(shard)
        .snapshots.some(({ seq }) => seq >= changedSeq);
      this.#must(
        epoch <= lastEpoch || isCovered,
        `after ${this.disaster.kind} nobody leads`,
        `${place} epoch ${epoch}`,
      );
    }
    if (entry.actor !== null && entry.cmdId !== null) {
      const key = commandKey(entry.actor, entry.cmdId);
      this.#must(!this.#entryOf.has(key), 'J4 a command has one entry', `${place} ${entry.cmdId}`);
      this.#entryOf.set(key, entry);
    }
    if (this.violation) return;
    this.#timeGivenBack(truth, entry, place);
    const events = marketRules.step(truth.state, entry.command);
    this.#must(
      canonicalJson(events) === canonicalJson(entry.events),
      'J5 the rules decide what was recorded',
      place,
    );
    truth.entries.push(entry);
    this.#close(entry, place);
    for (const event of entry.events)
      if (event.type === 'bid_accepted')
        this.accepted.set(event.auctionId, (this.accepted.get(event.auctionId) ?? 0) + 1);
    this.ledger(this.security.engine(entry));
    for (const listener of this.#listeners) listener(entry);
  }

  /** A takeover is no sign of life; a heartbeat is, and says that nothing was owed. */
  #served(shard: number, truth: ShardTruth, row: ShardRow): void {
    const served = Math.max(truth.entries.at(-1)?.at ?? 0, Math.floor(row.aliveAt));
    if (row.epoch !== truth.epoch) {
      truth.epoch = row.epoch;
      truth.takenAt = Math.floor(this.#around.nowMs());
      truth.downFrom ??= served;
    } else if (truth.downFrom !== undefined && served > truth.downFrom) {
      const { downFrom } = truth;
      truth.downFrom = undefined;
      const owed = this.#owed(truth, downFrom, served);
      this.#must(
        owed.length === 0,
        'P14 an outage extends trading',
        `shard ${shard}: served on, ${owed.length} owed`,
      );
    }
  }

  #owed(truth: ShardTruth, downFrom: number, downUntil: number): readonly CommandBody[] {
    if (downFrom === 0 || downUntil < downFrom) return [];
    const outage = { downFrom: instant(downFrom), downUntil: instant(downUntil) };
    return marketRules.outageCommands(truth.state, outage);
  }

  /** After an outage the first entries extend what it cut short, and no other entry does. */
  #timeGivenBack(truth: ShardTruth, { command }: JournalEntry, place: string): void {
    const isExtension = command.type === 'extend_for_outage';
    const upAt = isExtension ? command.downUntil : truth.takenAt;
    const isTime = upAt >= truth.takenAt - FUTURE_MS_MAX && upAt <= this.#around.nowMs() + FUTURE_MS_MAX;
    this.#must(isTime, 'P14 an outage ends when a new leader is up', place);
    if (truth.downFrom !== undefined) {
      // A close that came due meanwhile is stamped with its deadline: it says nothing about when it was written.
      truth.owed = this.#owed(truth, truth.downFrom, upAt);
      truth.downFrom = undefined;
    }
    const [next, ...rest] = truth.owed;
    truth.owed = rest;
    const { seq: _seq, at: _at, ...body } = command;
    if (!next && !isExtension) return;
    this.outages += 1;
    this.#must(
      next !== undefined && canonicalJson(next) === canonicalJson(body),
      'P14 an outage extends trading',
      `${place}: ${next ? 'extension is owed' : 'nothing is owed'}, ${command.type} is written`,
    );
  }

  /** A close in a market without trouble is on time. */
  #close(entry: JournalEntry, place: string): void {
    const { command } = entry;
    if (command.type !== 'close_auction') return;
    const late = this.#around.nowMs() - command.deadline;
    const calmFor = this.#around.simMs() - this.#around.lastTroubleMs();
    if (calmFor < late + CLOSE_LATE_MS_MAX) return;
    this.#must(late <= CLOSE_LATE_MS_MAX, 'P12 a close is on time', `${place} is ${late.toFixed(0)} ms late`);
  }

  /** @param broken what the book of securities found. */
  ledger(broken: string | undefined): void {
    if (broken) this.#must(false, 'L10 the engine never has more than the ledger holds', broken);
  }

  /** An answer leaves a process. */
  answered(by: string, { actor, cmdId, body }: Submission, outcome: Outcome): void {
    if (outcome.status === 'refused') {
      this.#must(outcome.code !== 'quarantined', 'the engine does not break', `${by} ${body.type} ${cmdId}`);
      return;
    }
    this.answers += 1;
    const place = `${by} answers ${cmdId} with seq ${outcome.seq}`;
    const entry = this.#shards[outcome.shard]?.entries[outcome.seq - 1];
    const isCommitted = entry?.cmdId === cmdId && entry.actor === actor;
    if (this.disaster && !isCommitted) return;
    this.#must(isCommitted, 'J2 P10 an answer is in the journal', place);
    if (!entry || this.violation) return;
    const told = canonicalJson(outcome);
    this.#must(told === canonicalJson(outcomeOf(entry)), 'J2 an answer says what the journal says', place);
    const key = commandKey(actor, cmdId);
    const earlier = this.#outcomes.get(key);
    this.#must(earlier === undefined || earlier === told, 'P3 every retry has the same answer', place);
    this.#outcomes.set(key, told);
  }

  /** An entry leaves a process. */
  shown(by: string, entry: JournalEntry, last: JournalEntry | undefined): void {
    this.#isCommitted(by, entry);
    const follows = !last || entry.seq === last.seq + 1;
    this.#must(follows, 'J3 entries are shown in order', `${by}: ${entry.seq} after ${last?.seq}`);
  }

  /** An entry is folded into a view that others read. */
  viewed(by: string, entry: JournalEntry): void {
    this.#isCommitted(by, entry);
  }

  #isCommitted(by: string, entry: JournalEntry): void {
    const known = this.#shards[entry.shard]?.entries[entry.seq - 1];
    if (this.disaster && !known) return;
    const same = known !== undefined && known.epoch === entry.epoch && known.at === entry.at;
    this.#must(
      same && canonicalJson(known.events) === canonicalJson(entry.events),
      'P10 J2 nothing is shown that is not committed',
      `${by} shows shard ${entry.shard} seq ${entry.seq}`,
    );
  }

  halted(by: string, error: Error): void {
    if (!this.disaster)
      this.#must(false, 'no shard halts without a reason', `${by}: ${error.stack ?? error.message}`);
  }

  /** The database lost its newest commits: from here on the truth is what is left. */
  forget(kind: string): void {
    const tables = this.#around.tables();
    for (const [shard, truth] of this.#shards.entries()) {
      const left = tables.shard(shard).journal.length;
      for (const entry of truth.entries.splice(left)) {
        if (entry.actor !== null && entry.cmdId !== null)
          this.#entryOf.delete(commandKey(entry.actor, entry.cmdId));
      }
      truth.hash = tables.shard(shard).row.lastHash;
      truth.state = marketRules.create();
      for (const { command, events } of truth.entries) marketRules.apply(truth.state, command, events);
    }
    this.security.rewind(this.#shards.flatMap(({ entries }) => entries));
    this.#outcomes.clear();
    this.disaster = { kind, shards: this.#shards.map(() => UNTOUCHED) };
  }

  /** The next thing the clock will do, and where. */
  nextClose(): { shard: number; at: number } | undefined {
    return this.#shards
      .flatMap(({ state }, shard) => {
        const at = marketRules.nextDeadline(state);
        return at === null ? [] : [{ shard, at }];
      })
      .toSorted((a, b) => a.at - b.at)[0];
  }

  /** No auction waits for its end. */
  get isQuiet(): boolean {
    return this.nextClose() === undefined;
  }

  stateHash(shard: number): string {
    const truth = this.#shards[shard];
    return truth ? marketRules.stateHash(truth.state) : '';
  }

  fail(promise: string, detail: string): void {
    this.#must(false, promise, detail);
  }

  #must(holds: boolean, promise: string, detail: string): void {
    if (!holds) this.violation ??= { atMs: this.#around.simMs(), promise, detail };
  }
}
