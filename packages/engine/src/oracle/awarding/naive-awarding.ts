/** Commands after the close a second time. Answers from what was told since, by the rule book. */
import { instant, lots } from '@seam/units';
import type { Canonical } from '../../canonical.ts';
import type { AuctionCommand as Command, AwardState, AuctionEvent as Event, Rejection } from '../../types.ts';
import { type NaiveAuction, deposited, naiveSecurity } from '../naive-auction.ts';
import {
  depositLeft,
  depositors,
  freeNow,
  hasWaived,
  isAfter,
  isOpenLine,
  isStandstill,
  lines,
  standstillEnd,
  stands,
  told,
  waitingNow,
} from './naive-after.ts';
import { naiveMost } from './naive-catalogue.ts';

const AFTER = [
  'end_standstill',
  'extend_standstill',
  'uphold_complaint',
  'waive_reserve',
  'confirm_award',
  'decline_award',
  'conclude_award',
  'lapse_awards',
  'lapse_award',
  'release_award',
  'withdraw_waiting',
] as const satisfies readonly Command['type'][];
type After = Extract<Command, { type: (typeof AFTER)[number] }>;

export function isAfterCommand(command: Command): command is After {
  return (AFTER as readonly string[]).includes(command.type);
}

type Place = { auction: NaiveAuction; auctions: readonly NaiveAuction[]; at: number };

export function naiveAfterClose(
  auctions: readonly NaiveAuction[],
  auction: NaiveAuction,
  command: After,
): Event[] | Rejection {
  if (!isAfter(auction)) return { code: 'auction_state_conflict', state: auction.state };
  const refusal = refused(auctions, auction, command);
  if (refusal) return refusal;
  const before = auction.told.length;
  act({ auction, auctions, at: command.at }, command);
  return auction.told.slice(before);
}

function refused(
  auctions: readonly NaiveAuction[],
  auction: NaiveAuction,
  command: After,
): Rejection | undefined {
  const wrongState: Rejection = { code: 'auction_state_conflict', state: auction.state };
  switch (command.type) {
    case 'end_standstill': {
      const isDue = isStandstill(auction) && standstillEnd(auction) === command.deadline;
      return isDue && command.at >= command.deadline ? undefined : wrongState;
    }
    case 'extend_standstill':
    case 'uphold_complaint':
    case 'waive_reserve': {
      if (!isStandstill(auction)) return wrongState;
      const endsAt = standstillEnd(auction)!;
      if (command.at >= endsAt) return { code: 'standstill_over', endedAt: endsAt };
      if (command.type === 'extend_standstill' && command.until <= endsAt)
        return { code: 'standstill_not_longer', endsAt };
      const isNothing = command.type === 'waive_reserve' && naiveNothingBelow(auctions, auction);
      return isNothing ? { code: 'reserve_nothing_below' } : undefined;
    }
    case 'lapse_awards': {
      const isDue = lines(auction).some(
        (line) => line.state === 'pending' && line.dueAt === command.deadline,
      );
      return isDue && command.at >= command.deadline
        ? undefined
        : { code: 'auction_state_conflict', state: 'awarded' };
    }
    case 'withdraw_waiting': {
      if (waitingNow(auction).every((line) => line.accountId !== command.accountId))
        return { code: 'waiting_unknown' };
      const after = auction.terms.waiting!.withdrawAfterMs;
      const allowedAt = after === null ? null : instant(auction.closedAt + after);
      const isEarly = allowedAt === null || command.at < allowedAt;
      return isEarly ? { code: 'waiting_withdrawal_early', allowedAt } : undefined;
    }
    default:
      return refusedOfAward(auction, command);
  }
}

type OfAward = Extract<After, { number: number }>;

function refusedOfAward(auction: NaiveAuction, command: OfAward): Rejection | undefined {
  const line = lines(auction).find((one) => one.number === command.number);
  if (line?.accountId !== command.accountId) return { code: 'award_unknown' };
  const isLate = line.state === 'pending' && command.at >= line.dueAt!;
  const state: AwardState = isLate ? 'lapsed' : line.state;
  const allowed: Record<OfAward['type'], readonly AwardState[]> = {
    confirm_award: ['pending'],
    decline_award: ['pending', 'confirmed'],
    release_award: ['pending', 'confirmed'],
    conclude_award: ['confirmed'],
    lapse_award: ['confirmed'],
  };
  if (!allowed[command.type].includes(state)) return { code: 'award_state_conflict', state };
  if (command.type === 'lapse_award' && command.at < line.dueAt!)
    return { code: 'award_not_due', dueAt: line.dueAt! };
  return undefined;
}

function act(place: Place, command: After): void {
  const { auction, at } = place;
  const { auctionId } = auction.terms;
  const say = (event: Event): void => void auction.told.push(event as NaiveAuction['told'][number]);
  switch (command.type) {
    case 'end_standstill':
      naiveFinal(auction, at);
      return;
    case 'extend_standstill':
      return say({ type: 'standstill_extended', auctionId, endsAt: command.until, reason: command.reason });
    case 'uphold_complaint':
      say({ type: 'complaint_upheld', auctionId, remedy: command.remedy, reason: command.reason });
      say({ type: 'auction_voided', auctionId, reason: command.reason });
      auction.state = 'voided';
      for (const accountId of depositors(auction)) {
        const amount = String(depositLeft(auction, accountId));
        say({ type: 'bid_security_released', auctionId, accountId, amount });
      }
      return;
    case 'waive_reserve':
      return waive(place);
    case 'confirm_award': {
      const { accountId, number } = command;
      const dueAt = instant(at + auction.terms.waiting!.signMs);
      return say({ type: 'award_confirmed', auctionId, accountId, number, dueAt });
    }
    case 'withdraw_waiting': {
      const { accountId } = command;
      say({ type: 'waiting_released', auctionId, accountId, reason: 'withdrew' });
      const holds = lines(auction).some(
        (line) => line.accountId === accountId && (line.state === 'provisional' || isOpenLine(line)),
      );
      if (!holds) pay(auction, accountId);
      return;
    }
    case 'lapse_awards':
      for (const { accountId, number, quantity, state, dueAt } of lines(auction)) {
        if (state === 'pending' && dueAt === command.deadline)
          say({ type: 'award_lapsed', auctionId, accountId, number, quantity });
      }
      pass(place);
      return finish(auction);
    default:
      return actOnAward(place, command);
  }
}

function actOnAward(place: Place, command: Exclude<OfAward, { type: 'confirm_award' }>): void {
  const { auction } = place;
  const { auctionId, accountId, number } = command;
  const { quantity } = lines(auction).find((line) => line.number === number)!;
  const facts = { auctionId, accountId, number };
  if (command.type === 'conclude_award') auction.told.push({ type: 'award_concluded', ...facts });
  if (command.type === 'decline_award') auction.told.push({ type: 'award_declined', ...facts, quantity });
  if (command.type === 'lapse_award') auction.told.push({ type: 'award_lapsed', ...facts, quantity });
  if (command.type === 'release_award')
    auction.told.push({ type: 'award_released', ...facts, quantity, reason: command.reason });
  if (command.type === 'decline_award' || command.type === 'lapse_award') pass(place);
  finish(auction);
}

/** Each in turn, as much as is free, as its cap leaves, and as it insists on. */
function pass({ auction, auctions, at }: Place): void {
  const { auctionId } = auction.terms;
  for (const { accountId, price, bidSeq, quantity, minimumAcceptable } of waitingNow(auction)) {
    const held = lines(auction).filter(stands);
    const own = held.filter((line) => line.accountId === accountId);
    const has = own.reduce((sum, line) => sum + line.quantity, 0);
    const room = naiveMost(auctions, auction, { accountId, here: held }) - has;
    const taken = lots(Math.max(0, Math.min(quantity, freeNow(auction), room)));
    if (taken < 1 || taken < minimumAcceptable) continue;
    const number = lines(auction).length + 1;
    const dueAt = instant(at + auction.terms.waiting!.confirmMs);
    const award = { number, accountId, price, quantity: taken, bidSeq, dueAt };
    auction.told.push({ type: 'award_pending', auctionId, ...award });
  }
}

function finish(auction: NaiveAuction): void {
  const { auctionId } = auction.terms;
  const isOver = lines(auction).every((line) => !isOpenLine(line));
  if (isOver) {
    for (const { accountId } of waitingNow(auction))
      auction.told.push({ type: 'waiting_released', auctionId, accountId, reason: 'not_needed' });
  }
  payIdle(auction);
  if (isOver) auction.told.push({ type: 'auction_completed', auctionId });
}

function payIdle(auction: NaiveAuction): void {
  for (const accountId of depositors(auction)) {
    const waits = waitingNow(auction).some((line) => line.accountId === accountId);
    const holds = lines(auction).some((line) => line.accountId === accountId && isOpenLine(line));
    if (!waits && !holds) pay(auction, accountId);
  }
}

/** Whoever has deposited and never bid has nothing to wait for. */
export function naiveFreeIdle(auction: NaiveAuction): void {
  for (const accountId of depositors(auction)) {
    if (auction.bids.every((bid) => bid.accountId !== accountId)) pay(auction, accountId);
  }
}

/** All of an account's money at once: what contracts need, what a broken promise leaves, the rest. */
function pay(auction: NaiveAuction, accountId: string): void {
  const { auctionId } = auction.terms;
  if (deposited(auction, accountId) === 0n) return;
  const sum = (...states: AwardState[]): number =>
    lines(auction)
      .filter((line) => line.accountId === accountId && states.includes(line.state))
      .reduce((total, line) => total + line.quantity, 0);
  const done = sum(auction.terms.waiting ? 'concluded' : 'provisional');
  const keep = naiveSecurity(auction.terms, done);
  const atRisk = naiveSecurity(auction.terms, done + sum('declined', 'lapsed')) - keep;
  const back = deposited(auction, accountId) - keep - atRisk;
  const money = { auctionId, accountId };
  if (back > 0n) auction.told.push({ type: 'bid_security_released', ...money, amount: String(back) });
  if (keep > 0n) auction.told.push({ type: 'bid_security_retained', ...money, amount: String(keep) });
  if (atRisk > 0n)
    auction.told.push({ type: 'bid_security_forfeit_proposed', ...money, amount: String(atRisk) });
}

/** The award becomes final, or there is none. */
export function naiveFinal(auction: NaiveAuction, at: number): void {
  const { auctionId, waiting } = auction.terms;
  const awards = lines(auction);
  if (awards.length === 0) {
    auction.state = 'unsold';
    auction.told.push({
      type: 'auction_unsold',
      auctionId,
      reason: told(auction, 'auction_closed')[0]!.reason!,
    });
    for (const accountId of depositors(auction)) pay(auction, accountId);
    return;
  }
  const unsold = lots(freeNow(auction));
  const plain = awards.map(({ accountId, price, quantity, bidSeq }) => ({
    accountId,
    price,
    quantity,
    bidSeq,
  }));
  auction.state = 'awarded';
  const reserveMet = !hasWaived(auction);
  auction.told.push({ type: 'auction_awarded', auctionId, awards: plain, unsold, reserveMet });
  if (waiting === undefined) {
    for (const accountId of depositors(auction)) pay(auction, accountId);
    return;
  }
  const dueAt = instant(at + waiting.confirmMs);
  for (const { number, accountId, price, quantity, bidSeq } of awards)
    auction.told.push({
      type: 'award_pending',
      auctionId,
      number,
      accountId,
      price,
      quantity,
      bidSeq,
      dueAt,
    });
  payIdle(auction);
}

function waive({ auction, auctions }: Place): void {
  const { auctionId, quantity } = auction.terms;
  const below = told(auction, 'auction_closed')[0]!.belowReserve!;
  const { awards, unsold } = fitting({ auction, auctions });
  auction.told.push({
    type: 'reserve_waived',
    auctionId,
    awards,
    unsold: lots(quantity - unsold),
    waiting: below.waiting,
  });
}

function fitting({ auction, auctions }: Pick<Place, 'auction' | 'auctions'>) {
  const below = told(auction, 'auction_closed')[0]?.belowReserve;
  const awards: NonNullable<typeof below>['awards'][number][] = [];
  for (const award of below?.awards ?? []) {
    const most = naiveMost(auctions, auction, { accountId: award.accountId, here: awards });
    if (award.quantity <= most) awards.push(award);
  }
  return { awards, unsold: awards.reduce((sum, award) => sum + award.quantity, 0) };
}

/** Nothing is below the reserve, it was waived already, or the caps leave nothing of it. */
function naiveNothingBelow(auctions: readonly NaiveAuction[], auction: NaiveAuction): boolean {
  return hasWaived(auction) || fitting({ auction, auctions }).awards.length === 0;
}

/** What the snapshot must say of awards that are not done with. */
export function naiveAwardings(auctions: readonly NaiveAuction[]): { awardings?: Canonical } {
  const all = auctions.filter(isAfter).sort((a, b) => (a.terms.auctionId < b.terms.auctionId ? -1 : 1));
  if (all.length === 0) return {};
  return {
    awardings: all.map((auction) => {
      const [closed] = told(auction, 'auction_closed');
      const inStandstill = isStandstill(auction);
      return {
        terms: auction.terms,
        phase: inStandstill ? 'standstill' : 'confirming',
        closedAt: auction.closedAt,
        standstillEndsAt: inStandstill ? standstillEnd(auction) : null,
        reason: closed!.reason,
        reserveMet: !hasWaived(auction),
        awards: lines(auction),
        belowReserve: hasWaived(auction) ? null : closed!.belowReserve,
        waiting: waitingNow(auction),
        penalties: {},
        security: Object.fromEntries(depositors(auction).map((id) => [id, String(depositLeft(auction, id))])),
      };
    }),
  };
}
