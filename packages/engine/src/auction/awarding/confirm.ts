/** What winners and those who wait do once an award is final, and what the exchange reports of contracts. */
import { instant } from '@seam/units';
import { assert } from '../../assert.ts';
import type { EngineState } from '../../state.ts';
import type { Event } from '../../types.ts';
import { CapRoom } from '../catalogue/cap.ts';
import { type CommandOf, refuse } from '../refusal.ts';
import { Draft, isOpen } from './draft.ts';
import { moveOn, settle } from './finalize.ts';
import { findAward, findAwarding } from './find.ts';
import { type Awarding, standing } from './state.ts';

export function confirmAward(state: EngineState, command: CommandOf<'confirm_award'>): readonly Event[] {
  const { auctionId, accountId, number, at } = command;
  const found = findAward(state, command, ['pending']);
  if (found.rejection) return refuse(found.rejection);
  const { waiting } = found.awarding.terms;
  assert(waiting !== undefined, `a pending award in auction ${auctionId} without deadlines`);
  const dueAt = instant(at + waiting.signMs);
  return [{ type: 'award_confirmed', auctionId, accountId, number, dueAt }];
}

export function concludeAward(state: EngineState, command: CommandOf<'conclude_award'>): readonly Event[] {
  const { auctionId, accountId, number } = command;
  const found = findAward(state, command, ['confirmed']);
  if (found.rejection) return refuse(found.rejection);
  const draft = new Draft(found.awarding);
  draft.tell({ type: 'award_concluded', auctionId, accountId, number });
  return settle(draft);
}

export function declineAward(state: EngineState, command: CommandOf<'decline_award'>): readonly Event[] {
  const { auctionId, accountId, number, at } = command;
  const found = findAward(state, command, ['pending', 'confirmed']);
  if (found.rejection) return refuse(found.rejection);
  const draft = new Draft(found.awarding);
  const { quantity } = found.award;
  draft.tell({ type: 'award_declined', auctionId, accountId, number, quantity });
  moveOn(draft, at, roomAfter(state, draft.awarding));
  return settle(draft);
}

/** Every pending award whose deadline has come falls, before anything of it moves on. */
export function lapseAwards(state: EngineState, command: CommandOf<'lapse_awards'>): readonly Event[] {
  const { auctionId, deadline, at } = command;
  const { awarding, rejection } = findAwarding(state, auctionId);
  if (rejection) return refuse(rejection);
  const due = awarding.awards.filter(({ state: now, dueAt }) => now === 'pending' && dueAt === deadline);
  if (due.length === 0 || at < deadline) return refuse({ code: 'auction_state_conflict', state: 'awarded' });
  const draft = new Draft(awarding);
  for (const { accountId, number, quantity } of due) {
    draft.tell({ type: 'award_lapsed', auctionId, accountId, number, quantity });
  }
  moveOn(draft, at, roomAfter(state, draft.awarding));
  return settle(draft);
}

export function lapseAward(state: EngineState, command: CommandOf<'lapse_award'>): readonly Event[] {
  const { auctionId, accountId, number, at } = command;
  const found = findAward(state, command, ['confirmed']);
  if (found.rejection) return refuse(found.rejection);
  const { dueAt, quantity } = found.award;
  if (dueAt !== null && at < dueAt) return refuse({ code: 'award_not_due', dueAt });
  const draft = new Draft(found.awarding);
  draft.tell({ type: 'award_lapsed', auctionId, accountId, number, quantity });
  moveOn(draft, at, roomAfter(state, draft.awarding));
  return settle(draft);
}

export function releaseAward(state: EngineState, command: CommandOf<'release_award'>): readonly Event[] {
  const { auctionId, accountId, number, reason } = command;
  const found = findAward(state, command, ['pending', 'confirmed']);
  if (found.rejection) return refuse(found.rejection);
  const draft = new Draft(found.awarding);
  const { quantity } = found.award;
  draft.tell({ type: 'award_released', auctionId, accountId, number, quantity, reason });
  return settle(draft);
}

export function withdrawWaiting(
  state: EngineState,
  command: CommandOf<'withdraw_waiting'>,
): readonly Event[] {
  const { auctionId, accountId, at } = command;
  const { awarding, rejection } = findAwarding(state, auctionId);
  if (rejection) return refuse(rejection);
  if (!awarding.waiting.some((line) => line.accountId === accountId)) {
    return refuse({ code: 'waiting_unknown' });
  }
  const after = awarding.terms.waiting?.withdrawAfterMs ?? null;
  const allowedAt = after === null ? null : instant(awarding.closedAt + after);
  if (allowedAt === null || at < allowedAt) return refuse({ code: 'waiting_withdrawal_early', allowedAt });
  const draft = new Draft(awarding);
  draft.tell({ type: 'waiting_released', auctionId, accountId, reason: 'withdrew' });
  draft.dispose((id) => id === accountId && !hasPart(draft.awarding, id));
  return draft.events;
}

/** In the standstill the provisional awards are open too. */
function hasPart(awarding: Awarding, accountId: string): boolean {
  const isProvisional = awarding.awards.some(
    (line) => line.accountId === accountId && line.state === 'provisional',
  );
  return isProvisional || isOpen(awarding, accountId);
}

function roomAfter(state: EngineState, { terms, awards }: Awarding): CapRoom {
  return new CapRoom(state, terms, standing(awards));
}
