/**
 * The life of an auction that moves by itself a second time, for tests: it keeps every entry that
 * happened and recomputes from them. Imports nothing the engine decides with. A soft close is the
 * format's to tell: most of these have none.
 */
import { instant } from '@seam/units';
import type { OutageRefusal, UnsoldReason } from '../../auction/types.ts';
import type { Canonical } from '../../canonical.ts';
import type { AuctionState, AuctionTerms, Award, Command, Event, Rejection } from '../../types.ts';
import { naiveSecurity } from '../naive-auction.ts';
import { naiveHardEnd } from '../naive-soft-close.ts';

export type NaiveAuction<Terms extends AuctionTerms = AuctionTerms> = {
  terms: Terms;
  state: AuctionState;
  closesAt: number;
  hardEndAt: number;
  frozenAt: number;
  /** Everything that was accepted, oldest first. */
  history: { command: Command; events: Event[]; closesAt: number }[];
  closedSeq: number;
  closedAt: number;
};

export type NaiveState = { seq: number; lastAt: number; auctions: NaiveAuction[] };

/** One format, recomputed from the history of an auction. */
export type NaiveFormat = {
  readonly commands: readonly string[];
  bid(auction: NaiveAuction, command: Command): Event[] | Rejection;
  turnsAt(auction: NaiveAuction): number | null;
  turn(auction: NaiveAuction, deadline: number): Event[];
  awards(auction: NaiveAuction): Award[];
  /** Why nothing was awarded; without it there is one reason only. */
  reason?(auction: NaiveAuction): UnsoldReason;
  /** Minor units kept from an account besides what its awards need. */
  penalty?(auction: NaiveAuction, accountId: string): bigint;
  /** What the snapshot must say of the format's own memory. */
  room(auction: NaiveAuction): Canonical;
};

export type TermsCheck = (terms: AuctionTerms) => string | null;

export function naiveStep(
  state: NaiveState,
  command: Command,
  format: NaiveFormat,
  check: TermsCheck,
): Event[] {
  const result = run(state, command, format, check);
  state.seq = command.seq;
  state.lastAt = command.at;
  return Array.isArray(result) ? result : [{ type: 'command_rejected', rejection: result }];
}

/** How far pauses have moved what was planned at the history's entry `from`, ms. */
export function movedSince(auction: NaiveAuction, from: number): number {
  return auction.history.slice(from).reduce((sum, { events, closesAt }) => {
    const [event] = events;
    const isPause = event?.type === 'auction_resumed' || event?.type === 'auction_extended_for_outage';
    return isPause ? sum + event.closesAt - closesAt : sum;
  }, 0);
}

function run(
  state: NaiveState,
  command: Command,
  format: NaiveFormat,
  check: TermsCheck,
): Event[] | Rejection {
  if (command.type === 'schedule_auction') return schedule(state, command, check);
  const id = 'auctionId' in command ? command.auctionId : '';
  const auction = state.auctions.find((candidate) => candidate.terms.auctionId === id);
  if (auction === undefined) return { code: 'auction_unknown' };
  const before = auction.closesAt;
  const result = inAuction(auction, command, format);
  if (!Array.isArray(result)) return result;
  auction.history.push({ command, events: result, closesAt: before });
  for (const event of result) {
    if ('closesAt' in event) auction.closesAt = event.closesAt;
    if ('hardEndAt' in event) auction.hardEndAt = event.hardEndAt;
  }
  return result;
}

function schedule(
  state: NaiveState,
  command: Extract<Command, { type: 'schedule_auction' }>,
  check: TermsCheck,
): Event[] | Rejection {
  const { terms, at } = command;
  const field = check(terms) ?? (terms.closesAt <= at ? 'closesAt' : null);
  if (field !== null) return { code: 'auction_terms_invalid', field };
  if (state.auctions.some((known) => known.terms.auctionId === terms.auctionId)) {
    return { code: 'auction_duplicate' };
  }
  state.auctions.push({
    terms,
    state: 'scheduled',
    closesAt: terms.closesAt,
    hardEndAt: naiveHardEnd(terms),
    frozenAt: 0,
    history: [],
    closedSeq: 0,
    closedAt: 0,
  });
  return [{ type: 'auction_scheduled', terms }];
}

const TIMERS = ['open_auction', 'turn_auction', 'close_auction'];

function inAuction(auction: NaiveAuction, command: Command, format: NaiveFormat): Event[] | Rejection {
  const { terms, state } = auction;
  const wrongState: Rejection = { code: 'auction_state_conflict', state };
  const isMember = 'accountId' in command || format.commands.includes(command.type);
  if (state === 'awarded' || state === 'unsold' || state === 'voided') {
    if (!isMember || state === 'voided') return wrongState;
    return { code: 'auction_closed', closedSeq: auction.closedSeq, closedAt: instant(auction.closedAt) };
  }
  if (command.type === 'suspend_auction' && state !== 'open') return wrongState;
  if (command.type === 'resume_auction' && state !== 'suspended') return wrongState;
  const isOver = state !== 'suspended' && command.at >= auction.closesAt;
  const mayBeLate = TIMERS.includes(command.type) || command.type === 'extend_for_outage';
  if (isOver && !mayBeLate) {
    return { code: 'auction_closed', closedSeq: 0, closedAt: instant(auction.closesAt) };
  }
  const { auctionId } = terms;
  switch (command.type) {
    case 'open_auction':
      if (state !== 'scheduled' || command.deadline !== terms.opensAt || command.at < terms.opensAt) {
        return wrongState;
      }
      auction.state = 'open';
      return [{ type: 'auction_opened', auctionId }];
    case 'turn_auction':
      if (state !== 'open' || format.turnsAt(auction) !== command.deadline) return wrongState;
      return command.at < command.deadline ? wrongState : format.turn(auction, command.deadline);
    case 'close_auction':
      if (state !== 'open' || command.deadline !== auction.closesAt) return wrongState;
      return command.at < command.deadline ? wrongState : close(auction, command.seq, format);
    case 'suspend_auction':
      if (nextEnd(auction, format) <= command.at) {
        return { code: 'auction_turn_due', endedAt: instant(nextEnd(auction, format)) };
      }
      auction.state = 'suspended';
      auction.frozenAt = command.at;
      return [
        {
          type: 'auction_suspended',
          auctionId,
          remainingMs: auction.closesAt - command.at,
          reason: command.reason,
        },
      ];
    case 'resume_auction':
      return resume(auction, command.at, format);
    case 'void_auction': {
      const event: Event = { type: 'auction_voided', auctionId, reason: command.reason };
      return end(auction, { as: 'voided', seq: command.seq, at: command.at, events: [event], awards: [] });
    }
    case 'allocate_bid_security':
      return deposit(auction, command);
    case 'extend_for_outage':
      return outage(auction, command, format);
    default:
      return act(auction, command, format);
  }
}

function act(auction: NaiveAuction, command: Command, format: NaiveFormat): Event[] | Rejection {
  const { state, terms } = auction;
  if (state === 'scheduled') return { code: 'auction_not_open', opensAt: terms.opensAt };
  if (state === 'suspended') return { code: 'auction_suspended' };
  const turnsAt = format.turnsAt(auction);
  if (turnsAt !== null && turnsAt <= command.at) {
    return { code: 'auction_turn_due', endedAt: instant(turnsAt) };
  }
  if (!format.commands.includes(command.type)) return { code: 'bid_wrong_format', format: terms.format };
  if ('accountId' in command && command.accountId === terms.ownerId) return { code: 'bid_own_lot' };
  return format.bid(auction, command);
}

export function deposited({ history }: NaiveAuction, accountId: string): bigint {
  return history
    .flatMap(({ events }) => events)
    .filter((event) => event.type === 'bid_security_allocated' && event.accountId === accountId)
    .reduce((sum, event) => sum + ('amount' in event ? BigInt(event.amount) : 0n), 0n);
}

function deposit(
  auction: NaiveAuction,
  { auctionId, accountId, amount }: Extract<Command, { type: 'allocate_bid_security' }>,
): Event[] | Rejection {
  if (accountId === auction.terms.ownerId) return { code: 'bid_own_lot' };
  if (!/^[1-9][0-9]*$/.test(amount)) return { code: 'bid_security_invalid' };
  const total = deposited(auction, accountId) + BigInt(amount);
  if (total > 1_000_000_000_000_000n) return { code: 'bid_security_invalid' };
  return [{ type: 'bid_security_allocated', auctionId, accountId, amount, total: String(total) }];
}

/** Why `accountId` may not be bound to `quantity` lots, or nothing. `held` of them it has already. */
export function naiveCover(
  auction: NaiveAuction,
  { accountId, quantity, held = 0 }: { accountId: string; quantity: number; held?: number },
): Rejection | undefined {
  const has = deposited(auction, accountId);
  const required = naiveSecurity(auction.terms, quantity + held);
  if (has >= required) return undefined;
  let most: number = auction.terms.quantity;
  while (naiveSecurity(auction.terms, most) > has) most -= 1;
  const quantityMaximum = (most < held ? 0 : most - held) as Award['quantity'];
  return {
    code: 'bid_security_insufficient',
    required: String(required),
    allocated: String(has),
    quantityMaximum,
  };
}

function nextEnd(auction: NaiveAuction, format: NaiveFormat): number {
  const turnsAt = auction.state === 'scheduled' ? null : format.turnsAt(auction);
  return turnsAt === null ? auction.closesAt : Math.min(turnsAt, auction.closesAt);
}

function resume(auction: NaiveAuction, at: number, format: NaiveFormat): Event[] {
  const left = nextEnd(auction, format) - auction.frozenAt;
  const closesAt = at + (auction.closesAt - auction.frozenAt) + (left < 300_000 ? 300_000 - left : 0);
  const moved = auction.hardEndAt + at - auction.frozenAt;
  auction.state = 'open';
  const hardEndAt = instant(moved < closesAt ? closesAt : moved);
  const { auctionId } = auction.terms;
  return [{ type: 'auction_resumed', auctionId, closesAt: instant(closesAt), hardEndAt }];
}

function outage(
  auction: NaiveAuction,
  { downFrom, downUntil, at, auctionId }: Extract<Command, { type: 'extend_for_outage' }>,
  format: NaiveFormat,
): Event[] | Rejection {
  const no = (reason: OutageRefusal): Rejection => ({ code: 'auction_outage_without_effect', reason });
  if (!(downFrom >= 0 && downFrom <= downUntil && downUntil <= at)) return no('times_invalid');
  const length = downUntil - downFrom;
  if (length <= 10_000) return no('too_short');
  const counted = auction.history.flatMap(({ events }) => events);
  if (counted.some((e) => e.type === 'auction_extended_for_outage' && e.downUntil > downFrom)) {
    return no('counted');
  }
  if (auction.state === 'suspended') return no('not_open');
  if (auction.state === 'scheduled' && auction.terms.opensAt >= downUntil) return no('not_open');
  const end = nextEnd(auction, format);
  if (downFrom >= end || end - downUntil >= 900_000) return no('not_near_end');
  const planned = auction.terms.closesAt - auction.terms.opensAt;
  const quarter = planned < 900_000 ? planned : 900_000;
  const left = planned < 300_000 ? planned : 300_000;
  let moved = length < quarter ? quarter : length;
  if (end + moved < at + left) moved = at + left - end;
  const closesAt = instant(auction.closesAt + moved);
  const hardEndAt = instant(auction.hardEndAt + moved);
  return [{ type: 'auction_extended_for_outage', auctionId, closesAt, hardEndAt, downFrom, downUntil }];
}

function close(auction: NaiveAuction, seq: number, format: NaiveFormat): Event[] {
  const { auctionId, quantity } = auction.terms;
  const awards = format.awards(auction);
  const penalty = (accountId: string): bigint => format.penalty?.(auction, accountId) ?? 0n;
  const ending = { seq, at: auction.closesAt, awards, penalty };
  if (awards.length === 0) {
    return end(auction, {
      ...ending,
      as: 'unsold',
      events: [{ type: 'auction_unsold', auctionId, reason: format.reason?.(auction) ?? 'no_bid' }],
    });
  }
  const unsold = awards.reduce((rest, award) => rest - award.quantity, quantity as number) as typeof quantity;
  const events: Event[] = [{ type: 'auction_awarded', auctionId, awards, unsold, reserveMet: true }];
  return end(auction, { ...ending, as: 'awarded', events });
}

type Ending = {
  as: AuctionState;
  seq: number;
  at: number;
  events: Event[];
  awards: readonly Award[];
  penalty?: (accountId: string) => bigint;
};

function end(auction: NaiveAuction, { as, seq, at, events, awards, penalty }: Ending): Event[] {
  Object.assign(auction, { state: as, closedSeq: seq, closedAt: at });
  const { auctionId } = auction.terms;
  for (const accountId of depositors(auction)) {
    const won = awards.filter((award) => award.accountId === accountId);
    const needs = naiveSecurity(
      auction.terms,
      won.reduce((sum, award) => sum + award.quantity, 0),
    );
    const keep = needs + (penalty?.(accountId) ?? 0n);
    const back = deposited(auction, accountId) - keep;
    if (back > 0n) events.push({ type: 'bid_security_released', auctionId, accountId, amount: String(back) });
    if (keep > 0n) events.push({ type: 'bid_security_retained', auctionId, accountId, amount: String(keep) });
  }
  return events;
}

function depositors({ history }: NaiveAuction): string[] {
  const events = history.flatMap((entry) => entry.events);
  return [
    ...new Set(events.flatMap((e) => (e.type === 'bid_security_allocated' ? [e.accountId] : []))),
  ].sort();
}

/** What a snapshot must say of one auction, among other things. */
export function naiveDocument(
  auction: NaiveAuction,
  format: NaiveFormat,
): { readonly [field: string]: Canonical } {
  const outages = auction.history.flatMap(({ events }) =>
    events.flatMap((e) => (e.type === 'auction_extended_for_outage' ? [e.downUntil as number] : [])),
  );
  return {
    terms: auction.terms,
    state: auction.state,
    closesAt: auction.closesAt,
    hardEndAt: auction.hardEndAt,
    countedUntil: Math.max(0, ...outages),
    frozen:
      auction.state === 'suspended'
        ? { at: auction.frozenAt, remainingMs: auction.closesAt - auction.frozenAt }
        : null,
    room: format.room(auction),
    security: depositors(auction).map((accountId) => [accountId, String(deposited(auction, accountId))]),
  };
}
