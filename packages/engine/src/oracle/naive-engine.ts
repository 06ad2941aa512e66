/**
 * The engine a second time, for tests: one array of auctions that never forgets, searched from end
 * to end for every command. It must give the same events and the same snapshot text as the real one.
 */
import { instant, lots } from '@seam/units';
import { canonicalJson } from '../canonical.ts';
import type { OutageRefusal } from '../auction/types.ts';
import type {
  AuctionCommand as Command,
  AuctionEvent as Event,
  AuctionTerms,
  EnglishTerms,
  Rejection,
} from '../types.ts';
import {
  naiveBetween,
  naiveExtended,
  naiveHardEnd,
  naiveIsNight,
  naiveLater,
  naiveMorning,
  naiveNights,
} from './naive-soft-close.ts';
import { isAfterCommand, naiveAfterClose, naiveAwardings } from './awarding/naive-awarding.ts';
import {
  currentLot,
  naiveCall,
  naiveCatalogueField,
  naiveCatalogues,
  naiveMost,
} from './awarding/naive-catalogue.ts';
import { naiveAct, naiveRoom } from './english/naive-english.ts';
import { naiveLatest } from './english/naive-prices.ts';
import { type NaiveAuction, deposited, naivePartyRefusal } from './naive-auction.ts';
import { firstBids, naiveClose, naiveEnd } from './naive-close.ts';

export type NaiveState = { seq: number; lastAt: number; auctions: NaiveAuction[] };

/** Decides whether terms are valid: shared with the engine, tested by its own table. */
export type TermsCheck = (terms: AuctionTerms) => string | null;

/** Commands that only the exchange gives: they are answered by the auction's state, not by its end. */
const EXCHANGE: readonly Command['type'][] = [
  'open_auction',
  'turn_auction',
  'close_auction',
  'suspend_auction',
  'resume_auction',
  'void_auction',
  'extend_for_outage',
  'exclude_bidder',
];

export function naiveStep(state: NaiveState, command: Command, check: TermsCheck): Event[] {
  const result = run(state, command, check);
  state.seq = command.seq;
  state.lastAt = command.at;
  return Array.isArray(result) ? result : [{ type: 'command_rejected', rejection: result }];
}

function run(state: NaiveState, command: Command, check: TermsCheck): Event[] | Rejection {
  if (command.type === 'schedule_auction') {
    return schedule(state, command.terms as EnglishTerms, command.at, check);
  }
  const auction = state.auctions.find((candidate) => candidate.terms.auctionId === command.auctionId);
  if (auction === undefined) return { code: 'auction_unknown' };
  if (isAfterCommand(command)) return naiveAfterClose(state.auctions, auction, command);
  const isMember = !EXCHANGE.includes(command.type);
  if (auction.state === 'voided') return { code: 'auction_state_conflict', state: 'voided' };
  if (auction.state === 'awarded' || auction.state === 'unsold' || auction.state === 'standstill') {
    if (!isMember) return { code: 'auction_state_conflict', state: auction.state };
    return { code: 'auction_closed', closedSeq: auction.closedSeq, closedAt: instant(auction.closedAt) };
  }
  const ranOut = auction.called && auction.state !== 'suspended' && command.at >= auction.closesAt;
  const isTimer =
    command.type === 'open_auction' || command.type === 'close_auction' || command.type === 'turn_auction';
  const wrongState: Rejection = { code: 'auction_state_conflict', state: auction.state };
  if (command.type === 'suspend_auction' && auction.state !== 'open') return wrongState;
  if (command.type === 'resume_auction' && auction.state !== 'suspended') return wrongState;
  if (command.type === 'extend_for_outage') return outage(auction, command);
  if (ranOut && !isTimer)
    return { code: 'auction_closed', closedSeq: 0, closedAt: instant(auction.closesAt) };
  switch (command.type) {
    case 'allocate_bid_security':
      return deposit(auction, command);
    case 'place_bid':
    case 'set_auto_bid':
      return bid(state.auctions, auction, command);
    case 'open_auction':
      if (!auction.called || auction.state !== 'scheduled' || command.deadline !== auction.terms.opensAt)
        return wrongState;
      if (command.at < command.deadline) return wrongState;
      auction.state = 'open';
      return [{ type: 'auction_opened', auctionId: command.auctionId }];
    case 'close_auction':
      if (auction.state !== 'open' || command.deadline !== auction.closesAt) return wrongState;
      if (command.at < command.deadline) return wrongState;
      return called(state, auction, naiveClose(auction, command));
    case 'turn_auction':
      return wrongState;
    case 'suspend_auction':
      auction.state = 'suspended';
      auction.frozenAt = command.at;
      auction.remainingMs = naiveBetween(naiveNights(auction.terms), command.at, auction.closesAt);
      return [
        {
          type: 'auction_suspended',
          auctionId: command.auctionId,
          remainingMs: auction.remainingMs,
          reason: command.reason,
        },
      ];
    case 'resume_auction':
      return resume(auction, command.at);
    case 'exclude_bidder':
      return exclude(auction, command);
    case 'void_auction':
      return called(
        state,
        auction,
        naiveEnd(auction, {
          as: 'voided',
          seq: command.seq,
          at: command.at,
          events: [{ type: 'auction_voided', auctionId: command.auctionId, reason: command.reason }],
          won: new Map(),
        }),
      );
    // Another format's bid: told when the auction takes any.
    default:
      return (
        notTaking(state.auctions, auction, command.at) ?? { code: 'bid_wrong_format', format: 'english' }
      );
  }
}

/** Whatever ended a lot, its catalogue goes on. */
function called(state: NaiveState, { terms }: NaiveAuction, events: Event[]): Event[] {
  return [...events, ...naiveCall(state.auctions, terms.catalogue)];
}

function schedule(
  state: NaiveState,
  terms: EnglishTerms,
  at: number,
  check: TermsCheck,
): Event[] | Rejection {
  const field = check(terms);
  if (field !== null) return { code: 'auction_terms_invalid', field };
  if (terms.closesAt <= at) return { code: 'auction_terms_invalid', field: 'closesAt' };
  const misfit = naiveCatalogueField(state.auctions, terms);
  if (misfit !== null) return { code: 'auction_terms_invalid', field: misfit };
  if (state.auctions.some((known) => known.terms.auctionId === terms.auctionId)) {
    return { code: 'auction_duplicate' };
  }
  state.auctions.push({
    terms,
    state: 'scheduled',
    called: terms.catalogue === undefined,
    told: [],
    closesAt: terms.closesAt,
    hardEndAt: naiveHardEnd(terms),
    extensions: 0,
    excluded: [],
    outages: [],
    frozenAt: 0,
    remainingMs: 0,
    bids: [],
    instructions: [],
    deposits: [],
    closedSeq: 0,
    closedAt: 0,
  });
  const scheduled: Event = { type: 'auction_scheduled', terms };
  return [scheduled, ...naiveCall(state.auctions, terms.catalogue)];
}

function deposit(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'allocate_bid_security' }>,
): Event[] | Rejection {
  const { auctionId, accountId, amount } = command;
  const party = naivePartyRefusal(auction, accountId);
  if (party) return party;
  if (!/^[1-9][0-9]*$/.test(amount)) return { code: 'bid_security_invalid' };
  const total = deposited(auction, accountId) + BigInt(amount);
  if (total > 1_000_000_000_000_000n) return { code: 'bid_security_invalid' };
  auction.deposits.push({ accountId, amount: BigInt(amount) });
  return [{ type: 'bid_security_allocated', auctionId, accountId, amount, total: String(total) }];
}

function notTaking(
  auctions: readonly NaiveAuction[],
  auction: NaiveAuction,
  at: number,
): Rejection | undefined {
  if (!auction.called) {
    const current = currentLot(auctions, auction.terms.catalogue!);
    return { code: 'auction_lot_waiting', after: current!.terms.auctionId };
  }
  if (auction.state === 'scheduled') return { code: 'auction_not_open', opensAt: auction.terms.opensAt };
  if (auction.state === 'suspended') return { code: 'auction_suspended' };
  const nights = naiveNights(auction.terms);
  if (naiveIsNight(nights, at)) {
    return { code: 'auction_not_open', opensAt: instant(naiveMorning(nights, at)) };
  }
  return undefined;
}

function bid(
  auctions: readonly NaiveAuction[],
  auction: NaiveAuction,
  command: Extract<Command, { type: 'place_bid' | 'set_auto_bid' }>,
): Event[] | Rejection {
  const refusal = notTaking(auctions, auction, command.at);
  if (refusal) return refusal;
  const { auctionId, accountId } = command;
  const party = naivePartyRefusal(auction, accountId);
  if (party) return party;
  const before = { bids: [...auction.bids], instructions: [...auction.instructions] };
  const acted = naiveAct(auction, command);
  if ('code' in acted) return acted;
  const cap = auction.terms.catalogue?.cap;
  const wants = naiveLatest(auction.bids).find((line) => line.accountId === accountId)?.quantity ?? 0;
  const here = naiveLatest(before.bids);
  const most = lots(naiveMost(auctions, auction, { accountId, here }));
  if (cap && wants > most) {
    Object.assign(auction, before);
    return { code: 'bid_cap_exceeded', unit: cap.unit, quantityMaximum: most };
  }
  const { changed: standingChanged } = acted;
  const events = [...acted.events];
  const moved = naiveExtended(auction, command.at);
  if (standingChanged && moved > auction.closesAt) {
    auction.closesAt = moved;
    auction.extensions += 1;
    events.push({
      type: 'auction_extended',
      auctionId,
      closesAt: instant(moved),
      extensions: auction.extensions,
    });
  }
  return events;
}

/** Down from `downFrom` to `downUntil`: did it cost the bidders part of the last quarter of an hour? */
function outage(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'extend_for_outage' }>,
): Event[] | Rejection {
  const { auctionId, downFrom, downUntil, at } = command;
  const no = (reason: OutageRefusal): Rejection => ({ code: 'auction_outage_without_effect', reason });
  const times = [0, downFrom, downUntil, at];
  if (times.some((time, index) => !Number.isInteger(time) || time < (times[index - 1] ?? 0))) {
    return no('times_invalid');
  }
  const nights = naiveNights(auction.terms);
  const length = naiveBetween(nights, downFrom, downUntil);
  if (length <= 10_000) return no('too_short');
  if (auction.outages.some((earlier) => earlier.until > downFrom)) return no('counted');
  if (auction.state === 'suspended') return no('not_open');
  if (!auction.called) return no('not_open');
  if (auction.state === 'scheduled' && auction.terms.opensAt >= downUntil) return no('not_open');
  if (downFrom >= auction.closesAt) return no('not_near_end');
  if (naiveBetween(nights, downUntil, auction.closesAt) >= 900_000) return no('not_near_end');
  const planned = auction.terms.closesAt - auction.terms.opensAt;
  const quarter = planned < 900_000 ? planned : 900_000;
  const back = naiveLater(nights, auction.closesAt, length < quarter ? quarter : length);
  const least = naiveLater(nights, at, planned < 300_000 ? planned : 300_000);
  const moved = (back < least ? least : back) - auction.closesAt;
  auction.outages.push({ from: downFrom, until: downUntil });
  auction.closesAt += moved;
  auction.hardEndAt += moved;
  const closesAt = instant(auction.closesAt);
  const hardEndAt = instant(auction.hardEndAt);
  return [{ type: 'auction_extended_for_outage', auctionId, closesAt, hardEndAt, downFrom, downUntil }];
}

function resume(auction: NaiveAuction, at: number): Event[] {
  const pause = at - auction.frozenAt;
  const left = auction.remainingMs < 300_000 ? 300_000 : auction.remainingMs;
  auction.state = 'open';
  auction.closesAt = naiveLater(naiveNights(auction.terms), at, left);
  auction.hardEndAt += pause;
  if (auction.hardEndAt < auction.closesAt) auction.hardEndAt = auction.closesAt;
  const closesAt = instant(auction.closesAt);
  const hardEndAt = instant(auction.hardEndAt);
  return [{ type: 'auction_resumed', auctionId: auction.terms.auctionId, closesAt, hardEndAt }];
}

function exclude(
  auction: NaiveAuction,
  { auctionId, accountId, reason }: Extract<Command, { type: 'exclude_bidder' }>,
): Event[] | Rejection {
  const party = naivePartyRefusal(auction, accountId);
  if (party) return party;
  const bound =
    naiveLatest(auction.bids).find((candidate) => candidate.accountId === accountId)?.quantity ?? lots(0);
  auction.excluded.push(accountId);
  return [{ type: 'bidder_excluded', auctionId, accountId, reason, bound }];
}

/** What `snapshot` must write for the same history. */
export function naiveSnapshot(state: NaiveState): string {
  const sorted = [...state.auctions].sort((a, b) => (a.terms.auctionId < b.terms.auctionId ? -1 : 1));
  const isEnded = (auction: NaiveAuction): boolean =>
    !['scheduled', 'open', 'suspended'].includes(auction.state);
  const live = sorted.filter((auction) => !isEnded(auction));
  return canonicalJson({
    version: 7,
    markets: [],
    seq: state.seq,
    lastAt: state.lastAt,
    auctions: live.map((auction) => {
      const accounts = [...new Set(auction.deposits.map((d) => d.accountId))].sort();
      const frozen = { at: auction.frozenAt, remainingMs: auction.remainingMs };
      return {
        terms: auction.terms,
        state: auction.state,
        ...(auction.called ? {} : { called: false }),
        closesAt: auction.closesAt,
        hardEndAt: auction.hardEndAt,
        extensions: auction.extensions,
        countedUntil: Math.max(0, ...auction.outages.map((outage) => outage.until)),
        frozen: auction.state === 'suspended' ? frozen : null,
        room: naiveRoom(auction),
        bidders: firstBids(auction),
        excluded: auction.excluded,
        security: accounts.map((accountId) => [accountId, String(deposited(auction, accountId))]),
      };
    }),
    ...naiveAwardings(state.auctions),
    ...naiveCatalogues(state.auctions),
    ended: sorted.filter(isEnded).map((auction) => ({
      auctionId: auction.terms.auctionId,
      state: auction.state,
      closedSeq: auction.closedSeq,
      closedAt: auction.closedAt,
    })),
  });
}
