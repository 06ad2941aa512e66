/**
 * Commands on their way: every one ends with an outcome, however the line behaves.
 *
 * A command has an id for life. Whenever it is not certain that the server answered, the same one goes out
 * again under the same id, which can never do it twice. What cannot be learnt in time is called unknown,
 * never guessed; its id can be asked again.
 */
import type { AckFrame, ErrFrame } from '@seam/protocol';
import { ANSWER_PATIENCE_MS, COMMAND_PATIENCE_MS, SAME_ID_PAUSE_MS } from './limits.ts';
import type { Time } from './time.ts';

/** Place and time in the journal, and what the command led to. */
export type Accepted<Outcome> = {
  readonly status: 'accepted';
  readonly seq: number;
  readonly at: string;
} & Outcome;
export type Settled<Outcome> =
  | Accepted<Outcome>
  | {
      readonly status: 'rejected';
      /** Problem code; `client.not_connected`: never left this machine. */
      readonly code: string;
      /** What would have been accepted. */
      readonly accepted: Readonly<Record<string, string>>;
      /** Place in the journal, null when it never came that far. */
      readonly seq: number | null;
    }
  /** It may have been done or not. */
  | { readonly status: 'unknown'; readonly code: string | null };

export type Ticket<Command, Outcome> = {
  readonly id: string;
  readonly command: Command;
  readonly outcome: { readonly status: 'pending' } | Settled<Outcome>;
  /** The first outcome that is not `pending`. Never rejects. */
  readonly settled: Promise<Settled<Outcome>>;
  /** Sends an unknown command again under its id; any other keeps its outcome. */
  askAgain(): void;
};

/** As the server acknowledges it. */
type Acknowledged = Extract<AckFrame['outcome'], { status: 'accepted' }>;

/** One kind of command: how it is written, and which acknowledgement is its own. */
export type CommandKind<Command, Outcome> = {
  frame(id: string, command: Command): object;
  outcome(acknowledged: Acknowledged): Outcome | undefined;
};

type Entry<Command, Outcome> = {
  readonly id: string;
  readonly command: Command;
  outcome: Ticket<Command, Outcome>['outcome'];
  deadlineMs: number;
  /** Something was sent whose answer is not known: a later "no" says nothing about it. */
  unanswered: boolean;
  inFlight: boolean;
  lastCode: string | null;
  cancel: () => void;
  readonly ticket: Ticket<Command, Outcome>;
  readonly resolve: (settled: Settled<Outcome>) => void;
};

export class Commands<Command, Outcome> {
  readonly #kind: CommandKind<Command, Outcome>;
  readonly #send: (frame: object) => boolean;
  readonly #time: Time;
  readonly #changed: (ticket: Ticket<Command, Outcome>) => void;
  readonly #newId: () => string;
  /** Pending and unknown ones, by id. */
  readonly #open = new Map<string, Entry<Command, Outcome>>();

  constructor(
    kind: CommandKind<Command, Outcome>,
    options: {
      send: (frame: object) => boolean;
      time: Time;
      newId: () => string;
      changed: (ticket: Ticket<Command, Outcome>) => void;
    },
  ) {
    this.#kind = kind;
    this.#send = options.send;
    this.#time = options.time;
    this.#newId = options.newId;
    this.#changed = options.changed;
  }

  send(command: Command, id: string = this.#newId()): Ticket<Command, Outcome> {
    const entry = this.#entry(id, command);
    this.#open.set(id, entry);
    if (!this.#transmit(entry)) {
      this.#settle(entry, { status: 'rejected', code: 'client.not_connected', accepted: {}, seq: null });
    }
    return entry.ticket;
  }

  up(): void {
    for (const entry of this.#open.values()) if (entry.outcome.status === 'pending') this.#transmit(entry);
  }

  down(): void {
    for (const entry of this.#open.values()) {
      if (entry.outcome.status !== 'pending') continue;
      if (entry.inFlight) entry.unanswered = true;
      entry.inFlight = false;
      this.#wait(entry, Infinity);
    }
  }

  /** Nobody will be there to hear an answer. */
  abandon(): void {
    for (const entry of this.#open.values()) if (entry.outcome.status === 'pending') this.#giveUp(entry);
  }

  acknowledged({ id, seq, at, outcome }: AckFrame): void {
    const entry = this.#open.get(id);
    if (!entry) return;
    if (outcome.status === 'rejected') return this.#settle(entry, { ...outcome, seq });
    const told = this.#kind.outcome(outcome);
    if (told !== undefined) this.#settle(entry, { ...told, status: 'accepted', seq, at });
  }

  refused({ id, code, retry, afterMs, accepted }: ErrFrame): void {
    const entry = id === undefined ? undefined : this.#open.get(id);
    if (!entry || entry.outcome.status !== 'pending') return;
    entry.inFlight = false;
    entry.lastCode = code;
    if (retry === 'no') {
      return entry.unanswered
        ? this.#settle(entry, { status: 'unknown', code })
        : this.#settle(entry, { status: 'rejected', code, accepted: accepted ?? {}, seq: null });
    }
    if (retry === 'same_id') entry.unanswered = true;
    return this.#wait(entry, afterMs ?? SAME_ID_PAUSE_MS);
  }

  #entry(id: string, command: Command): Entry<Command, Outcome> {
    const { promise, resolve } = Promise.withResolvers<Settled<Outcome>>();
    const askAgain = (): void => {
      if (entry.outcome.status !== 'unknown') return;
      entry.deadlineMs = this.#time.monotonicMs() + COMMAND_PATIENCE_MS;
      entry.outcome = { status: 'pending' };
      this.#open.set(id, entry);
      this.#changed(entry.ticket);
      if (!this.#transmit(entry)) this.#wait(entry, Infinity);
    };
    const entry: Entry<Command, Outcome> = {
      id,
      command,
      outcome: { status: 'pending' },
      deadlineMs: this.#time.monotonicMs() + COMMAND_PATIENCE_MS,
      unanswered: false,
      inFlight: false,
      lastCode: null,
      cancel: () => {},
      resolve,
      ticket: {
        id,
        command,
        get outcome() {
          return entry.outcome;
        },
        settled: promise,
        askAgain,
      },
    };
    return entry;
  }

  #transmit(entry: Entry<Command, Outcome>): boolean {
    const sent = this.#send(this.#kind.frame(entry.id, entry.command));
    if (sent) {
      entry.inFlight = true;
      this.#wait(entry, ANSWER_PATIENCE_MS);
    }
    return sent;
  }

  /** Tries again after `ms`, or gives up at the deadline, whichever comes first. */
  #wait(entry: Entry<Command, Outcome>, ms: number): void {
    entry.cancel();
    const leftMs = entry.deadlineMs - this.#time.monotonicMs();
    if (ms < leftMs) {
      entry.cancel = this.#time.after(ms, () => {
        if (entry.inFlight) entry.unanswered = true;
        if (!this.#transmit(entry)) this.#wait(entry, Infinity);
      });
    } else entry.cancel = this.#time.after(Math.max(0, leftMs), () => this.#giveUp(entry));
  }

  #giveUp(entry: Entry<Command, Outcome>): void {
    const { lastCode } = entry;
    if (entry.unanswered || entry.inFlight) this.#settle(entry, { status: 'unknown', code: lastCode });
    else {
      const code = lastCode ?? 'service.unavailable';
      this.#settle(entry, { status: 'rejected', code, accepted: {}, seq: null });
    }
  }

  #settle(entry: Entry<Command, Outcome>, outcome: Settled<Outcome>): void {
    entry.cancel();
    entry.outcome = outcome;
    entry.inFlight = false;
    // An unknown one stays open: its answer may still come.
    if (outcome.status === 'unknown') entry.unanswered = true;
    else this.#open.delete(entry.id);
    entry.resolve(outcome);
    this.#changed(entry.ticket);
  }
}
