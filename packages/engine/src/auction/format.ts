/**
 * One way of finding a price, as the frame sees it. The frame keeps time, security and the life of
 * the auction; a format says which bids are good and who wins.
 */
import type { Instant, Lots } from '@seam/units';
import type { Auction } from '../state.ts';
import type {
  Award,
  BidCommandBody,
  Command,
  Event,
  FormatEvent,
  FormatName,
  RoomOf,
  TermsOf,
} from '../types.ts';
import type { WaitingBid } from './awarding/types.ts';
import type { UnsoldReason } from './types.ts';

export type BidCommand = Command & BidCommandBody;
export type TurnCommand = Extract<Command, { type: 'turn_auction' }>;

/** Who would be awarded what if bidding ended now, best first. Empty: unsold, for `reason`. */
export type Result = {
  readonly awards: readonly Award[];
  readonly reason: UnsoldReason;
};

/** The part of an auction that the format's own events move. */
export type InRoom<Name extends FormatName> = Pick<Auction<Name>, 'terms' | 'room'>;

export type Format<Name extends FormatName> = {
  /** The first of the format's own fields that is out of its limits, dotted, or null. The common ones hold. */
  validate(terms: TermsOf<Name>): string | null;
  room(terms: TermsOf<Name>): RoomOf<Name>;
  /** The command types the format takes; others are refused before `act`. */
  readonly commands: readonly BidCommandBody['type'][];
  /** A bidder's command. The auction is open and not over, and the bidder is not barred from it. */
  act(auction: Auction<Name>, command: BidCommand): readonly Event[];
  /** When the format moves by itself while the auction is open; null: it only waits for the close. */
  turnsAt(auction: Auction<Name>): Instant | null;
  /** The deadline named by `turnsAt` has come. At least one event. */
  turn(auction: Auction<Name>, command: TurnCommand): readonly Event[];
  /**
   * What an event of the format does to its room. Decides nothing: recovery runs it too. Fields are
   * replaced, never changed inside, so that a shallow copy of a room stays what it was.
   */
  change(auction: InRoom<Name>, command: Command, event: FormatEvent): void;
  /**
   * A pause of the exchange moved the close by `byMs`: times the room holds move along. Only for
   * formats that keep times of their own; like `change` it replaces fields and decides nothing.
   */
  moved?(auction: InRoom<Name>, byMs: number): void;
  /** The lot was called later than planned: times of the format's own in its terms move by `byMs` too. */
  movedTerms?(terms: TermsOf<Name>, byMs: number): TermsOf<Name>;
  result(auction: Auction<Name>): Result;
  /**
   * Bids, or parts of bids, that may win and win nothing in `awards`: who would take what falls away, and at
   * what price, best first. One line an account, and never more with its awards than `bound`. Absent: the
   * format knows no bid that did not win.
   */
  unserved?(auction: Auction<Name>, awards: readonly Award[]): readonly WaitingBid[];
  /** Money kept from `accountId` at the close besides what its awards need: a promise was broken. Minor units. */
  penalty?(auction: Auction<Name>, accountId: string): bigint;
  /** Lots that `accountId`'s standing bids bind it to take: its security must cover them. */
  bound(auction: Auction<Name>, accountId: string): Lots;
};
