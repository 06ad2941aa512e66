/** An auction as its record tells it, line by line: its life, and the bids as they stand. */
import type { Fields } from './chain.ts';
import type { Bid, Fraction } from './share.ts';

export type Trial = {
  /** The line being heard. */
  seq: number;
  at: number;
  terms: Fields;
  state: 'none' | 'scheduled' | 'open' | 'suspended' | 'standstill' | 'ended';
  end: number;
  hardEnd: number;
  extensions: number;
  /** Time left of a pause; of a standstill its end. */
  remainingMs: number;
  /** A lot of a catalogue: its turn has come. */
  called: boolean;
  /** The result until it is final, with who waits. */
  provisional: Fields;
  /** Awards on their way to contracts, by number. */
  readonly handed: Map<number, Fields>;
  /** The owner and its group. */
  readonly barred: Set<string>;
  result: Fields;
  /** What would be served if it ended now, by bidder; sales by their line. */
  bids: Map<string, Bid>;
  /** Of the clock: what was wanted in the round before. */
  before: Map<string, Bid>;
  readonly instructions: Map<string, { limit: number; step: number; seq: number }>;
  /** Of the hybrid: who took the falling price. */
  taker: Bid | null;
  /** Sealed bids by bidder: the event, its line, whether it was opened, and whether it counts. */
  readonly sealed: Map<string, Fields>;
  readonly shares: Map<string, string>;
  phase: string;
  /** Counts rounds, steps of a price, turns: from 0. */
  step: number;
  order: readonly string[];
  /** The offer of the running turn. */
  pending: Bid | null;
  /** Of open bidding, as of the line before. */
  standing: Standing;
  /** Bids looked at so far: a record made to keep its reader busy is given up. */
  work: number;
};

/** What each would win if it ended now, and the worst score that wins once every lot is won. */
export type Standing = { readonly won: ReadonlyMap<string, number>; readonly margin: Fraction | null };

export type Hear = (trial: Trial, event: Fields) => void;
/** What must hold of an event before it is heard, said for people. */
export type Rule = readonly [code: string, says: string, holds: (trial: Trial, event: Fields) => boolean];
/** One way of finding a price. */
export type Format = {
  /** What its words change. */
  readonly events: Readonly<Record<string, Hear>>;
  readonly rules: Readonly<Record<string, readonly Rule[]>>;
  /** When the running round, step or phase ends; absent: it only waits for the end. */
  readonly turnsAt?: (trial: Trial) => number;
  /** Where the auction ends that has nothing more to wait for; null: it waits. */
  readonly endsEarly?: (trial: Trial, event: Fields, deadline: number) => number | null;
};

export function newTrial(): Trial {
  const life = { seq: 0, at: 0, terms: {}, state: 'none', end: 0, hardEnd: 0, extensions: 0 } as const;
  const bids = { bids: new Map(), before: new Map(), sealed: new Map(), shares: new Map(), taker: null };
  const course = { phase: '', step: 0, order: [], pending: null, instructions: new Map(), work: 0 };
  const after = { called: false, provisional: null, handed: new Map() };
  const standing = { won: new Map(), margin: null };
  return { ...life, ...bids, ...course, ...after, standing, remainingMs: 0, barred: new Set(), result: null };
}

/** An event that only replaces fields. */
export const set =
  (change: (trial: Trial, event: Fields) => Partial<Trial>): Hear =>
  (trial, event) =>
    void Object.assign(trial, change(trial, event));

/** What an event says of a bid. */
export function bidOf({ seq }: { readonly seq: number }, event: Fields): Bid {
  const { accountId: who, price, maximum, quantity, minimumAcceptable: least = 0, merit = null } = event;
  return { who, price: maximum ?? price, quantity, least, seq, merit, since: [] };
}

export const put: Hear = (trial, event) => void trial.bids.set(event.accountId, bidOf(trial, event));

export const within = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

export const BARRED: Rule = [
  'bid_barred',
  'the owner and its group do not bid',
  ({ barred }, { accountId }) => !barred.has(accountId),
];
