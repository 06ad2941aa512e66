/**
 * All an engine knows. Only `apply` changes it; only the host owns one.
 *
 * An ended auction keeps just what a late bidder must be told: its bids and securities are in the
 * journal, so memory holds what is live and not what was.
 */
import type { Instant, Lots } from '@seam/units';
import { instant } from '@seam/units';
import type { Awarding } from './auction/awarding/state.ts';
import type { CatalogueTerms } from './auction/catalogue/types.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { Market } from './market/state.ts';
import type { AuctionState, FormatName, RoomOf, TermsOf } from './types.ts';

export type LiveState = Extract<AuctionState, 'scheduled' | 'open' | 'suspended'>;
export type EndedState = Exclude<AuctionState, LiveState>;

export type Auction<Name extends FormatName = FormatName> = {
  readonly terms: TermsOf<Name>;
  state: LiveState;
  /** False while the lots before it in its catalogue run; then it opens at no time yet. */
  readonly called: boolean;
  /** The end as moved by extensions and suspensions; every reader uses this one. */
  closesAt: Instant;
  /** No extension passes it; a suspension moves it along. */
  hardEndAt: Instant;
  extensions: number;
  /** The end of the last outage that moved this auction's end; one that began before it is counted. */
  countedUntil: Instant;
  /** When bidding stopped and how long it had left; null unless suspended. */
  frozen: { readonly at: Instant; readonly remainingMs: number } | null;
  /** What the format itself remembers. */
  readonly room: RoomOf<Name>;
  /** Accounts whose bids were taken, in the order of their first. */
  readonly bidders: Set<string>;
  /** Accounts excluded after the auction was scheduled, in the order of the findings. */
  excluded: readonly string[];
  /** Bid security allocated so far, minor units by account. */
  readonly security: Map<string, bigint>;
};

export type EndedAuction = {
  readonly state: EndedState;
  /** Journal seq of the close or the void. */
  readonly closedSeq: number;
  /** The end bidding was held to; for a void, when it was voided. */
  readonly closedAt: Instant;
};

export type Won = { readonly accountId: string; readonly quantity: Lots };

export type Catalogue = {
  /** As its first lot gave it: all further lots must say the same. */
  readonly terms: CatalogueTerms;
  readonly ownerId: string;
  /** Kilograms, as text: a cap in lots means so many tonnes. */
  readonly lotSize: string;
  readonly lastPosition: number;
  /** Lots that have not ended, in order; the first is the one that was called. */
  readonly lots: readonly string[];
  /** When the last of those that had been called ended; null: none has. */
  readonly endedAt: Instant | null;
  /** By auction id, while there is a cap: what is won of the lots that have ended. */
  readonly won: Readonly<Record<string, readonly Won[]>>;
};

export type EngineState = {
  /** Seq of the last command; the next must be one more. */
  seq: number;
  lastAt: Instant;
  /** Scheduled, open or suspended, by auction id. */
  readonly auctions: Map<string, Auction>;
  /** Awarded, unsold, voided or in their standstill, by auction id. */
  readonly ended: Map<string, EndedAuction>;
  /** Closed, and not done with: provisional awards, awards to be confirmed. By auction id. */
  readonly awardings: Map<string, Awarding>;
  readonly catalogues: Map<string, Catalogue>;
  /** Derived from `auctions` and `awardings`: opening of the scheduled, close of the open, what follows it. */
  readonly deadlines: DeadlineQueue;
  /** By instrument id. */
  readonly markets: Map<string, Market>;
  /** Derived from `markets`: what the clock owes each next. Ids of their own, apart from the auctions'. */
  readonly marketDeadlines: DeadlineQueue;
};

export function createState(): EngineState {
  return {
    seq: 0,
    lastAt: instant(0),
    auctions: new Map(),
    ended: new Map(),
    awardings: new Map(),
    catalogues: new Map(),
    deadlines: new DeadlineQueue(),
    markets: new Map(),
    marketDeadlines: new DeadlineQueue(),
  };
}
