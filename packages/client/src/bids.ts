/**
 * Bids on their way: every one ends with an outcome, however the line behaves.
 *
 * A bid has an id for life. Whenever it is not certain that the server answered, the same bid goes out
 * again under the same id, which can never place it twice. What cannot be learnt in time is called
 * unknown, never guessed; its id can be asked again.
 */
import type { AckFrame, ErrFrame } from '@seam/protocol';
import { ANSWER_PATIENCE_MS, BID_PATIENCE_MS, SAME_ID_PAUSE_MS } from './limits.ts';
import type { Time } from './time.ts';

/** Decimals as on the wire: money per tonne, tonnes. */
export type Bid = {
  readonly auctionId: string;
  readonly price: string;
  readonly quantity: string;
  readonly minimumAcceptable?: string;
};

export type BidSettled =
  | {
      readonly status: 'accepted';
      readonly seq: number;
      readonly at: string;
      readonly rank: number | null;
      readonly allocated: string | null;
    }
  | {
      readonly status: 'rejected';
      /** Problem code; `client.not_connected`: never left this machine. */
      readonly code: string;
      /** What would have been accepted. */
      readonly accepted: Readonly<Record<string, string>>;
      /** Place in the journal, null when it never came that far. */
      readonly seq: number | null;
    }
  /** It may have been placed or not. */
  | { readonly status: 'unknown'; readonly code: string | null };
export type BidOutcome = { readonly status: 'pending' } | BidSettled;

export type BidTicket = {
  readonly id: string;
  readonly bid: Bid;
  readonly outcome: BidOutcome;
  /** The first outcome that is not `pending`. Never rejects. */
  readonly settled: Promise<BidSettled>;
  /** Sends an unknown bid again under its id; any other keeps its outcome. */
  askAgain(): void;
};

type Entry = {
  readonly id: string;
  readonly bid: Bid;
  outcome: BidOutcome;
  deadlineMs: number;
  /** Something was sent whose answer is not known: a later "no" says nothing about it. */
  unanswered: boolean;
  inFlight: boolean;
  lastCode: string | null;
  cancel: () => void;
  readonly ticket: BidTicket;
  readonly resolve: (settled: BidSettled) => void;
};

export class Bids {
  readonly #send: (frame: object) => boolean;
  readonly #time: Time;
  readonly #changed: (ticket: BidTicket) => void;
  readonly #newId: () => string;
  /** Pending and unknown ones, by id. */
  readonly #open = new Map<string, Entry>();

  constructor(options: {
    send: (frame: object) => boolean;
    time: Time;
    newId: () => string;
    changed: (ticket: BidTicket) => void;
  }) {
    this.#send = options.send;
    this.#time = options.time;
    this.#newId = options.newId;
    this.#changed = options.changed;
  }

  place(bid: Bid, id: string = this.#newId()): BidTicket {
    const entry = this.#entry(id, bid);
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
    if (outcome.status === 'rejected') this.#settle(entry, { ...outcome, seq });
    else if ('rank' in outcome) this.#settle(entry, { ...outcome, seq, at });
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

  #entry(id: string, bid: Bid): Entry {
    const { promise, resolve } = Promise.withResolvers<BidSettled>();
    const askAgain = (): void => {
      if (entry.outcome.status !== 'unknown') return;
      entry.deadlineMs = this.#time.monotonicMs() + BID_PATIENCE_MS;
      entry.outcome = { status: 'pending' };
      this.#open.set(id, entry);
      this.#changed(entry.ticket);
      if (!this.#transmit(entry)) this.#wait(entry, Infinity);
    };
    const entry: Entry = {
      id,
      bid,
      outcome: { status: 'pending' },
      deadlineMs: this.#time.monotonicMs() + BID_PATIENCE_MS,
      unanswered: false,
      inFlight: false,
      lastCode: null,
      cancel: () => {},
      resolve,
      ticket: {
        id,
        bid,
        get outcome() {
          return entry.outcome;
        },
        settled: promise,
        askAgain,
      },
    };
    return entry;
  }

  #transmit(entry: Entry): boolean {
    const sent = this.#send({ t: 'place_bid', id: entry.id, ...entry.bid });
    if (sent) {
      entry.inFlight = true;
      this.#wait(entry, ANSWER_PATIENCE_MS);
    }
    return sent;
  }

  /** Tries again after `ms`, or gives up at the deadline, whichever comes first. */
  #wait(entry: Entry, ms: number): void {
    entry.cancel();
    const leftMs = entry.deadlineMs - this.#time.monotonicMs();
    if (ms < leftMs) {
      entry.cancel = this.#time.after(ms, () => {
        if (entry.inFlight) entry.unanswered = true;
        if (!this.#transmit(entry)) this.#wait(entry, Infinity);
      });
    } else entry.cancel = this.#time.after(Math.max(0, leftMs), () => this.#giveUp(entry));
  }

  #giveUp(entry: Entry): void {
    const { lastCode } = entry;
    if (entry.unanswered || entry.inFlight) this.#settle(entry, { status: 'unknown', code: lastCode });
    else {
      const code = lastCode ?? 'service.unavailable';
      this.#settle(entry, { status: 'rejected', code, accepted: {}, seq: null });
    }
  }

  #settle(entry: Entry, outcome: BidSettled): void {
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
