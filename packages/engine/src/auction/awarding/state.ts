/**
 * What is remembered of an auction between its close and the end of its last award: plain JSON, every
 * event giving a new one. Decides nothing: recovery and live views fold the same events.
 */
import { type Instant, type Lots, lots } from '@seam/units';
import { assert } from '../../assert.ts';
import type { AuctionEvent, AuctionTerms } from '../../types.ts';
import type { MinorText, UnsoldReason } from '../types.ts';
import type { AwardLine, AwardState, BelowReserve, WaitingBid } from './types.ts';

export type Awarding = {
  readonly terms: AuctionTerms;
  readonly phase: 'standstill' | 'confirming';
  readonly closedAt: Instant;
  readonly standstillEndsAt: Instant | null;
  readonly reason: UnsoldReason | null;
  readonly reserveMet: boolean;
  /** In the order of their numbers, those that fell included. */
  readonly awards: readonly AwardLine[];
  readonly belowReserve: BelowReserve | null;
  /** Best first, one line for each account. */
  readonly waiting: readonly WaitingBid[];
  readonly penalties: Readonly<Record<string, MinorText>>;
  /** What is still allocated, by account. */
  readonly security: Readonly<Record<string, MinorText>>;
};

type Told<Type extends AuctionEvent['type']> = Extract<AuctionEvent, { type: Type }>;

export type AwardingChange = Told<
  | 'standstill_extended'
  | 'complaint_upheld'
  | 'reserve_waived'
  | 'auction_awarded'
  | 'award_pending'
  | 'award_confirmed'
  | 'award_concluded'
  | 'award_declined'
  | 'award_lapsed'
  | 'award_released'
  | 'waiting_released'
  | 'bid_security_released'
  | 'bid_security_retained'
  | 'bid_security_forfeit_proposed'
>;

/** The last auction before it closed, as far as its awards need it. */
type Closing = {
  readonly terms: AuctionTerms;
  readonly closesAt: Instant;
  readonly security: ReadonlyMap<string, bigint>;
};

export function awardingFrom(auction: Closing, event: Told<'auction_closed'>): Awarding {
  return {
    terms: auction.terms,
    phase: 'standstill',
    closedAt: auction.closesAt,
    standstillEndsAt: event.standstillEndsAt,
    reason: event.reason,
    reserveMet: true,
    awards: provisional(event.awards),
    belowReserve: event.belowReserve,
    waiting: event.waiting,
    penalties: Object.fromEntries(event.penalties.map(({ accountId, amount }) => [accountId, amount])),
    security: Object.fromEntries([...auction.security].map(([id, amount]) => [id, amount.toString()])),
  };
}

export function awardingAfter(before: Awarding, event: AwardingChange): Awarding {
  switch (event.type) {
    case 'complaint_upheld':
      return before;
    case 'standstill_extended':
      return { ...before, standstillEndsAt: event.endsAt };
    case 'reserve_waived': {
      const { awards, waiting } = event;
      return { ...before, awards: provisional(awards), waiting, belowReserve: null, reserveMet: false };
    }
    case 'auction_awarded':
      return { ...before, phase: 'confirming', standstillEndsAt: null };
    case 'award_pending':
      return withPending(before, event);
    case 'award_confirmed':
      return withState(before, event.number, 'confirmed', event.dueAt);
    case 'award_concluded':
      return withState(before, event.number, 'concluded');
    case 'award_declined':
      return withoutWaiting(withState(before, event.number, 'declined'), event.accountId);
    case 'award_lapsed':
      return withoutWaiting(withState(before, event.number, 'lapsed'), event.accountId);
    case 'award_released':
      return withState(before, event.number, 'released');
    case 'waiting_released':
      return withoutWaiting(before, event.accountId);
    case 'bid_security_released':
    case 'bid_security_retained':
    case 'bid_security_forfeit_proposed':
      return { ...before, security: lessSecurity(before, event.accountId, event.amount) };
  }
}

/** Awards that stand: provisional, or final and not fallen. */
export function standing(awards: readonly AwardLine[]): readonly AwardLine[] {
  const fallen: readonly AwardState[] = ['declined', 'lapsed', 'released'];
  return awards.filter((line) => !fallen.includes(line.state));
}

/** When the clock ends something; null while only people can. */
export function awardingDeadline({ phase, standstillEndsAt, awards }: Awarding): Instant | null {
  if (phase === 'standstill') return standstillEndsAt;
  const due = awards.flatMap(({ state, dueAt }) => (state === 'pending' && dueAt !== null ? [dueAt] : []));
  return due.reduce<Instant | null>((first, at) => (first === null || at < first ? at : first), null);
}

function provisional(awards: BelowReserve['awards']): readonly AwardLine[] {
  return awards.map((award, index) => ({ ...award, number: index + 1, state: 'provisional', dueAt: null }));
}

function withState(
  before: Awarding,
  number: number,
  state: AwardState,
  dueAt: Instant | null = null,
): Awarding {
  const awards = before.awards.map((line) => (line.number === number ? { ...line, state, dueAt } : line));
  return { ...before, awards };
}

/** A provisional award, or what a waiting bidder waited for. */
function withPending(before: Awarding, event: Told<'award_pending'>): Awarding {
  const { number, accountId, price, quantity, bidSeq, dueAt } = event;
  if (before.awards.some((line) => line.number === number))
    return withState(before, number, 'pending', dueAt);
  const award: AwardLine = { accountId, price, quantity, bidSeq, number, state: 'pending', dueAt };
  const waiting = before.waiting.flatMap((line) =>
    line.accountId === accountId ? restOf(line, quantity) : [line],
  );
  return { ...before, awards: [...before.awards, award], waiting };
}

/** Whoever let an award fall waits for nothing more: it would be handed the same lots again. */
function withoutWaiting(before: Awarding, accountId: string): Awarding {
  return { ...before, waiting: before.waiting.filter((line) => line.accountId !== accountId) };
}

/** Whoever got a part of what it waited for waits for the rest, whatever it insisted on before. */
function restOf(line: WaitingBid, taken: Lots): readonly WaitingBid[] {
  const quantity = lots(line.quantity - taken);
  return quantity === 0 ? [] : [{ ...line, quantity, minimumAcceptable: lots(0) }];
}

function lessSecurity({ security }: Awarding, accountId: string, amount: MinorText): Awarding['security'] {
  const left = BigInt(security[accountId] ?? '0') - BigInt(amount);
  assert(left >= 0n, `more security of ${accountId} goes than it allocated`);
  const { [accountId]: _, ...others } = security;
  return left === 0n ? others : { ...others, [accountId]: left.toString() };
}
